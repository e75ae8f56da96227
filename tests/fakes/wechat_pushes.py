"""WeChat as it posts events in safe mode, written from the documentation alone."""

import base64
import hashlib
import json
import struct
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

TOKEN = "the-token-of-the-console"
ENCODING_KEY = base64.b64encode(b"a key of thirty-two bytes, indeed").decode().rstrip("=")[:43]
APP_ID = "wx01"
_MOMENT = {"timestamp": "1795312800", "nonce": "486452656"}


def _signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def question(echo: str = "4375120948345356249", *, token: str = TOKEN) -> str:
    """Return the query with which an address is made sure of."""
    signature = _signature(token, _MOMENT["timestamp"], _MOMENT["nonce"])
    return "?" + urlencode({"signature": signature, "echostr": echo, **_MOMENT})


def sealed(plain: bytes, *, encoding_key: str = ENCODING_KEY, app_id: str = APP_ID) -> str:
    """Return the cipher text of 16 bytes of noise, the length, the words and the account, padded to 32 bytes."""
    key = base64.b64decode(f"{encoding_key}=")
    padder = PKCS7(256).padder()
    padded = padder.update(b"n" * 16 + struct.pack(">I", len(plain)) + plain + app_id.encode()) + padder.finalize()
    writer = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(writer.update(padded) + writer.finalize()).decode()


def pushed(event: dict[str, Any], *, token: str = TOKEN, **how: str) -> tuple[str, bytes]:
    """Return the query and the body of one event."""
    encrypted = sealed(json.dumps(event, ensure_ascii=False).encode(), **how)
    signature = _signature(token, _MOMENT["timestamp"], _MOMENT["nonce"], encrypted)
    query = urlencode({**_MOMENT, "encrypt_type": "aes", "msg_signature": signature})
    return f"?{query}", json.dumps({"ToUserName": "gh_1", "Encrypt": encrypted}).encode()
