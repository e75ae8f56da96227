"""Whose figures a caller may see."""

from services.chassis.identity import Caller
from services.contracts.domain.figures.figures_errors import OthersFigures

SEE_ALL_ROLES = frozenset({"manager", "auditor", "ops", "admin"})
"""Roles that see the figures of every owner. All others see their own, where they may ask at all."""


def limit_of(caller: Caller) -> str | None:
    """Return the one owner to whose rows the caller is limited; None: sees the rows of every owner."""
    return None if caller.has(*SEE_ALL_ROLES) else caller.subject


def refuse_others(caller: Caller, owner_id: str, *, field: str = "owner_id") -> None:
    """Refuse with OTHERS_FIGURES who asks for more than the own figures.

    One's own are those of the employee whose id is the subject of the sign-in.
    """
    limit = limit_of(caller)
    if limit is not None and owner_id != limit:
        raise OthersFigures(field)
