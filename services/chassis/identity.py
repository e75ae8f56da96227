"""Who is calling: the internal token that the gateway signs and every service verifies."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from services.chassis.clock import Clock, SystemClock
from services.chassis.config import refuse
from services.chassis.errors import Unauthenticated

_ALGORITHM = "EdDSA"
_ISSUER, _AUDIENCE = "membercare-gateway", "membercare-services"
LIFETIME = timedelta(seconds=60)
"""How long an internal token is good for: longer than any call, too short to be worth stealing."""
_LEEWAY = timedelta(seconds=5)
_MOST_KNOWN = 500
_EXPIRED = "The internal token has expired."


@dataclass(frozen=True, slots=True)
class Caller:
    """The person or machine on whose behalf a call is made."""

    subject: str
    roles: frozenset[str]
    request_id: str = ""

    def has(self, *roles: str) -> bool:
        """Say whether the caller has one of these roles."""
        return not self.roles.isdisjoint(roles)


_caller: ContextVar[Caller | None] = ContextVar("caller", default=None)


def current_caller() -> Caller:
    """Return who is calling, or refuse if nobody signed in."""
    caller = _caller.get()
    if caller is None:
        raise Unauthenticated("Sign in first.")
    return caller


def set_caller(caller: Caller | None) -> None:
    """Set who is calling for the call being served; None when it ends."""
    _caller.set(caller)


class TokenIssuer:
    """Signs internal tokens; only the gateway holds the private key."""

    def __init__(self, private_pem: bytes) -> None:
        """Take an Ed25519 private key in PEM form; anything else raises ValueError."""
        key = load_pem_private_key(private_pem, password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("The internal token key must be an Ed25519 private key.")  # noqa: TRY004  # of the file, not the type
        self._key = key

    def issue(self, *, subject: str, roles: Iterable[str], request_id: str, now: datetime) -> str:
        """Return a token for one request."""
        claims = {
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "sub": subject,
            "roles": sorted(roles),
            "rid": request_id,
            "iat": now,
            "exp": now + LIFETIME,
        }
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)


class TokenVerifier:
    """Verifies internal tokens with the public key.

    One request of a person is several calls with the same token, and a signature costs more to check than all else
    that stands before a method: a token that was found genuine is remembered until it expires.
    """

    def __init__(self, public_pem: bytes, clock: Clock | None = None) -> None:
        """Take an Ed25519 public key in PEM form; anything else raises ValueError."""
        key = load_pem_public_key(public_pem)
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("The internal token key must be an Ed25519 public key.")  # noqa: TRY004  # of the file, not the type
        self._key = key
        self._clock = clock or SystemClock()
        self._known: dict[str, tuple[Caller, float]] = {}

    def verify(self, token: str) -> Caller:
        """Return the caller, or refuse a token that is expired, forged or meant for somebody else."""
        if known := self._known.get(token):
            caller, good_before = known
            if self._clock.now().timestamp() >= good_before:
                raise Unauthenticated(_EXPIRED)
            return caller
        claims = self._claims(token)
        caller = Caller(claims["sub"], frozenset(claims.get("roles", ())), claims.get("rid", ""))
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[token] = caller, claims["exp"] + _LEEWAY.total_seconds()
        return caller

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                issuer=_ISSUER,
                audience=_AUDIENCE,
                options={"require": ["exp", "iat", "sub"]},
                leeway=_LEEWAY,
            )
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated(_EXPIRED) from error
        except jwt.InvalidTokenError as error:
            raise Unauthenticated("The internal token is not valid.") from error
        return claims


def load_verifier(public_key_file: Path | None) -> TokenVerifier:
    """Return the verifier of this process, or print what is wrong with the setting and exit with status 2."""
    variable = "INTERNAL_TOKEN_PUBLIC_KEY_FILE"
    if public_key_file is None:
        refuse([f"{variable} is missing: PEM file of the key that internal tokens are checked with"])
    try:
        return TokenVerifier(public_key_file.read_bytes())
    except (OSError, ValueError) as error:
        refuse([f"{variable}={str(public_key_file)!r}: {error}"])
