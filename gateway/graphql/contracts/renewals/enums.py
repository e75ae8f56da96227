"""Enums of renewals; a test holds them against the protos."""

from enum import IntEnum

import strawberry


@strawberry.enum(description="Where a renewal stands. It moves by mutations only.")
class RenewalStage(IntEnum):
    OPENED = 1
    CONTACTED = 2
    OFFERED = 3
    NEGOTIATING = 4
    WON = 5
    LOST = 6


@strawberry.enum(description="How sure a person is of a renewal; nobody may be undecided in the last three months.")
class CallCategory(IntEnum):
    UNDECIDED = 1
    COMMIT = 2
    BEST_CASE = 3
    AT_RISK = 4
    OMITTED = 5


@strawberry.enum(description="Why the leader is asked about a renewal.")
class RenewalAttention(IntEnum):
    DISAGREEMENT = 1
    NO_CALL_AT_SIX_MONTHS = 2
    UNDECIDED_AT_THREE_MONTHS = 3


@strawberry.enum(
    description="What can still be said before a term ends: the last cancellation date is more than 30 days away, "
    "today or soon, over; or the term has ended."
)
class NoticeState(IntEnum):
    EARLY = 1
    DUE = 2
    BINDING = 3
    ENDED = 4


@strawberry.enum(description="Why a contract was not renewed.")
class LostReason(IntEnum):
    PRICE = 1
    SERVICE = 2
    COMPETITOR = 3
    NO_NEED = 4
    BUDGET = 5
    CUSTOMER_CLOSED = 6
    NO_ANSWER = 7
    CANCELLED = 8
    TERMINATED = 9
    OTHER = 10


@strawberry.enum(description="How a contract goes on; `BY_ITSELF`, where nobody cancelled, is not for people to say.")
class WonBy(IntEnum):
    EXTENSION = 1
    SUCCESSOR = 2
    BY_ITSELF = 3


@strawberry.enum(
    description="What a cancellation brings about: the end with the term, one more term and then the end, or the end "
    "at any time, because the law's reminder was missed."
)
class CancellationVerdict(IntEnum):
    IN_TIME = 1
    TOO_LATE = 2
    ANY_TIME = 3


@strawberry.enum(description="What was heard of a customer.")
class RenewalSignalKind(IntEnum):
    VISIT_COMPLETED = 1
    COMPLAINT_OPENED = 2
    CASE_OPENED = 3
    CASE_CLOSED = 4
    PAYMENT_MADE = 5
