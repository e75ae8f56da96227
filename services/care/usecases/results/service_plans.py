"""Draw up, change and copy service plans, and keep the call lists in step with them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from services.care.domain.results.adherence import Adherence, adherence
from services.care.domain.results.service_plan import PlanItem, ServicePlan, Slot, first_day
from services.care.domain.visits.call_task import CallTask
from services.care.domain.visits.calling import asked_again, give_to
from services.care.domain.visits.kinds import CancelReason, VisitKind, VisitState
from services.care.domain.visits.visit import Visit
from services.care.ports.service_plans import ServicePlans
from services.care.ports.visits import CallTasks, VisitFilter, Visits
from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id

AHEAD = timedelta(days=14)
"""A visit is in the call list so long before its day."""
_AT_ONCE = 200
"""Of so many plans it is asked at once whether anything is to be done."""


@dataclass(frozen=True, slots=True)
class FollowPlan:
    """Puts into the call lists what a plan asks for soon, also what was left out while nobody looked.

    Whatever it did before it finds and leaves alone; what the plan does not ask for any more it withdraws, what it asks
    for again is owed again, and what was the earlier manager's it gives to the one in charge.
    """

    visits: Visits
    plan_call: CallTasks
    clock: Clock
    time_zone: str

    def __call__(self, plan: ServicePlan) -> int:
        """Return how many visits were put into the lists."""
        slots = plan.slots()
        tidied = _tidied(plan, slots)
        for visit in self.visits.due_of(VisitFilter(plan_id=plan.id)):
            self.visits.change(visit.id, tidied, etag="", request_id="")
        soon = self._soon(plan, slots)
        there = {visit.id: visit for visit in self.visits.batch_get([slot.visit_id for slot in soon])}
        again = [visit for visit in there.values() if asked_again(visit, plan.manager_id) is not visit]
        for visit in again:
            self.visits.change(visit.id, lambda stored: asked_again(stored, plan.manager_id), etag="", request_id="")
        missing = [slot for slot in soon if slot.visit_id not in there]
        for slot in missing:
            self.plan_call(
                CallTask(
                    key=slot.key,
                    kind=VisitKind.PLAN,
                    due=slot.day,
                    means=slot.item.means,
                    customer_id=plan.customer_id,
                    plan_id=plan.id,
                    topic=slot.item.topic,
                    owner_id=plan.manager_id,
                    skill=slot.item.skill,
                    script_code=slot.item.script_code,
                )
            )
        return len(missing) + len(again)

    def out_of_step(self, plans: Sequence[ServicePlan]) -> list[ServicePlan]:
        """Return those of these plans for which something is to be done: two reads for all of them."""
        slots = {plan.id: plan.slots() for plan in plans}
        soon = {plan.id: self._soon(plan, slots[plan.id]) for plan in plans}
        asked_for = {slot.visit_id for some in soon.values() for slot in some}
        missing = asked_for - self.visits.known(sorted(asked_for))
        tidied = {plan.id: _tidied(plan, slots[plan.id]) for plan in plans}
        managers = {plan.id: plan.manager_id for plan in plans}
        changing = {
            visit.plan_id
            for visit in self.visits.not_made_of(list(tidied))
            if tidied[visit.plan_id](visit) is not visit
            or (visit.id in asked_for and asked_again(visit, managers[visit.plan_id]) is not visit)
        }
        return [
            plan for plan in plans if plan.id in changing or any(slot.visit_id in missing for slot in soon[plan.id])
        ]

    def today(self) -> date:
        """Return the day it is where the company is."""
        return self.clock.now().astimezone(ZoneInfo(self.time_zone)).date()

    def _soon(self, plan: ServicePlan, slots: Iterable[Slot]) -> list[Slot]:
        """Return what has to stand in the call lists by now."""
        horizon = self.today() + AHEAD
        return [slot for slot in slots if slot.day <= horizon] if plan.ended_at is None else []


def _tidied(plan: ServicePlan, slots: Iterable[Slot]) -> Callable[[Visit], Visit]:
    """Return the step that withdraws what is not asked for any more, and gives the rest to the manager in charge."""
    wanted = {slot.visit_id for slot in slots}
    earlier = {tenure.manager_id for tenure in plan.managers} - {plan.manager_id}

    def step(stored: Visit) -> Visit:
        if stored.id not in wanted and not stored.follow_up_of:
            return stored.cancel(CancelReason.PLAN_CHANGED)
        if stored.state is VisitState.DUE and stored.owner_id in earlier:
            return give_to(stored, plan.manager_id)
        return stored

    return step


@dataclass(frozen=True, slots=True)
class DrawUpPlan:
    """Writes the plan of a customer for a year."""

    plans: ServicePlans
    follow: FollowPlan
    clock: Clock

    def __call__(
        self,
        customer_id: str,
        year: int,
        *,
        title: str,
        items: tuple[PlanItem, ...],
        manager_id: str,
        start: date | None,
        request_id: str,
    ) -> ServicePlan:
        """Return the plan as stored; without a start it begins today, or with its year."""
        first = start or max(self.follow.today(), first_day(year))
        drawn = ServicePlan.drawn_up(
            customer_id, year, title=title, items=items, manager_id=manager_id, start=first, now=self.clock.now()
        )
        plan = self.plans.add(drawn, request_key=request_key("create_plan", request_id))
        self.follow(plan)
        return plan


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Takes a step of a plan, then brings the call lists in step."""

    plans: ServicePlans
    follow: FollowPlan

    def __call__(
        self, plan_id: str, step: Callable[[ServicePlan], ServicePlan], *, verb: str, etag: str, request_id: str
    ) -> ServicePlan:
        """Return the plan after the step."""
        plan = self.plans.change(
            check_id(plan_id, "pln", field="service_plan_id"),
            step,
            etag=etag,
            request_key=request_key(verb, request_id),
        )
        self.follow(plan)
        return plan


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """Draws up the plan of another year like that of this one, with the manager in charge."""

    plans: ServicePlans
    follow: FollowPlan
    clock: Clock

    def __call__(self, plan_id: str, *, year: int, request_id: str) -> ServicePlan:
        """Return the copy; without a year it is for the next. Refused with SERVICE_PLAN_EXISTS."""
        old = self.plans.get(check_id(plan_id, "pln", field="service_plan_id"))
        target = year or old.year + 1
        copy = ServicePlan.drawn_up(
            old.customer_id,
            target,
            title=old.title,
            items=old.items,
            manager_id=old.manager_id,
            start=first_day(target),
            now=self.clock.now(),
            copied_from=old.id,
        )
        plan = self.plans.add(copy, request_key=request_key("copy_plan", request_id))
        self.follow(plan)
        return plan


