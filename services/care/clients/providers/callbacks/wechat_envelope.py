"""The envelope in which WeChat posts events: signed with a token, encrypted with a key of the account (safe mode)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

_KEY_BYTES, _IV_BYTES, _BLOCK = 32, 16, 32
_NOISE, _LENGTH = 16, 4


def is_signed(token: str, query: Mapping[str, str], *, told: str, encrypted: str = "") -> bool:
    """Say whether SHA-1 over the sorted token, moment, nonce and, of an event, its cipher text is what was told."""
    parts = [token, query.get("timestamp", ""), query.get("nonce", ""), *([encrypted] if encrypted else [])]
    expected = hashlib.sha1("".join(sorted(parts)).encode(errors="replace")).hexdigest()  # noqa: S324  # theirs
    return hmac.compare_digest(expected.encode(), told.encode(errors="replace"))


def key_of(encoding_key: str) -> bytes:
    """Return the 32 bytes of an EncodingAESKey (43 letters); raises ValueError for what is none."""
    key = base64.b64decode(f"{encoding_key}=", validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError("An EncodingAESKey has 43 letters.")
    return key


def opened(encrypted: str, key: bytes, *, app_id: str) -> bytes:
    """Return what is in the envelope; raises ValueError for another key, another account and what is no envelope."""
    sealed = base64.b64decode(encrypted, validate=True)
    if not sealed or len(sealed) % _BLOCK:
        raise ValueError("This is not encrypted as it should be.")
    reader = Cipher(AES(key), CBC(key[:_IV_BYTES])).decryptor()
    plain = reader.update(sealed) + reader.finalize()
    plain = plain[: -min(plain[-1], _BLOCK)]
    begins = _NOISE + _LENGTH
    ends = begins + int.from_bytes(plain[_NOISE:begins], "big")
    if plain[ends:] != app_id.encode():
        raise ValueError("This is for another account, or the key is another one.")
    return plain[begins:ends]
