"""A renewal: the work on one contract's next term, from its opening to an outcome."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.contracts.domain.renewals.cancellation import Cancellation
from services.contracts.domain.renewals.likelihood import Likelihood
from services.contracts.domain.renewals.reminders import ReminderProof
from services.contracts.domain.renewals.renewal_calls import (
    Attention,
    Call,
    CallCategory,
    Decision,
    attention_of,
    category_of,
    checkpoint,
    too_late_to_be_undecided,
)
from services.contracts.domain.renewals.renewal_stages import OPEN_STAGES, STEPS, LostReason, RenewalStage, WonBy
from services.contracts.domain.renewals.renewals_errors import (
    RenewalCallOverdue,
    RenewalDecidedByCaller,
    RenewalMoveRefused,
    RenewalNothingToDecide,
)
from services.contracts.domain.renewals.renewals_events import RenewalLost, RenewalOpened, RenewalWon
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.periods import Span
from services.contracts.domain.terms.terms import RenewalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a renewal ended."""

    by: str
    time: datetime
    won_by: WonBy | None = None
    successor_id: str = ""
    lost_reason: LostReason | None = None
    note: str = ""
    amount: Money
    """Won: the price of the next term. Lost: the price of the term that ends without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A renewal as stored; its id follows from the contract and the number of the term that ends."""

    id: str
    version: int = 1
    contract_id: str
    customer_id: str
    owner_id: str
    kind: RenewalKind
    term_number: int
    """Of the term that ends."""
    term_start: date
    term_end: date
    month: str
    """Of the term's end, `YYYY-MM`: the column of the pipeline it stands in."""
    notice_date: date
    """The last day on which a cancellation is in time."""
    next_end: date
    """Last day of the next term."""
    due_amount: Money
    """Price of the term that ends."""
    amount: Money
    """Price of the next term, as offered."""
    formula: str
    """How the offered price was found."""
    legal_window: Span | None
    reminder_dates: tuple[date, ...]
    reminders: tuple[ReminderProof, ...] = ()
    stage: RenewalStage = RenewalStage.OPENED
    likelihood: Likelihood
    call: Call | None = None
    decision: Decision | None = None
    category: CallCategory = CallCategory.UNDECIDED
    """What counts: the person's call or the leader's decision."""
    attention: tuple[Attention, ...] = ()
    """Why the leader is asked."""
    cancellation: Cancellation | None = None
    outcome: Outcome | None = None
    scored_date: date
    """The day as of which likelihood and attention were last found."""
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @property
    def open(self) -> bool:
        """Whether there is no outcome yet."""
        return self.stage in OPEN_STAGES

    @property
    def expected(self) -> Money:
        """The price that is expected: the person's, or the offer."""
        return self.call.amount if self.call else self.amount

    def opened(self, now: datetime) -> "Renewal":
        """Return it with what is said when it is opened."""
        said = RenewalOpened(
            renewal_id=self.id,
            contract_id=self.contract_id,
            customer_id=self.customer_id,
            owner_id=self.owner_id,
            term_number=self.term_number,
            term_end=self.term_end,
            notice_date=self.notice_date,
            reminder_dates=self.reminder_dates,
            occurred_time=now,
        )
        return replace(self, events=(said,))

    def advanced(self, stage: RenewalStage, *, now: datetime) -> "Renewal":
        """Return it a step further, or refuse with RENEWAL_MOVE_REFUSED; outcomes have verbs of their own."""
        if stage not in OPEN_STAGES:
            raise RenewalMoveRefused(self.id, stage=self.stage.value, wanted=stage.value)
        return replace(self._stepped(stage), update_time=now, events=())

    def called(self, call: Call, *, today: date, now: datetime) -> "Renewal":
        """Return it with a person's call, or refuse with RENEWAL_MOVE_REFUSED or RENEWAL_CALL_OVERDUE."""
        if not self.open:
            raise RenewalMoveRefused(self.id, stage=self.stage.value, wanted="called")
        if call.category is CallCategory.UNDECIDED and too_late_to_be_undecided(self.term_end, today):
            raise RenewalCallOverdue(self.id, since=checkpoint(self.term_end, 3).isoformat())
        return replace(self, call=call, update_time=now, events=()).looked_at(today)

    def decided(self, decision: Decision, *, today: date, now: datetime) -> "Renewal":
        """Return it with the leader's decision.

        Refused with RENEWAL_NOTHING_TO_DECIDE, RENEWAL_DECIDED_BY_CALLER or RENEWAL_CALL_OVERDUE.
        """
        if not self.open or not self.looked_at(today).attention:
            raise RenewalNothingToDecide(self.id)
        if self.call and self.call.called_by == decision.decided_by:
            raise RenewalDecidedByCaller(self.id)
        if decision.category is CallCategory.UNDECIDED and too_late_to_be_undecided(self.term_end, today):
            raise RenewalCallOverdue(self.id, since=checkpoint(self.term_end, 3).isoformat())
        return replace(self, decision=decision, update_time=now, events=()).looked_at(today)

    def scored(self, likelihood: Likelihood) -> "Renewal":
        """Return it with a newer likelihood, and the leader asked where that is due now."""
        return replace(self, likelihood=likelihood, events=()).looked_at(likelihood.scored_date)

    def looked_at(self, today: date) -> "Renewal":
        """Return it with what counts and why the leader is asked, as of today."""
        attention = (
            attention_of(
                self.call, self.decision, likelihood=self.likelihood.score, term_end=self.term_end, today=today
            )
            if self.open
            else ()
        )
        return replace(self, category=category_of(self.call, self.decision), attention=attention, scored_date=today)

    def assigned(self, owner_id: str, *, now: datetime) -> "Renewal":
        """Return it with another owner."""
        return replace(self, owner_id=owner_id, update_time=now, events=())

    def reminded(self, proof: ReminderProof, *, now: datetime) -> "Renewal":
        """Return it with the proof of a reminder; a proof that it has changes nothing."""
        if any(each.key == proof.key for each in self.reminders):
            return self
        kept = replace(proof, in_legal_window=bool(self.legal_window and self.legal_window.holds(proof.sent_date)))
        return replace(self, reminders=(*self.reminders, kept), update_time=now, events=())

    def cancelled(self, cancellation: Cancellation, *, now: datetime) -> "Renewal":
        """Return it with what the customer said; the outcome follows by `won` or `lost`."""
        return replace(self, cancellation=cancellation, update_time=now, events=())

    def won(self, outcome: Outcome) -> "Renewal":
        """Return it won, or refuse with RENEWAL_MOVE_REFUSED."""
        said = RenewalWon(
            renewal_id=self.id,
            contract_id=self.contract_id,
            customer_id=self.customer_id,
            owner_id=self.owner_id,
            term_number=self.term_number,
            successor_id=outcome.successor_id,
            amount=outcome.amount,
            occurred_time=outcome.time,
        )
        return self._ended(RenewalStage.WON, outcome, said=said)

    def lost(self, outcome: Outcome) -> "Renewal":
        """Return it lost, or refuse with RENEWAL_MOVE_REFUSED."""
        said = RenewalLost(
            renewal_id=self.id,
            contract_id=self.contract_id,
            customer_id=self.customer_id,
            owner_id=self.owner_id,
            term_number=self.term_number,
            lost_reason=outcome.lost_reason.value if outcome.lost_reason else "",
            amount=outcome.amount,
            occurred_time=outcome.time,
        )
        return self._ended(RenewalStage.LOST, outcome, said=said)

    def taken_back(self, outcome: Outcome) -> "Renewal":
        """Return a renewal lost that the contract had won by itself before we learned of a cancellation in time.

        One that is lost already stays as it is; one that people won is refused with RENEWAL_MOVE_REFUSED.
        """
        if self.stage is RenewalStage.LOST:
            return self
        if self.outcome is None or self.outcome.won_by is not WonBy.BY_ITSELF:
            raise RenewalMoveRefused(self.id, stage=self.stage.value, wanted=RenewalStage.LOST.value)
        return replace(self, stage=RenewalStage.OPENED).lost(outcome)

    def _ended(self, stage: RenewalStage, outcome: Outcome, *, said: object) -> "Renewal":
        ended = replace(self._stepped(stage), outcome=outcome, attention=(), update_time=outcome.time)
        return replace(ended, events=(said,))

    def refuse_unless(self, stage: RenewalStage) -> None:
        """Refuse with RENEWAL_MOVE_REFUSED a stage that no step leads to from here."""
        if (self.stage, stage) not in STEPS:
            raise RenewalMoveRefused(self.id, stage=self.stage.value, wanted=stage.value)

    def _stepped(self, stage: RenewalStage) -> "Renewal":
        self.refuse_unless(stage)
        return replace(self, stage=stage)
