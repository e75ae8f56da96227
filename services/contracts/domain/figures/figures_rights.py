"""Whose figures a caller may see."""

from services.chassis.identity import Caller
from services.contracts.domain.figures.figures_errors import OthersFigures

SEE_ALL_ROLES = frozenset({"manager", "auditor", "ops", "admin"})
"""Roles that see the figures of every owner. All others see their own, where they may ask at all."""


def refuse_others(caller: Caller, owner_id: str) -> None:
    """Refuse with OTHERS_FIGURES who asks for more than the own figures.

    One's own are those of the employee whose id is the subject of the sign-in.
    """
    if not caller.has(*SEE_ALL_ROLES) and owner_id != caller.subject:
        raise OthersFigures
