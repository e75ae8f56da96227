"""Where a renewal stands, what can become of it, and why it was lost."""

from enum import StrEnum


class RenewalStage(StrEnum):
    """Where a renewal stands."""

    OPENED = "opened"
    CONTACTED = "contacted"
    """The customer was spoken to."""
    OFFERED = "offered"
    """The customer has our offer."""
    NEGOTIATING = "negotiating"
    """The customer has answered it."""
    WON = "won"
    LOST = "lost"


_S = RenewalStage
OPEN_STAGES = (_S.OPENED, _S.CONTACTED, _S.OFFERED, _S.NEGOTIATING)

STEPS: frozenset[tuple[RenewalStage, RenewalStage]] = frozenset(
    {
        (_S.OPENED, _S.CONTACTED),
        (_S.OPENED, _S.OFFERED),
        (_S.CONTACTED, _S.OFFERED),
        (_S.OFFERED, _S.NEGOTIATING),
        (_S.NEGOTIATING, _S.OFFERED),
        *((stage, _S.WON) for stage in OPEN_STAGES),
        *((stage, _S.LOST) for stage in OPEN_STAGES),
    }
)
"""Every step there is; whatever is not in here is refused."""


class LostReason(StrEnum):
    """Why a contract was not renewed."""

    PRICE = "price"
    SERVICE = "service"
    """The customer was not content with what we did."""
    COMPETITOR = "competitor"
    NO_NEED = "no_need"
    """What was covered is no longer used, or is looked after by the customer."""
    BUDGET = "budget"
    CUSTOMER_CLOSED = "customer_closed"
    NO_ANSWER = "no_answer"
    """The term ended, and nobody had said anything."""
    CANCELLED = "cancelled"
    """The customer said in time that the contract must not go on."""
    TERMINATED = "terminated"
    """The contract ended before its term."""
    OTHER = "other"


class WonBy(StrEnum):
    """How the contract goes on."""

    EXTENSION = "extension"
    """The same contract, for another term."""
    SUCCESSOR = "successor"
    """Another contract takes its place; its draft was written."""
    BY_ITSELF = "by_itself"
    """Nobody cancelled in time."""
