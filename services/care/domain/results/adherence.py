"""Planned against done: what became of each visit that a service plan asked for."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.care.domain.results.service_plan import ServicePlan, Slot
from services.care.domain.visits.kinds import VisitState
from services.care.domain.visits.visit import Visit


class SlotState(StrEnum):
    UPCOMING = "SLOT_STATE_UPCOMING"
    """Its day has not passed."""
    ON_TIME = "SLOT_STATE_ON_TIME"
    LATE = "SLOT_STATE_LATE"
    """Made after the day it was owed on."""
    NOT_REACHED = "SLOT_STATE_NOT_REACHED"
    """Tried, and nobody was reached."""
    MISSED = "SLOT_STATE_MISSED"
    """Its day has passed and it was not made."""
    CANCELLED = "SLOT_STATE_CANCELLED"


@dataclass(frozen=True, slots=True)
class Kept:
    """A visit of the plan, and what became of it."""

    slot: Slot
    state: SlotState
    visit_id: str
    """Empty: not in a call list yet."""


@dataclass(frozen=True, slots=True)
class Adherence:
    """The whole year."""

    entries: tuple[Kept, ...]

    def count(self, state: SlotState) -> int:
        return Counter(each.state for each in self.entries)[state]

    @property
    def permille(self) -> int | None:
        """Made, late or not, of what was due so far and not cancelled, in thousandths; None: nothing was due."""
        made = self.count(SlotState.ON_TIME) + self.count(SlotState.LATE)
        due = made + self.count(SlotState.NOT_REACHED) + self.count(SlotState.MISSED)
        return made * 1000 // due if due else None


def adherence(plan: ServicePlan, visits: Mapping[str, Visit], *, today: date) -> Adherence:
    """Return what became of each visit of a plan; `visits` by id."""
    slots = plan.slots()
    return Adherence(
        tuple(
            Kept(slot, _state(slot, visits.get(slot.visit_id), today=today), slot.visit_id * (slot.visit_id in visits))
            for slot in slots
        )
    )


def _state(slot: Slot, visit: Visit | None, *, today: date) -> SlotState:
    if visit is None or visit.state is VisitState.DUE:
        owed = visit.due_date if visit else slot.day.isoformat()
        return SlotState.MISSED if owed < today.isoformat() else SlotState.UPCOMING
    if visit.state is VisitState.CANCELLED or visit.completed_at is None:
        return SlotState.CANCELLED
    if visit.outcome is None or not visit.outcome.reached:
        return SlotState.NOT_REACHED
    made = visit.window.day_of(visit.completed_at).isoformat()
    return SlotState.ON_TIME if made <= visit.due_date else SlotState.LATE
