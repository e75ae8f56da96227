"""Where a version of a quote may stand, how it moves, and why it counts no more."""

from enum import StrEnum


class QuoteState(StrEnum):
    """Where a version of a quote stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENT = "sent"
    ACCEPTED = "accepted"
    VOID = "void"


class QuoteVoidReason(StrEnum):
    """Why a version counts no more."""

    MANUAL = "manual"
    SUPERSEDED = "superseded"
    CASCADE_OF_EXPIRED = "cascade_of_expired"


class QuoteVerb(StrEnum):
    """What can be done to the last version of a quote."""

    REVISE = "revise"
    APPROVE = "approve"
    SEND = "send"
    ACCEPT = "accept"
    VOID = "void"
    EXPIRE = "expire"


LIVE = (QuoteState.DRAFT, QuoteState.APPROVED, QuoteState.SENT)
TRANSITIONS: dict[tuple[QuoteState, QuoteVerb], QuoteState] = {
    **{(state, QuoteVerb.REVISE): QuoteState.DRAFT for state in (*LIVE, QuoteState.VOID)},
    (QuoteState.DRAFT, QuoteVerb.APPROVE): QuoteState.APPROVED,
    (QuoteState.APPROVED, QuoteVerb.SEND): QuoteState.SENT,
    (QuoteState.SENT, QuoteVerb.ACCEPT): QuoteState.ACCEPTED,
    **{(state, QuoteVerb.VOID): QuoteState.VOID for state in LIVE},
    **{(state, QuoteVerb.EXPIRE): QuoteState.VOID for state in LIVE},
}
"""Every move there is; whatever is not in here is refused. A revision's state is that of the new version."""
