"""Return visits: owed to a customer, made by a person, with an outcome."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.care.domain.state_words import plain
from services.care.domain.visits.attempts import COMMON_RULE, Attempt, AttemptRule, Fallback
from services.care.domain.visits.call_task import CallTask
from services.care.domain.visits.events import VisitCompleted, VisitDue, VisitUnreachable
from services.care.domain.visits.kinds import (
    AttemptOutcome,
    CancelReason,
    VisitKind,
    VisitMeans,
    VisitOutcome,
    VisitState,
)
from services.care.domain.visits.windows import CallWindow
from services.chassis import checks
from services.chassis.errors import DomainError, InvalidField, Kind

BEST_SATISFACTION = 5
MOST_WORDS, MOST_NEXT_STEP = 2_000, 500


class VisitTransitionRefused(DomainError):
    kind, reason = Kind.PRECONDITION, "VISIT_TRANSITION_REFUSED"

    def __init__(self, visit_id: str, state: VisitState) -> None:
        super().__init__(
            f"Visit {visit_id} is {plain(state)} already.",
            visit_id=visit_id,
            state=state.value,
        )


@dataclass(frozen=True, slots=True)
class Move:
    """One time that a visit was put off or brought forward."""

    time: datetime
    by: str
    from_date: str
    to_date: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the one who made a visit says of it."""

    outcome: VisitOutcome
    satisfaction: int = 0
    """1 to 5. 0: not asked."""
    words: str = ""
    next_step: str = ""

    def checked(self, means: VisitMeans) -> "Report":
        """Return it, or refuse with INVALID_FIELD what cannot be so."""
        if not 0 <= self.satisfaction <= BEST_SATISFACTION:
            raise InvalidField("satisfaction", "satisfaction must be 1 to 5, or 0 if nobody was asked.")
        if self.satisfaction and not self.outcome.reached:
            raise InvalidField("satisfaction", "satisfaction cannot be known if nobody was reached.")
        if self.outcome is VisitOutcome.SENT and not means.one_way:
            raise InvalidField("outcome", "outcome SENT is for an SMS or a letter.")
        words = checks.text(self.words, "words", most=MOST_WORDS)
        return replace(self, words=words, next_step=checks.text(self.next_step, "next_step", most=MOST_NEXT_STEP))


