"""Return visits: planned after a contract came into force, made by a person, with an outcome."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.care.domain.visits.events import VisitCompleted, VisitDue
from services.chassis import checks
from services.chassis.errors import DomainError, InvalidField, Kind

BEST_SATISFACTION = 5


class VisitState(StrEnum):
    DUE = "VISIT_STATE_DUE"
    COMPLETED = "VISIT_STATE_COMPLETED"
    CANCELLED = "VISIT_STATE_CANCELLED"


class VisitOutcome(StrEnum):
    SATISFIED = "VISIT_OUTCOME_SATISFIED"
    DISSATISFIED = "VISIT_OUTCOME_DISSATISFIED"
    UNREACHABLE = "VISIT_OUTCOME_UNREACHABLE"


class VisitTransitionRefused(DomainError):
    kind, reason = Kind.PRECONDITION, "VISIT_TRANSITION_REFUSED"

    def __init__(self, visit_id: str, state: VisitState) -> None:
        super().__init__(
            f"Visit {visit_id} is {state.value.removeprefix('VISIT_STATE_').lower()} already.",
            visit_id=visit_id,
            state=state.value,
        )


@dataclass(frozen=True, slots=True)
class ActivatedContract:
    """What care needs to know of a contract that came into force."""

    contract_id: str
    customer_id: str
    owner_id: str
    version: int
    activated_at: datetime


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
    version: int = 1
    events: tuple[object, ...] = ()

    @classmethod
    def planned(
        cls, visit_id: str, contract: "ActivatedContract", *, member_id: str, due: date, now: datetime
    ) -> "Visit":
        """Plan the visit that follows a contract's activation, and say so."""
        said = VisitDue(
            visit_id=visit_id,
            contract_id=contract.contract_id,
            customer_id=contract.customer_id,
            owner_id=contract.owner_id,
            due_date=due.isoformat(),
            occurred_time=now,
        )
        return cls(
            id=visit_id,
            contract_id=contract.contract_id,
            customer_id=contract.customer_id,
            owner_id=contract.owner_id,
            member_id=member_id,
            due_date=due.isoformat(),
            created_at=now,
            events=(said,),
        )

    def relinked(self, customer_id: str) -> "Visit":
        """Return the visit of the customer that stays after a merge; nothing is said."""
        return self if customer_id == self.customer_id else replace(self, customer_id=customer_id, events=())

    def complete(self, outcome: VisitOutcome, *, satisfaction: int, words: str, now: datetime) -> "Visit":
        """Record what the visit came to and say so."""
        if not 0 <= satisfaction <= BEST_SATISFACTION:
            raise InvalidField("satisfaction", "satisfaction must be 1 to 5, or 0 if nobody was asked.")
        if outcome is VisitOutcome.UNREACHABLE and satisfaction:
            raise InvalidField("satisfaction", "satisfaction cannot be known if nobody was reached.")
        words = checks.text(words, "words", most=2_000)
        if self.state is not VisitState.DUE:
            raise VisitTransitionRefused(self.id, self.state)
        return replace(
            self,
            state=VisitState.COMPLETED,
            outcome=outcome,
            satisfaction=satisfaction,
            words=words,
            completed_at=now,
            events=(
                VisitCompleted(
                    visit_id=self.id,
                    contract_id=self.contract_id,
                    customer_id=self.customer_id,
                    member_id=self.member_id,
                    owner_id=self.owner_id,
                    outcome=outcome,
                    satisfaction=satisfaction,
                    words=words,
                    due_date=self.due_date,
                    occurred_time=now,
                ),
            ),
        )

    def cancel(self) -> "Visit":
        """Withdraw a visit that is still due; a visit that was made stays as it is."""
        return replace(self, state=VisitState.CANCELLED) if self.state is VisitState.DUE else self
