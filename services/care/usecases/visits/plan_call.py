"""Plans a visit that somebody asks for, once, on a day and at an hour on which the customer may be called."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from services.care.domain.visits.call_task import CallTask, visit_id
from services.care.domain.visits.visit import Visit
from services.care.domain.visits.windows import CallWindow
from services.care.ports.calendars import Calendars
from services.care.ports.members import MergedCustomers
from services.care.ports.visits import Callees, Visits
from services.care.usecases.members.survivor import survivors
from services.chassis.clock import Clock

LATEST_MOVE = timedelta(days=30)
"""A blackout puts a visit off by so many days at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCall:
    """Other rooms know it as the port `CallTasks`."""

    visits: Visits
    callees: Callees
    merged: MergedCustomers
    calendars: Calendars
    clock: Clock
    hours: CallWindow
    """The company's hours and zone: for members of whom no zone is known, and where the task names no window."""

    def __call__(self, task: CallTask) -> str:
        """Return the id of the visit; the same key leads to the same id, and plans nothing the second time."""
        key = visit_id(task.key)
        if self.visits.batch_get([key]):
            return key
        known = self._with_people(task)
        zone = self.callees.zone_of(known.member_id) or self.hours.zone
        window = CallWindow(task.window_from or self.hours.first, task.window_to or self.hours.last, zone).checked()
        placed = replace(known, due=self._free_day(known))
        self.visits.add(Visit.planned(key, placed, window=window, now=self.clock.now()))
        if known.customer_id:
            self._follow_merges(key, known.customer_id)
        return key

    def _follow_merges(self, visit_id: str, customer_id: str) -> None:
        """Give it to the customer that stays if a merge was heard while it was planned."""
        place = customer_id
        for survivor in survivors(self.merged, customer_id):
            if survivor != place:
                relinked = partial(Visit.relinked, customer_id=survivor)
                self.visits.change(visit_id, relinked, etag="", request_id="")
            place = survivor

    def _with_people(self, task: CallTask) -> CallTask:
        member_id = self.callees.current(task.member_id) if task.member_id else ""
        customer_id = task.customer_id or self.callees.customer_of(member_id)
        survivor = self.merged.survivor_of(customer_id) if customer_id else ""
        return replace(task, customer_id=survivor, member_id=member_id or self.callees.primary_of(survivor))

    def _free_day(self, task: CallTask) -> date:
        book = self.calendars.read()
        days = (task.due + timedelta(days=count) for count in range(LATEST_MOVE.days + 1))
        free = (day for day in days if book.blackout(day, purpose=task.kind.purpose, cheerful=False) is None)
        return next(free, task.due)
