"""The days of a service plan, and what became of them."""

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.results.adherence import SlotState, adherence
from services.care.domain.results.service_plan import PlanEnded, PlanItem, ServicePlan
from services.care.domain.visits.call_task import CallTask
from services.care.domain.visits.kinds import CancelReason, VisitKind, VisitMeans, VisitOutcome
from services.care.domain.visits.visit import Report, Visit
from services.care.domain.visits.windows import CallWindow
from services.chassis.errors import InvalidField

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
CUSTOMER, LINDA, OMAR = "cus_00000000000000000000000001", *(f"emp_0000000000000000000000000{last}" for last in "12")
HOURS = CallWindow("09:00", "20:00", "UTC")


def an_item(**fields: Any) -> PlanItem:
    defaults: dict[str, Any] = {"code": "review", "topic": "Review", "months": (1, 4, 7, 10), "day": 31}
    return PlanItem(**defaults | fields)


def a_plan(*items: PlanItem, start: date = date(2026, 1, 1)) -> ServicePlan:
    return ServicePlan.drawn_up(
        CUSTOMER, 2026, title="Key account", items=items or (an_item(),), manager_id=LINDA, start=start, now=NOW
    )


def test_a_31st_falls_on_the_last_day_of_shorter_months_and_nothing_before_the_start() -> None:
    days = [slot.day.isoformat() for slot in a_plan(start=date(2026, 2, 1)).slots()]
    assert days == ["2026-04-30", "2026-07-31", "2026-10-31"]


@given(step=st.integers(7, 182), start=st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_a_visit_every_so_many_days_never_leaves_the_year_nor_a_longer_gap(step: int, start: date) -> None:
    days = list(an_item(months=(), every_days=step).dates(2026, start=start))
    assert days[0] == start
    assert {(later - earlier).days for earlier, later in pairwise(days)} <= {step}
    assert days[-1].year == 2026
    assert (date(2026, 12, 31) - days[-1]).days < step


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"code": "X"}, "items[0].code"),
        ({"topic": ""}, "items[0].topic"),
        ({"months": (13,)}, "items[0].months"),
        ({"months": ()}, "items[0].months"),
        ({"every_days": 7}, "items[0].months"),
        ({"months": (), "every_days": 6}, "items[0].every_days"),
        ({"day": 32}, "items[0].day"),
        ({"means": VisitMeans.SMS}, "items[0].means"),
    ],
)
def test_an_item_that_makes_no_sense_is_refused(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        a_plan(an_item(**fields))
    assert refusal.value.field == field


def test_a_plan_that_has_ended_asks_for_nothing_later_and_is_not_changed_any_more() -> None:
    plan = a_plan().ended(datetime(2026, 5, 1, tzinfo=UTC))
    assert [slot.day.month for slot in plan.slots()] == [1, 4]
    with pytest.raises(PlanEnded):
        plan.revised("Another", (an_item(),))
    with pytest.raises(PlanEnded):
        plan.handed_over(OMAR, NOW)


def test_adherence_counts_what_was_made_of_what_was_due() -> None:
    plan = a_plan(an_item(months=tuple(range(1, 8)), day=10))
    visits: dict[str, Visit] = {}
    for slot in plan.slots():
        task = CallTask(key=slot.key, kind=VisitKind.PLAN, due=slot.day)
        visits[slot.visit_id] = Visit.planned(slot.visit_id, task, window=HOURS, now=NOW)
    keys = [slot.visit_id for slot in plan.slots()]

    def made(place: int, day: int, *, outcome: VisitOutcome = VisitOutcome.SATISFIED) -> None:
        when = datetime(2026, place + 1, day, 10, tzinfo=UTC)
        visits[keys[place]] = visits[keys[place]].complete(Report(outcome), by="linda", now=when)

    made(0, 10)
    made(1, 11)
    made(2, 9, outcome=VisitOutcome.UNREACHABLE)
    visits[keys[3]] = visits[keys[3]].cancel(CancelReason.PLAN_CHANGED)
    del visits[keys[6]]
    report = adherence(plan, visits, today=date(2026, 6, 10))
    assert [each.state for each in report.entries] == [
        SlotState.ON_TIME,
        SlotState.LATE,
        SlotState.NOT_REACHED,
        SlotState.CANCELLED,
        SlotState.MISSED,
        SlotState.UPCOMING,
        SlotState.UPCOMING,
    ]
    assert (report.permille, report.entries[6].visit_id) == (500, "")