@dataclass(frozen=True, slots=True)
class SweepPlans:
    """Keeps the call lists in step with every plan of this year and the next."""

    plans: ServicePlans
    follow: FollowPlan

    def __call__(self, leading: Callable[[], bool], tell: Callable[[str, Exception], None]) -> int:
        """Return how many visits were put into the lists; a plan that fails is told and passed over."""
        year, done = self.follow.today().year, 0
        found = self.plans.of_years((year - 1, year, year + 1))
        while leading() and (some := list(islice(found, _AT_ONCE))):
            for plan in self.follow.out_of_step(some):
                if not leading():
                    break
                try:
                    done += self.follow(plan)
                except Exception as error:  # noqa: BLE001  # one plan must not stop the others
                    tell(plan.id, error)
        return done


@dataclass(frozen=True, slots=True)
class ReportAdherence:
    """Says what became of each visit of a plan."""

    plans: ServicePlans
    visits: Visits
    follow: FollowPlan

    def __call__(self, plan_id: str) -> tuple[ServicePlan, Adherence]:
        """Return the plan and the report, as of today."""
        plan = self.plans.get(check_id(plan_id, "pln", field="service_plan_id"))
        found = {visit.id: visit for visit in self.visits.batch_get([slot.visit_id for slot in plan.slots()])}
        return plan, adherence(plan, found, today=self.follow.today())
