"""Once: on a day of each, or at a moment that is the same for everybody, whatever day it is where they live."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.calendars.day_book import DayBook
from services.care.domain.calendars.occasion import BUILT_IN
from services.care.domain.calendars.statutory import unknown_table
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.due.lines import DueDay, Line, line_of
from services.care.domain.campaigns.due.on_day import who_is_due
from services.care.domain.campaigns.due.who import Coming, Everybody
from services.care.domain.campaigns.findings import findings_of
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.campaigns.revising import check_revision
from services.care.domain.campaigns.triggers import OneOffTrigger, last_day
from services.care.domain.results.prices import Prices
from services.chassis.errors import InvalidField
from tests.unit.care.plans import a_plan

OPENING = datetime.fromisoformat("2026-12-01T10:00:00+08:00").astimezone(UTC)
STARTED = datetime(2000, 1, 1, tzinfo=UTC)
BOOK = DayBook(occasions=BUILT_IN, blackouts=(), tables=unknown_table)
ZONES = st.sampled_from(
    ["Asia/Shanghai", "Pacific/Kiritimati", "Etc/GMT+12", "Pacific/Honolulu", "Asia/Kathmandu", "Europe/Berlin", ""]
)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def at_moment(moment: datetime) -> CampaignPlan:
    return a_plan(trigger=OneOffTrigger.at(moment), send_at="")


def lines(moment: datetime, zone: str, *, around: int = 3) -> list[Line]:
    """Return what the planner writes down for somebody over the days around a moment."""
    plan = at_moment(moment)
    campaign = Campaign("cmp_1", "Opening", plan, "author", STARTED, STARTED)
    found: list[Line] = []
    for count in range(-around, around + 1):
        day = moment.date() + timedelta(days=count)
        who = who_is_due(plan, day, book=BOOK, zone="Asia/Shanghai")
        due = DueDay(campaign, day, day, STARTED)
        comings = who.comings({}) if isinstance(who, Everybody) else ()
        found += [line for coming in comings if (line := line_of(due, "mem_1", zone=zone, coming=coming))]
    return found


def test_a_one_off_of_a_day_comes_once() -> None:
    plan = a_plan(trigger=OneOffTrigger(date(2026, 11, 22)))
    days = [date(2026, 11, 1) + timedelta(days=count) for count in range(60)]
    found = {day: who_is_due(plan, day, book=BOOK, zone="Asia/Shanghai") for day in days}
    assert {day: who for day, who in found.items() if who} == {date(2026, 11, 22): Everybody(Coming("once/2026-11-22"))}


@given(MOMENTS, ZONES)
def test_everybody_is_due_once_at_the_moment_itself_on_the_day_that_it_is_where_they_live(
    moment: datetime, zone: str
) -> None:
    (line,) = lines(moment, zone)
    assert (line.due_at, line.day) == (moment, moment.astimezone(ZoneInfo(zone or "UTC")).date())


def test_it_is_one_occurrence_on_whichever_day_it_falls() -> None:
    told = {zone: lines(OPENING, zone)[0] for zone in ("Asia/Shanghai", "Pacific/Honolulu")}
    assert {zone: line.day for zone, line in told.items()} == {
        "Asia/Shanghai": date(2026, 12, 1),
        "Pacific/Honolulu": date(2026, 11, 30),
    }
    assert {line.occurrence for line in told.values()} == {"once/2026-12-01T02:00:00.000+00:00"}


def test_its_last_day_is_that_of_the_east() -> None:
    assert last_day(OneOffTrigger.at(OPENING)) == date(2026, 12, 1)
    assert last_day(OneOffTrigger.at(OPENING + timedelta(hours=8))) == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("trigger", "send_at", "field"),
    [
        (OneOffTrigger.at(OPENING), "10:00", "plan.send_at"),
        (OneOffTrigger(date(2026, 12, 1)), "", "plan.send_at"),
        (OneOffTrigger(date(2026, 12, 2), OPENING), "", "plan.trigger.one_off.date"),
        (OneOffTrigger.at(datetime(1999, 12, 31, tzinfo=UTC)), "", "plan.trigger.one_off.send_time"),
        (OneOffTrigger.at(datetime(2200, 1, 1, tzinfo=UTC)), "", "plan.trigger.one_off.send_time"),
    ],
)
def test_a_moment_that_is_wrong_is_refused_by_its_path(trigger: OneOffTrigger, send_at: str, field: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        a_plan(trigger=trigger, send_at=send_at).checked()
    assert refusal.value.field == field


@pytest.mark.parametrize(("now", "codes"), [(OPENING - timedelta(seconds=1), []), (OPENING, ["MOMENT_IS_OVER"])])
def test_a_moment_that_has_passed_blocks(now: datetime, codes: list[str]) -> None:
    found = [each for each in findings_of(at_moment(OPENING), now=now, prices=Prices()) if each.blocks]
    assert [each.code for each in found] == codes
    assert {each.field for each in found} <= {"plan.trigger.one_off.send_time"}
    assert {each.english for each in found} <= {
        "The moment, 2026-12-01 02:00:00 UTC, is over: nobody would hear in time."
    }
    assert {each.chinese for each in found} <= {"发送时刻（2026-12-01 02:00:00 UTC）已过，无人能按时收到消息。"}


def test_another_moment_is_another_campaign() -> None:
    with pytest.raises(InvalidField) as refusal:
        check_revision(at_moment(OPENING), at_moment(OPENING + timedelta(minutes=1)))
    assert refusal.value.field == "plan.trigger.one_off"
