"""A contract: versions of what is agreed, a trace of where it stood, and the questions that other rooms ask it."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.chassis.errors import InvalidField
from services.contracts.domain.life_cycle.contract_states import (
    FINAL,
    IN_FORCE,
    TRANSITIONS,
    ContractState,
    Gate,
    GatePassed,
    Move,
    Review,
    Suspension,
    Termination,
    Verb,
)
from services.contracts.domain.life_cycle.errors import ContractTransitionRefused
from services.contracts.domain.life_cycle.said import contract_amended, contract_expired
from services.contracts.domain.paperwork.contract_paper import PaperChoice
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import (
    BillingTerms,
    ContractLine,
    CreditPolicy,
    RenewalKind,
    RenewalTerms,
    TermsVersion,
)

JOBS = "jobs"
"""Who did what no person did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A contract as stored. It is never edited once signed: an amendment is one more version.

    What people do with it stands in `contract_review`, `contract_force` and `contract_end`; each verb returns the
    contract after it, with what it says in `events`.
    """

    id: str
    version: int = 1
    customer_id: str
    owner_id: str
    author: str
    """The subject who wrote it."""
    state: ContractState
    time_zone: str
    """IANA name: the zone of the customer, in which the days of the contract are counted."""
    jurisdiction: str = "CN"
    """Whose law holds: an ISO 3166-1 code of two letters, or of a part of it (`US-CA`)."""
    consumer: bool = False
    """Whether the customer is protected as a consumer."""
    credit_policy: CreditPolicy = CreditPolicy.NONE
    """What the customer gets back at a termination, unless it says otherwise."""
    suspension_extends: bool = False
    """Whether the term ends later by the days of a suspension."""
    versions: tuple[TermsVersion, ...]
    """At least one, in the order of recording."""
    moves: tuple[Move, ...]
    """Every change of state, in the order of recording."""
    term_number: int = 1
    """Counts the terms of this contract from 1; an automatic renewal adds one."""
    predecessor_id: str = ""
    """The contract that this one renews."""
    successor_id: str = ""
    """The contract that renews this one."""
    review: Review = field(default_factory=Review)
    paper: PaperChoice = field(default_factory=PaperChoice)
    signed_text_sha256: str = ""
    gates: tuple[GatePassed, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    """Oldest first; the last one lasts while it has no `end_date`."""
    termination: Termination | None = None
    """Set once a termination is agreed, which may be before it takes effect."""
    renewal_cancelled_time: datetime | None = None
    """When somebody said that it must not go on by itself after the current term."""
    signed_time: datetime | None = None
    activated_time: datetime | None = None
    terminated_time: datetime | None = None
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @property
    def terms(self) -> TermsVersion:
        """What was agreed for the latest days; an amendment that takes effect later is in it already."""
        if len(self.versions) == 1:  # asked for at every turn, and most contracts have but one
            return self.versions[0]
        return max(self.versions, key=lambda each: (each.effective_date, each.number))

    @property
    def title(self) -> str:
        return self.terms.title

    @property
    def start_date(self) -> date:
        return self.terms.start_date

    @property
    def end_date(self) -> date:
        """The last day of the current term, included."""
        return self.terms.end_date

    @property
    def price(self) -> Money:
        """Of the whole current term."""
        return self.terms.price

    @property
    def lines(self) -> tuple[ContractLine, ...]:
        return self.terms.lines

    @property
    def billing(self) -> BillingTerms:
        return self.terms.billing

    @property
    def renewal(self) -> RenewalTerms:
        return self.terms.renewal

    @property
    def asset_ids(self) -> tuple[str, ...]:
        """Every asset that a line names, once."""
        return tuple(dict.fromkeys(asset for each in self.lines for asset in each.asset_ids))

    @property
    def signed(self) -> bool:
        """Whether both sides have signed, whatever came after."""
        return self.signed_time is not None

    @property
    def last_submitted_time(self) -> datetime | None:
        """When it was last submitted for review, whatever became of it; None: never."""
        times = [each.recorded_time for each in self.moves if each.state is ContractState.IN_REVIEW]
        return times[-1] if times else None

    @property
    def ends_by_itself(self) -> bool:
        """Whether the last day of the term ends it: nothing prolongs it by itself, no suspension still adds days."""
        if self.state is ContractState.SUSPENDED and self.suspensions[-1].extends:
            return False
        cancelled = self.renewal_cancelled_time is not None or bool(self.successor_id)
        return cancelled or self.renewal.kind is RenewalKind.OFFER

    @property
    def due_date(self) -> date | None:
        """The last day before a job has to move it by itself; None: it never has to."""
        if self.state not in IN_FORCE:
            return self.termination.last_date if self.termination and self.state not in FINAL else None
        days = [self.end_date] if self.ends_by_itself else []
        if self.termination:
            days.append(self.termination.last_date)
        if self.state is ContractState.SUSPENDED and (planned := self.suspensions[-1].planned_end_date):
            days.append(planned)
        return min(days, default=None)

    def today(self, now: datetime) -> date:
        """Return the day that it is for the customer."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    def terms_at(self, day: date, known_at: datetime | None = None) -> TermsVersion | None:
        """Return what was agreed for a day, as known at a moment (None: as known now); None before the first day."""
        known = (each for each in self.versions if known_at is None or each.recorded_time <= known_at)
        begun = [each for each in known if each.effective_date <= day]
        return max(begun, key=lambda each: (each.effective_date, each.number), default=None)

    def state_at(self, day: date, known_at: datetime | None = None) -> ContractState | None:
        """Return the state of a day, as known at a moment (None: as known now); None before it was written.

        The move recorded last among those that have begun by then decides; an end, once begun, is never left. A
        termination that is agreed for a day ahead holds from that day on.
        """
        if self._ended_by(day, known_at):
            return ContractState.TERMINATED
        moves = [
            each
            for each in self.moves
            if each.effective_date <= day and (known_at is None or each.recorded_time <= known_at)
        ]
        ends = [each for each in moves if each.state in FINAL]
        return (ends or moves)[-1].state if moves else None

    def in_force_at(self, day: date, known_at: datetime | None = None) -> bool:
        """Say whether a day lies in the term and the contract was active on it."""
        terms = self.terms_at(day, known_at)
        if terms is None or not terms.start_date <= day <= terms.end_date:
            return False
        return self.state_at(day, known_at) is ContractState.ACTIVE

    def _ended_by(self, day: date, known_at: datetime | None) -> bool:
        agreed = self.termination
        if agreed is None or (known_at is not None and agreed.recorded_time > known_at):
            return False
        return day > agreed.last_date

    def passed(self, gate: Gate) -> GatePassed | None:
        """Return who said that a gate is passed, or None."""
        return next((each for each in self.gates if each.gate is gate), None)

    def refuse_unless(self, verb: Verb) -> ContractState:
        """Return the state that the verb leads to, or refuse with CONTRACT_TRANSITION_REFUSED."""
        state = TRANSITIONS.get((self.state, verb))
        if state is None:
            raise ContractTransitionRefused(self.id, state=self.state.value, verb=verb.value)
        return state

    def moved(
        self, verb: Verb, now: datetime, *, by: str, effective_date: date | None = None, reason: str = ""
    ) -> "Contract":
        """Return the contract in the state that the verb leads to, with the move noted, or refuse.

        Without an effective date the move holds from the customer's day of `now` on.
        """
        state = self.refuse_unless(verb)
        move = Move(
            state=state,
            effective_date=effective_date or self.today(now),
            recorded_time=now,
            by=by,
            reason=reason,
        )
        moves = (*self.moves, move) if state is not self.state else self.moves
        return replace(self, state=state, moves=moves, update_time=now, events=())

    def extended(self, terms: TermsVersion, *, now: datetime, by: str) -> "Contract":
        """Return the contract gone on for another term, with the terms of that term as its newest version.

        The terms must begin on the day after the current term; their number and moment of recording are set here.
        Refused with CONTRACT_TRANSITION_REFUSED, INVALID_FIELD.
        """
        state = self.refuse_unless(Verb.EXTEND)
        if terms.start_date != self.end_date + timedelta(days=1) or terms.end_date < terms.start_date:
            raise InvalidField("start_date", f"The next term must begin on the day after {self.end_date}.")
        version = replace(
            terms,
            number=len(self.versions) + 1,
            effective_date=terms.start_date,
            recorded_time=now,
            recorded_by=by,
        )
        grown = replace(self, versions=(*self.versions, version), term_number=self.term_number + 1)
        said = contract_amended(grown, version, now=now)
        return replace(grown, state=state, renewal_cancelled_time=None, update_time=now, events=(said,))

    def renewal_cancelled(self, now: datetime) -> "Contract":
        """Return the contract that ends with its current term, whatever its terms say of renewal."""
        self.refuse_unless(Verb.CANCEL_RENEWAL)
        if self.renewal_cancelled_time:
            return self
        return replace(self, renewal_cancelled_time=now, update_time=now, events=())

    def renewed(self, successor_id: str, *, now: datetime, by: str) -> "Contract":
        """Return the contract with the one that renews it; it stays in force to the last day of its term.

        Its state becomes `renewed` on the day after: at once where that has passed, else by the job that ends terms.
        """
        self.refuse_unless(Verb.RENEW)
        followed = replace(self, successor_id=successor_id, update_time=now, events=())
        return followed.expired(now, by=by) if self.today(now) > self.end_date else followed

    def expired(self, now: datetime, *, by: str = JOBS) -> "Contract":
        """Return the contract at the end of its term, or itself while the term is not over for the customer.

        However late this is done, it has ended on the day after the last day of the term: `renewed` where another
        contract follows it, else `expired`.
        """
        if self.today(now) <= self.end_date:
            return self
        verb = Verb.RENEW if self.successor_id else Verb.EXPIRE
        moved = self.moved(verb, now, by=by, effective_date=self.end_date + timedelta(days=1))
        said = () if self.successor_id else (contract_expired(moved, now=now),)
        return replace(moved, events=said)
