"""Other rooms ask for a call: it is planned once, at an hour and on a day that suit the member."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from pymongo.database import Database

from services.care.app.calendars import build_calendars
from services.care.app.visits import build_plan_call
from services.care.config import Settings
from services.care.domain.calendars.blackout import Blackout, BlackoutDays, BlackoutMove, BlackoutSpan
from services.care.domain.channels import Purpose
from services.care.domain.visits.call_task import CallTask
from services.care.domain.visits.kinds import VisitKind
from services.care.ports.visits import CallTasks
from services.care.store.visits.visits import MongoVisits
from services.chassis.ids import new_id
from tests.fakes.clock import FrozenClock
from tests.integration.care.greetings import Greetings, utc

NOW = utc("2026-11-21 17:00")
CUSTOMER = "cus_00000000000000000000000001"


def a_task(**fields: Any) -> CallTask:
    defaults: dict[str, Any] = {"key": ("touch", "tch_1"), "kind": VisitKind.CAMPAIGN, "due": date(2026, 11, 29)}
    return CallTask(**defaults | fields)


@pytest.fixture
def plan_call(database: Database[dict[str, Any]]) -> CallTasks:
    return build_plan_call(Settings(), FrozenClock(NOW))


def test_a_call_that_is_asked_for_by_many_at_once_is_planned_once(
    plan_call: CallTasks, database: Database[dict[str, Any]]
) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: plan_call(a_task()), range(24)))
    assert [each["_id"] for each in database["visits"].find()] == list(ids)
    assert plan_call(a_task(key=("touch", "tch_2"))) not in ids


def test_a_call_is_due_in_the_members_own_hours(plan_call: CallTasks, greetings: Greetings) -> None:
    member = greetings.member(customer_id=CUSTOMER, time_zone="America/New_York")
    visit = MongoVisits.of(FrozenClock(NOW)).get(plan_call(a_task(member_id=member.id)))
    assert (visit.customer_id, visit.time_zone, visit.window_from) == (CUSTOMER, "America/New_York", "09:00")
    assert visit.next_at == utc("2026-11-29 14:00")


def test_a_customer_is_called_through_the_first_member_who_may_be_contacted(
    plan_call: CallTasks, greetings: Greetings
) -> None:
    greetings.member(customer_id=CUSTOMER, do_not_contact=True)
    willing = greetings.member(customer_id=CUSTOMER)
    visit = MongoVisits.of(FrozenClock(NOW)).get(plan_call(a_task(customer_id=CUSTOMER)))
    assert visit.member_id == willing.id


@pytest.mark.parametrize(
    ("kind", "due"), [(VisitKind.CAMPAIGN, "2026-12-02"), (VisitKind.AFTER_DELIVERY, "2026-11-29")]
)
def test_a_call_of_a_campaign_waits_until_a_blackout_is_over_and_one_that_a_service_owes_does_not(
    plan_call: CallTasks, kind: VisitKind, due: str
) -> None:
    clock = FrozenClock(NOW)
    days = BlackoutDays(span=BlackoutSpan.DATED, first_date=date(2026, 11, 28), last_date=date(2026, 12, 1))
    build_calendars(clock).blackouts.add(
        Blackout(
            id=new_id("blk", NOW),
            name_en="Stocktaking",
            name_zh="盘点",
            days=days,
            purposes=(Purpose.CARE,),
            behaviour=BlackoutMove.DROP,
            create_time=NOW,
            update_time=NOW,
        ),
        request_key="",
    )
    assert MongoVisits.of(clock).get(plan_call(a_task(kind=kind))).due_date == due
