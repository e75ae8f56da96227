"""Makes sign-in tokens of the development issuer, for a suite that runs on this machine."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt

ISSUER, AUDIENCE = "membercare-dev", "membercare-gateway"
LIFETIME = timedelta(hours=12)
ROLES = (
    "ops", "approver", "agent", "technician", "legal", "sales", "manager", "hr", "employee", "auditor", "admin",
    "respondent",
)  # fmt: skip


class UnknownRole(ValueError):
    """No such role."""

    def __init__(self, role: str) -> None:
        """Name the role and those that exist."""
        super().__init__(f"There is no role {role!r}. The roles are: {', '.join(ROLES)}")


def token(key: Path, roles: list[str], *, subject: str = "", now: datetime | None = None) -> str:
    """Return a token that a gateway with ENV=development accepts for twelve hours."""
    for role in roles:
        if role not in ROLES:
            raise UnknownRole(role)
    moment = now or datetime.now(UTC)
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject or f"dev-{'-'.join(roles)}",
        "roles": roles,
        "iat": moment,
        "exp": moment + LIFETIME,
    }
    return jwt.encode(claims, key.read_text(), algorithm="EdDSA")
