"""Call lists as those who work through them need them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from services.care.domain.visits.agents import CallAgent
from services.care.domain.visits.kinds import VisitKind
from services.care.domain.visits.rules import VisitRule
from services.care.domain.visits.scripts import CallScript
from services.care.domain.visits.visit import Visit
from services.chassis.paging import Page


class QueueView(StrEnum):
    """Which part of what is due."""

    ALL = "QUEUE_VIEW_ALL"
    MINE = "QUEUE_VIEW_MINE"
    UNASSIGNED = "QUEUE_VIEW_UNASSIGNED"
    OVERDUE = "QUEUE_VIEW_OVERDUE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What a queue shows; what is empty matches all."""

    view: QueueView = QueueView.ALL
    agent_id: str = ""
    kind: VisitKind | None = None
    skill: str = ""
    due_through: str = ""


class CallLists(Protocol):
    """Visits that are due, in the order in which they are worked through: by day, then by id."""

    def page(self, queue: Queue, *, size: int, after: str) -> Page[Visit]:
        """Return one page; `after` is the token of the page before, and INVALID_FIELD if it is none."""

    def waiting(
        self, owner_id: str, *, through: date, at: datetime | None = None, fits: Callable[[Visit], bool] | None = None
    ) -> Iterator[Visit]:
        """Yield what is due for one owner (empty: for nobody yet) up to a day, the oldest first.

        What is held back is left out; with `at` also what waits for a later moment, with `fits` what does not fit.
        """

    def in_hand(self, agent_id: str, subject: str, *, now: datetime) -> Visit | None:
        """Return what the agent took and has still in hand, or None."""

    def of_request(self, request_key: str) -> Visit | None:
        """Return what an earlier call of the same request took, or None."""

    def take(self, visit_id: str, step: Callable[[Visit], Visit], *, request_key: str) -> Visit:
        """Apply the step in one conditional write, whatever it refuses."""

    def loads(self, *, through: date) -> Mapping[str, int]:
        """Return how many visits are due for each owner up to a day."""

    def late(self, *, before: date) -> Iterator[Visit]:
        """Yield what is due on a day before and was not called overdue yet."""

    def campaigns_waiting(self) -> Sequence[str]:
        """Return the ids of the campaigns of which calls are due."""

    def due_for(self, campaign_id: str) -> Iterator[Visit]:
        """Yield what a campaign asked for and is due."""

    def unsettled(self) -> Iterator[Visit]:
        """Yield what was made and something follows from that is not written down yet."""


class VisitRules(Protocol):
    """The rules in force."""

    def all(self) -> Sequence[VisitRule]:
        """Return every one, in the order of events."""

    def get(self, event: str) -> VisitRule:
        """Return it, or refuse with VISIT_RULE_NOT_FOUND."""

    def put(self, key: str, step: Callable[[VisitRule | None], VisitRule], *, etag: str, request_key: str) -> VisitRule:
        """Store what the step makes of it; refused with STALE_VERSION."""


class CallScripts(Protocol):
    """The scripts in force."""

    def all(self) -> Sequence[CallScript]:
        """Return every one, in the order of codes."""

    def get(self, code: str) -> CallScript:
        """Return it, or refuse with CALL_SCRIPT_NOT_FOUND."""

    def put(
        self, key: str, step: Callable[[CallScript | None], CallScript], *, etag: str, request_key: str
    ) -> CallScript:
        """Store what the step makes of it; refused with STALE_VERSION."""


class CallAgents(Protocol):
    """Those who make calls."""

    def all(self) -> Sequence[CallAgent]:
        """Return every one, in the order of ids."""

    def get(self, agent_id: str) -> CallAgent:
        """Return the agent; of whom nothing was said can do whatever needs no skill."""

    def put(self, key: str, step: Callable[[CallAgent | None], CallAgent], *, etag: str, request_key: str) -> CallAgent:
        """Store what the step makes of it; refused with STALE_VERSION."""


class CaseStates(Protocol):
    """What care has heard of cases, so that events may come in any order."""

    def heard(self, case_id: str, *, version: int, ended: bool) -> bool:
        """Note the news; False if newer news is known already."""
