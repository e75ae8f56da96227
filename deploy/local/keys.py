"""Makes the keys of one suite once, readable by their owner alone."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)


@dataclass(frozen=True, slots=True)
class Keys:
    """Where the keys of a suite lie: PEM files of Ed25519 keys, and the secret of links in messages."""

    internal_private: Path
    internal_public: Path
    dev_issuer: Path
    links: Path


def ensure(folder: Path) -> Keys:
    """Return the keys in this folder; make those that are missing."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = Keys(folder / "internal.pem", folder / "internal.pub.pem", folder / "dev-issuer.pem", folder / "links.key")
    for path in (keys.internal_private, keys.dev_issuer):
        if not path.exists():
            private = Ed25519PrivateKey.generate()
            _write(path, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    if not keys.links.exists():
        _write(keys.links, f"{secrets.token_hex(32)}\n".encode())
    internal = load_pem_private_key(keys.internal_private.read_bytes(), password=None)
    _write(keys.internal_public, internal.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return keys


def _write(path: Path, content: bytes) -> None:
    """Write whole or not at all, and never readable by others, not even for a moment."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
