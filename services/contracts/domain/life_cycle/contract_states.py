"""Where a contract stands and what can be done to it: the one table of moves, and the trace that they leave."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import CreditPolicy


class ContractState(StrEnum):
    """Where a contract stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SIGNED = "signed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    RENEWED = "renewed"


class Verb(StrEnum):
    """What can be done to a contract."""

    UPDATE = "update"
    COMMENT = "comment on"
    SUBMIT = "submit"
    ASSIGN = "assign a reviewer to"
    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"
    SIGN = "sign"
    CONFIRM = "confirm a gate of"
    ACTIVATE = "activate"
    AMEND = "amend"
    SUSPEND = "suspend"
    RESUME = "resume"
    TERMINATE = "terminate"
    EXPIRE = "expire"
    CANCEL_RENEWAL = "cancel the renewal of"
    EXTEND = "extend"
    RENEW = "renew"


_S, _V = ContractState, Verb

TRANSITIONS: dict[tuple[ContractState, Verb], ContractState] = {
    (_S.DRAFT, _V.UPDATE): _S.DRAFT,
    (_S.DRAFT, _V.COMMENT): _S.DRAFT,
    (_S.DRAFT, _V.SUBMIT): _S.IN_REVIEW,
    (_S.IN_REVIEW, _V.COMMENT): _S.IN_REVIEW,
    (_S.IN_REVIEW, _V.ASSIGN): _S.IN_REVIEW,
    (_S.IN_REVIEW, _V.APPROVE): _S.APPROVED,
    (_S.IN_REVIEW, _V.RETURN): _S.DRAFT,
    (_S.IN_REVIEW, _V.WITHDRAW): _S.DRAFT,
    (_S.APPROVED, _V.COMMENT): _S.APPROVED,
    (_S.APPROVED, _V.RETURN): _S.DRAFT,
    (_S.APPROVED, _V.WITHDRAW): _S.DRAFT,
    (_S.APPROVED, _V.CONFIRM): _S.APPROVED,
    (_S.APPROVED, _V.SIGN): _S.SIGNED,
    (_S.SIGNED, _V.CONFIRM): _S.SIGNED,
    (_S.SIGNED, _V.AMEND): _S.SIGNED,
    (_S.SIGNED, _V.ACTIVATE): _S.ACTIVE,
    (_S.SIGNED, _V.TERMINATE): _S.TERMINATED,
    (_S.ACTIVE, _V.AMEND): _S.ACTIVE,
    (_S.ACTIVE, _V.SUSPEND): _S.SUSPENDED,
    (_S.ACTIVE, _V.TERMINATE): _S.TERMINATED,
    (_S.ACTIVE, _V.EXPIRE): _S.EXPIRED,
    (_S.ACTIVE, _V.CANCEL_RENEWAL): _S.ACTIVE,
    (_S.ACTIVE, _V.EXTEND): _S.ACTIVE,
    (_S.ACTIVE, _V.RENEW): _S.RENEWED,
    (_S.SUSPENDED, _V.AMEND): _S.SUSPENDED,
    (_S.SUSPENDED, _V.RESUME): _S.ACTIVE,
    (_S.SUSPENDED, _V.TERMINATE): _S.TERMINATED,
    (_S.SUSPENDED, _V.EXPIRE): _S.EXPIRED,
    (_S.SUSPENDED, _V.CANCEL_RENEWAL): _S.SUSPENDED,
    (_S.SUSPENDED, _V.EXTEND): _S.SUSPENDED,
    (_S.SUSPENDED, _V.RENEW): _S.RENEWED,
}
"""Everything there is; whatever is not in here is refused."""

FINAL = frozenset({ContractState.EXPIRED, ContractState.TERMINATED, ContractState.RENEWED})
"""States that no verb leads out of."""

IN_FORCE = frozenset({ContractState.ACTIVE, ContractState.SUSPENDED})
"""States of a contract that has come into force and has not ended."""

UNSIGNED = frozenset({ContractState.DRAFT, ContractState.IN_REVIEW, ContractState.APPROVED})
"""States in which nothing is promised yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One change of state, never taken back: what became so, from which day on, and when we learned it."""

    state: ContractState
    effective_date: date
    """The first day in the new state, in the contract's time zone."""
    recorded_time: datetime
    by: str
    """The subject who did it; a job's name, where a job did."""
    reason: str = ""


class Gate(StrEnum):
    """What must be there before a signed contract comes into force."""

    SIGNATURE = "signature"
    """Passed by signing."""
    PAYMENT = "payment"
    """Passed by hand, or by the room that keeps invoices, once the customer has paid."""
    LEGAL = "legal"
    """Passed by the approval of the legal reviewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatePassed:
    """Who said that a gate is passed, and when."""

    gate: Gate
    by: str
    time: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody said about the draft."""

    by: str
    time: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The legal review: who waits for whom, since when, and what was said."""

    reviewer: str = ""
    """The subject who is asked to review. Empty: anybody with the right."""
    submitted_by: str = ""
    submitted_time: datetime | None = None
    """Unset unless it waits for review or was approved."""
    approved_by: str = ""
    approved_time: datetime | None = None
    comments: tuple[Comment, ...] = ()
    """Oldest first; they stay when a draft is returned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """A time in which nothing is owed."""

    start_date: date
    """First day without service."""
    planned_end_date: date | None = None
    """Last day, as planned: a job resumes on the day after. None: until somebody resumes it."""
    end_date: date | None = None
    """Last day, once it is over."""
    extends: bool = False
    """Whether the term ends later by as many days."""
    reason: str = ""


class TerminationCode(StrEnum):
    """Why a contract ended before its term."""

    CUSTOMER_REQUEST = "customer_request"
    NON_PAYMENT = "non_payment"
    BREACH = "breach"
    CUSTOMER_CLOSED = "customer_closed"
    """The customer moved away, died or went out of business."""
    SERVICE_FAILURE = "service_failure"
    """We did not deliver what was promised."""
    REPLACED = "replaced"
    """Another contract takes its place."""
    MUTUAL = "mutual"
    """Both sides agreed to end it."""
    OTHER = "other"
    """None of these: the words say what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Termination:
    """An end before the term, as agreed."""

    code: TerminationCode
    reason: str
    last_date: date
    """The last day that is still in force; where it lies ahead, a job ends the contract on the day after."""
    by: str
    recorded_time: datetime
    credit_policy: CreditPolicy
    credit: Money | None = None
    """What the customer gets back of the price."""
    formula: str = ""
    """How the credit was computed."""

    @property
    def effective_date(self) -> date:
        """The first day that is no longer in force."""
        return self.last_date + timedelta(days=1)