@dataclass(frozen=True, slots=True)
class Visit:
    """A call or visit that one of our people owes a customer."""

    id: str
    contract_id: str
    customer_id: str
    due_date: str
    """`YYYY-MM-DD`."""
    created_at: datetime
    member_id: str = ""
    owner_id: str = ""
    state: VisitState = VisitState.DUE
    outcome: VisitOutcome | None = None
    satisfaction: int = 0
    words: str = ""
    completed_at: datetime | None = None
    kind: VisitKind = VisitKind.AFTER_ACTIVATION
    means: VisitMeans = VisitMeans.CALL
    topic: str = ""
    source_id: str = ""
    campaign_id: str = ""
    case_id: str = ""
    round: int = 0
    plan_id: str = ""
    script_code: str = ""
    skill: str = ""
    avoid_id: str = ""
    window_from: str = ""
    window_to: str = ""
    time_zone: str = ""
    next_at: datetime | None = None
    """Not before this moment; None: whenever the window is open on its day or later."""
    attempt_rule: AttemptRule = COMMON_RULE
    attempts: tuple[Attempt, ...] = ()
    claimed_by_id: str = ""
    claimed_by: str = ""
    """Subject of the caller who has it in hand."""
    claimed_until: datetime | None = None
    moves: tuple[Move, ...] = ()
    overdue_at: datetime | None = None
    follow_up_of: str = ""
    next_step: str = ""
    cancel_reason: str = ""
    completed_by: str = ""
    unsettled: bool = False
    """Something follows that is not written down yet: see `SettleVisits`."""
    version: int = 1
    events: tuple[object, ...] = ()

    @classmethod
    def planned(cls, visit_id: str, task: CallTask, *, window: CallWindow, now: datetime) -> "Visit":
        """Plan a visit, and say so."""
        return cls(
            id=visit_id,
            contract_id=task.contract_id,
            customer_id=task.customer_id,
            due_date=task.due.isoformat(),
            created_at=now,
            member_id=task.member_id,
            owner_id=task.owner_id,
            kind=task.kind,
            means=task.means,
            topic=task.topic,
            source_id=task.source_id,
            campaign_id=task.campaign_id,
            case_id=task.case_id,
            round=task.round,
            plan_id=task.plan_id,
            script_code=task.script_code,
            skill=task.skill,
            avoid_id=task.avoid_id,
            window_from=window.first,
            window_to=window.last,
            time_zone=window.zone,
            next_at=window.opens(task.due),
            attempt_rule=task.attempt_rule,
            follow_up_of=task.follow_up_of,
            events=(_planned(visit_id, task, now=now),),
        )

    @property
    def window(self) -> CallWindow:
        """When on a day it may be made. Visits of earlier versions have none: any time."""
        return CallWindow(self.window_from or "00:00", self.window_to or "24:00", self.time_zone or "UTC")

    @property
    def tries(self) -> int:
        """How often somebody was tried, in vain or not."""
        return sum(each.outcome is not AttemptOutcome.CALL_BACK for each in self.attempts)

    @property
    def fallbacks(self) -> tuple[Fallback, ...]:
        """What follows when nobody was reached; an SMS to a wrong number is of no use."""
        if self.means.one_way:
            return ()
        wrong = self.wrong_number
        return tuple(each for each in self.attempt_rule.fallbacks if not (wrong and each.means is VisitMeans.SMS))

    @property
    def wrong_number(self) -> bool:
        return any(each.outcome is AttemptOutcome.WRONG_NUMBER for each in self.attempts)

    def require_due(self) -> None:
        """Refuse with VISIT_TRANSITION_REFUSED unless it is still to be made."""
        if self.state is not VisitState.DUE:
            raise VisitTransitionRefused(self.id, self.state)

    def relinked(self, customer_id: str) -> "Visit":
        """Return the visit of the customer that stays after a merge; nothing is said."""
        return self if customer_id == self.customer_id else replace(self, customer_id=customer_id, events=())

    def complete(self, report: Report, *, by: str, now: datetime) -> "Visit":
        """Record what the visit came to and say so."""
        told = report.checked(self.means)
        self.require_due()
        done = replace(
            self,
            state=VisitState.COMPLETED,
            outcome=told.outcome,
            satisfaction=told.satisfaction,
            words=told.words,
            next_step=told.next_step,
            completed_at=now,
            completed_by=by,
            claimed_by_id="",
            claimed_by="",
            claimed_until=None,
            next_at=None,
            attempts=self._with_last_try(told.outcome, by=by, now=now),
        )
        unreachable = told.outcome is VisitOutcome.UNREACHABLE
        return replace(
            done,
            unsettled=bool(unreachable and done.fallbacks) or bool(told.outcome.reached and done.follow_up_of),
            events=(_completed(done, now), *((_unreachable(done, now),) if unreachable else ())),
        )

    def cancel(self, reason: CancelReason) -> "Visit":
        """Withdraw a visit that is still due; a visit that was made stays as it is."""
        if self.state is not VisitState.DUE:
            return self
        return replace(
            self,
            state=VisitState.CANCELLED,
            cancel_reason=reason,
            claimed_by_id="",
            claimed_by="",
            claimed_until=None,
            next_at=None,
            events=(),
        )

    def withdrawn(self) -> "Visit":
        """Whom it was owed to is erased: nothing is to be made any more, and nothing follows from what was made."""
        return self.cancel(CancelReason.MEMBER_ERASED).settled()

    def settled(self) -> "Visit":
        """What follows is written down."""
        return replace(self, unsettled=False, events=()) if self.unsettled else self

    def _with_last_try(self, outcome: VisitOutcome, *, by: str, now: datetime) -> tuple[Attempt, ...]:
        last = self.attempts[-1] if self.attempts else None
        if not outcome.reached or (last and last.outcome is AttemptOutcome.REACHED):
            return self.attempts
        return (*self.attempts, Attempt(time=now, by=by, outcome=AttemptOutcome.REACHED))


def _planned(visit_id: str, task: CallTask, *, now: datetime) -> VisitDue:
    return VisitDue(
        visit_id=visit_id,
        contract_id=task.contract_id,
        customer_id=task.customer_id,
        owner_id=task.owner_id,
        due_date=task.due.isoformat(),
        occurred_time=now,
        member_id=task.member_id,
        kind=task.kind,
        means=task.means,
        case_id=task.case_id,
        plan_id=task.plan_id,
    )


def _completed(visit: Visit, now: datetime) -> VisitCompleted:
    outcome = visit.outcome or VisitOutcome.UNREACHABLE
    return VisitCompleted(
        visit_id=visit.id,
        contract_id=visit.contract_id,
        customer_id=visit.customer_id,
        member_id=visit.member_id,
        owner_id=visit.owner_id,
        outcome=outcome,
        satisfaction=visit.satisfaction,
        words=visit.words,
        due_date=visit.due_date,
        occurred_time=now,
        kind=visit.kind,
        means=visit.means,
        reached=outcome.reached,
        tries=visit.tries,
        on_time=visit.window.day_of(now).isoformat() <= visit.due_date,
        case_id=visit.case_id,
        round=visit.round,
        bad_again=visit.kind is VisitKind.CONFIRM and outcome is VisitOutcome.DISSATISFIED,
        plan_id=visit.plan_id,
    )


def _unreachable(visit: Visit, now: datetime) -> VisitUnreachable:
    return VisitUnreachable(
        visit_id=visit.id,
        customer_id=visit.customer_id,
        member_id=visit.member_id,
        owner_id=visit.owner_id,
        kind=visit.kind,
        tries=visit.tries,
        wrong_number=visit.wrong_number,
        fallbacks=visit.fallbacks,
        due_date=visit.due_date,
        occurred_time=now,
    )
