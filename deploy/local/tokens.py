"""Makes sign-in tokens of the built-in issuer, for a suite that runs on this machine."""

import os
from pathlib import Path

from gateway.signin import ROLES, DevIssuer
from services.chassis.clock import SystemClock


class Refused(ValueError):
    """No token; the message says why."""


def token(key: Path, roles: list[str], *, subject: str = "") -> str:
    """Return a token that a gateway in development accepts for some hours."""
    if os.environ.get("ENV", "development") != "development":
        raise Refused("ENV is not development: the built-in issuer signs nobody in. Ask your OIDC provider.")
    unknown = sorted(set(roles) - ROLES)
    if unknown:
        raise Refused(f"There is no role {', '.join(unknown)}. The roles are: {', '.join(sorted(ROLES))}")
    return DevIssuer(key.read_bytes()).issue(
        subject=subject or f"dev-{'-'.join(roles)}", roles=roles, now=SystemClock().now()
    )
