"""A case: opened with a deadline, given to somebody, closed with what was done."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.chassis.checks import line, text
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, optional_id
from services.feedback.domain.deadline import CaseSeverity, due_time
from services.feedback.domain.errors import CaseTransitionRefused
from services.feedback.domain.events import CaseAssigned, CaseClosed, CaseOpened
from services.feedback.domain.kinds import CaseKind, CaseSource

MOST_TITLE, MOST_WORDS = 200, 5000
FORGOTTEN = "已清除 Erased"
"""Stands where people wrote something about a person who was erased since."""


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    CLOSED = "closed"


class Verb(StrEnum):
    """What can be done to a case."""

    ASSIGN = "assign"
    CLOSE = "close"


TRANSITIONS: dict[tuple[CaseState, Verb], CaseState] = {
    (CaseState.OPEN, Verb.ASSIGN): CaseState.ASSIGNED,
    (CaseState.ASSIGNED, Verb.ASSIGN): CaseState.ASSIGNED,
    (CaseState.ASSIGNED, Verb.CLOSE): CaseState.CLOSED,
}
"""Every move there is; whatever is not in here is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDetails:
    """What is known of a case when it is opened, not yet checked."""

    kind: CaseKind | None
    title: str
    severity: CaseSeverity = CaseSeverity.NORMAL
    description: str = ""
    customer_id: str = ""
    member_id: str = ""
    contract_id: str = ""
    source: CaseSource = CaseSource.STAFF
    source_id: str = ""
    source_event_id: str = ""
    """The event that led to the case; one event leads to one case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as stored."""

    id: str
    version: int = 1
    number: str
    kind: CaseKind
    severity: CaseSeverity
    title: str
    description: str
    state: CaseState
    source: CaseSource
    source_id: str
    source_event_id: str
    customer_id: str
    member_id: str
    contract_id: str
    assignee_id: str = ""
    due_time: datetime
    opened_time: datetime
    assigned_time: datetime | None = None
    closed_time: datetime | None = None
    resolution: str = ""
    closed_on_time: bool = False
    events: tuple[object, ...] = ()

    @classmethod
    def open(cls, case_id: str, details: CaseDetails, *, now: datetime) -> "Case":
        """Return the new case, still without a number, or refuse with INVALID_FIELD or INVALID_ID and the field."""
        if details.kind is None:
            raise InvalidField("kind", "kind is missing.")
        case = cls(
            id=case_id,
            number="",
            kind=details.kind,
            severity=details.severity,
            title=line(details.title, "title", most=MOST_TITLE, least=1),
            description=text(details.description, "description", most=MOST_WORDS),
            state=CaseState.OPEN,
            source=details.source,
            source_id=details.source_id,
            source_event_id=details.source_event_id,
            customer_id=optional_id(details.customer_id, "cus", field="customer_id"),
            member_id=optional_id(details.member_id, "mem", field="member_id"),
            contract_id=optional_id(details.contract_id, "con", field="contract_id"),
            due_time=due_time(details.severity, opened=now),
            opened_time=now,
        )
        return replace(case, events=(case._opened(),))

    def numbered(self, sequence: int) -> "Case":
        """Return the case with the number that people use: the year it was opened in (UTC) and a running number."""
        return replace(self, number=f"{self.opened_time.year}-{sequence:06d}")

    def relinked(self, customer_id: str) -> "Case":
        """Return the case of the customer that stays after a merge; nothing is said."""
        return self if customer_id == self.customer_id else replace(self, customer_id=customer_id, events=())

    def forgotten(self) -> "Case":
        """Return the case of a person who was erased: what people wrote is gone, figures stay, and nothing is said."""
        left = replace(self, title=FORGOTTEN, description="", resolution=FORGOTTEN if self.resolution else "")
        return self if left == self else replace(left, events=())

    def assign(self, assignee_id: str, *, now: datetime) -> "Case":
        """Return the case in this employee's hands; who has it already keeps it, and nothing is said."""
        employee = check_id(assignee_id, "emp", field="assignee_id")
        state = self._after(Verb.ASSIGN)
        if employee == self.assignee_id:
            return self
        said = CaseAssigned(case_id=self.id, assignee_id=employee, occurred_time=now)
        return replace(self, state=state, assignee_id=employee, assigned_time=now, events=(said,))

    def close(self, resolution: str, *, now: datetime) -> "Case":
        """Return the closed case with its figures; the last moment of the deadline is still on time."""
        done = text(resolution, "resolution", most=MOST_WORDS, least=1)
        on_time = now <= self.due_time
        closed = replace(self, state=self._after(Verb.CLOSE), closed_time=now, resolution=done, closed_on_time=on_time)
        return replace(closed, events=(self._closed(now, on_time=on_time),))

    def _after(self, verb: Verb) -> CaseState:
        state = TRANSITIONS.get((self.state, verb))
        if state is None:
            raise CaseTransitionRefused(self.id, state=self.state.value, verb=verb.value)
        return state

    def _opened(self) -> CaseOpened:
        return CaseOpened(
            case_id=self.id,
            kind=self.kind,
            severity=self.severity,
            customer_id=self.customer_id,
            member_id=self.member_id,
            due_time=self.due_time,
            occurred_time=self.opened_time,
        )

    def _closed(self, now: datetime, *, on_time: bool) -> CaseClosed:
        return CaseClosed(
            case_id=self.id,
            kind=self.kind,
            severity=self.severity,
            customer_id=self.customer_id,
            member_id=self.member_id,
            assignee_id=self.assignee_id,
            opened_time=self.opened_time,
            due_time=self.due_time,
            closed_time=now,
            on_time=on_time,
            # Two machines' clocks may differ: a time span is not negative for that.
            handling_seconds=max(0, (now - self.opened_time) // timedelta(seconds=1)),
        )
