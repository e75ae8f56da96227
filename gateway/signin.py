"""Sign-in: bearer tokens of an OIDC provider, or of the built-in issuer while developing, into a caller."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gateway.graphql.errors import Coded
from services.chassis.clock import Clock
from services.chassis.errors import Unauthenticated
from services.chassis.identity import Caller

ROLES = frozenset(
    {"ops", "approver", "agent", "technician", "legal", "sales", "manager", "hr", "employee", "auditor", "admin"}
)
DEV_ISSUER, DEV_AUDIENCE = "membercare-development", "membercare-gateway"
DEV_LIFETIME = timedelta(hours=8)
_OIDC_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")  # pinned: a token does not choose how it is checked
_LEEWAY = timedelta(seconds=10)
_MOST_REMEMBERED, _REMEMBERED_SECONDS = 2000, 300
_LONGEST_TOKEN = 8_192


class Issuer(Protocol):
    """Somebody whose tokens we accept."""

    async def claims(self, token: str) -> dict[str, Any]:
        """Return the claims of a token, or raise a `jwt` error."""


class DevIssuer:
    """The built-in issuer of a laptop."""

    def __init__(self, private_pem: bytes) -> None:
        """Take an Ed25519 private key in PEM form; anything else raises ValueError."""
        key = load_pem_private_key(private_pem, password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("The key of the built-in issuer must be an Ed25519 private key.")  # noqa: TRY004  # a setting
        self._key = key

    def issue(self, *, subject: str, roles: Iterable[str], now: datetime) -> str:
        """Return a token that is good for eight hours."""
        claims = {
            "iss": DEV_ISSUER,
            "aud": DEV_AUDIENCE,
            "sub": subject,
            "roles": sorted(roles),
            "iat": now,
            "exp": now + DEV_LIFETIME,
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA")

    async def claims(self, token: str) -> dict[str, Any]:
        """Return the claims of a token that this issuer signed."""
        return _decode(token, self._key.public_key(), algorithms=("EdDSA",), issuer=DEV_ISSUER, audience=DEV_AUDIENCE)


@dataclass(frozen=True)
class OidcIssuer:
    """An OpenID provider, whose keys are fetched when a token names one that is not known."""

    issuer: str
    audience: str
    keys: jwt.PyJWKClient

    async def claims(self, token: str) -> dict[str, Any]:
        """Return the claims of a token that the provider signed for us."""
        try:
            key = await asyncio.to_thread(self.keys.get_signing_key_from_jwt, token)  # it may ask the provider
        except jwt.PyJWKClientConnectionError as error:
            raise Coded("SERVICE_UNAVAILABLE", "The sign-in provider is not available. Retry later.") from error
        return _decode(token, key.key, algorithms=_OIDC_ALGORITHMS, issuer=self.issuer, audience=self.audience)


def _decode(token: str, key: Any, *, algorithms: Iterable[str], issuer: str, audience: str) -> dict[str, Any]:
    return jwt.decode(
        token,
        key,
        algorithms=list(algorithms),
        issuer=issuer,
        audience=audience,
        leeway=_LEEWAY,
        options={"require": ["exp", "iat", "sub", "iss", "aud"]},
    )


class SignIn:
    """Knows whose token a token is, and remembers those it has checked until they expire."""

    def __init__(self, issuers: dict[str, Issuer], clock: Clock, *, roles_claim: str = "roles") -> None:
        """Take the accepted issuers by the `iss` of their tokens."""
        self._issuers, self._clock, self._roles_claim = issuers, clock, roles_claim
        self._known: OrderedDict[str, tuple[float, str, frozenset[str]]] = OrderedDict()

    async def caller(self, authorization: str | None, request_id: str) -> Caller | None:
        """Return the caller, None for nobody, or refuse a token that is expired, forged or meant for somebody else."""
        if authorization is None:
            return None
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN:
            raise Unauthenticated("The Authorization header must be `Bearer <token>`.")
        known = self._known.get(token)
        if known is None or known[0] <= self._clock.now().timestamp():
            known = await self._check(token)
        return Caller(known[1], known[2], request_id)

    async def _check(self, token: str) -> tuple[float, str, frozenset[str]]:
        try:
            claimed = jwt.decode(token, options={"verify_signature": False}).get("iss")
            issuer = self._issuers.get(claimed) if isinstance(claimed, str) else None
            if issuer is None:
                raise Unauthenticated("The token is from an issuer that is not accepted here.")
            claims = await issuer.claims(token)
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("The token has expired. Sign in again.") from error
        except jwt.InvalidAudienceError as error:
            raise Unauthenticated("The token is meant for somebody else (wrong audience).") from error
        except jwt.PyJWTError as error:
            raise Unauthenticated("The token is not valid.") from error
        roles = claims.get(self._roles_claim, ())
        known = (
            min(float(claims["exp"]), self._clock.now().timestamp() + _REMEMBERED_SECONDS),
            str(claims["sub"]),
            frozenset(map(str, roles)) if isinstance(roles, list) else frozenset[str](),
        )
        self._known[token] = known
        if len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)
        return known
