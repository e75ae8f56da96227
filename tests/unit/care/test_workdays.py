"""Campaigns that keep to workdays: by the days that were really worked, and never by a guess."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.clients.statutory_library import HolidaysLibrary
from services.care.domain.calendars.blackout import Blackout, BlackoutDays, BlackoutMove, BlackoutSpan
from services.care.domain.calendars.day_book import DayBook
from services.care.domain.calendars.occasion import BUILT_IN
from services.care.domain.calendars.statutory import DayKind
from services.care.domain.calendars.workdays import WorkdayRule
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.due.days import brought_forward, closed_by, leaves_on
from services.care.domain.campaigns.due.lines import DueDay, Line, line_of, touch_of
from services.care.domain.campaigns.due.who import Coming
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.campaigns.triggers import OneOffTrigger
from services.care.domain.campaigns.workday_findings import workday_findings_of
from services.care.domain.sending.reasons import REASON_WORDS, Reason
from services.care.domain.sending.settings import QuietRule, SendingSettings
from services.care.domain.sending.verdict import SEND_NOW, HoldUntil, Skip, Verdict
from services.care.domain.sending.windows import QuietWindow
from services.chassis.errors import InvalidField
from tests.unit.care.plans import a_plan
from tests.unit.care.test_policy import a_touch, judged

BACK, FORWARD, DROP = BlackoutMove.BACK, BlackoutMove.FORWARD, BlackoutMove.DROP
SATURDAY_WORKED, SUNDAY_OFF, MONDAY_OFF = date(2026, 2, 14), date(2026, 2, 15), date(2026, 2, 16)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def a_book(*blackouts: Blackout) -> DayBook:
    return DayBook(occasions=BUILT_IN, blackouts=blackouts, tables=HolidaysLibrary().table)


def a_blackout(first: date, last: date, *, behaviour: BlackoutMove) -> Blackout:
    days = BlackoutDays(span=BlackoutSpan.DATED, first_date=first, last_date=last)
    return Blackout(
        id="blk_1", name_en="x", name_zh="x", days=days, behaviour=behaviour, create_time=SINCE, update_time=SINCE
    )


def on_workdays(move: BlackoutMove = FORWARD, *, country: str = "CN", catch_up_days: int = 10) -> CampaignPlan:
    return a_plan(workdays=WorkdayRule(country, move), catch_up_days=catch_up_days)


def test_a_make_up_saturday_counts_as_work_and_a_monday_of_the_spring_festival_does_not() -> None:
    book = a_book()
    assert leaves_on(on_workdays(), SATURDAY_WORKED, book=book) == SATURDAY_WORKED
    assert closed_by(on_workdays(), SATURDAY_WORKED, book=book) is None
    assert closed_by(on_workdays(), MONDAY_OFF, book=book) is Reason.NO_WORKDAY
    assert leaves_on(on_workdays(FORWARD), MONDAY_OFF, book=book) == date(2026, 2, 24)
    assert leaves_on(on_workdays(BACK), MONDAY_OFF, book=book) == SATURDAY_WORKED
    assert leaves_on(on_workdays(DROP), MONDAY_OFF, book=book) is None


def test_the_country_of_the_plan_counts() -> None:
    assert leaves_on(on_workdays(country="US"), SATURDAY_WORKED, book=a_book()) == date(2026, 2, 17)  # Presidents' Day
    assert leaves_on(on_workdays(country="DE"), MONDAY_OFF, book=a_book()) == MONDAY_OFF
    assert leaves_on(a_plan(), MONDAY_OFF, book=a_book()) == MONDAY_OFF


def test_a_message_moves_no_farther_forward_than_the_campaign_catches_up() -> None:
    assert leaves_on(on_workdays(catch_up_days=8), MONDAY_OFF, book=a_book()) == date(2026, 2, 24)
    assert leaves_on(on_workdays(catch_up_days=7), MONDAY_OFF, book=a_book()) is None


def test_the_last_workday_before_a_holiday_brings_its_messages_forward() -> None:
    off = [SUNDAY_OFF + timedelta(days=count) for count in range(9)]
    assert list(brought_forward(on_workdays(BACK), SATURDAY_WORKED, book=a_book())) == off
    assert list(brought_forward(on_workdays(FORWARD), SATURDAY_WORKED, book=a_book())) == []
    assert list(brought_forward(on_workdays(BACK), MONDAY_OFF, book=a_book())) == []


def test_a_blackout_and_days_off_are_passed_over_together_and_the_day_itself_says_in_which_direction() -> None:
    book = a_book(a_blackout(date(2026, 2, 24), date(2026, 2, 24), behaviour=BACK))
    assert leaves_on(on_workdays(FORWARD), MONDAY_OFF, book=book) == date(2026, 2, 25)
    assert leaves_on(on_workdays(FORWARD), date(2026, 2, 24), book=book) == SATURDAY_WORKED
    assert closed_by(on_workdays(), date(2026, 2, 24), book=book) is Reason.BLACKOUT_DAY
    assert date(2026, 2, 24) in brought_forward(on_workdays(FORWARD), SATURDAY_WORKED, book=book)


def test_a_day_of_an_unknown_year_is_neither_work_nor_off_and_no_message_passes_over_it() -> None:
    book, new_year = a_book(), date(2027, 1, 1)
    assert book.kinds(WorkdayRule("CN"))(date(2027, 1, 4)) is DayKind.UNKNOWN
    assert leaves_on(on_workdays(), new_year, book=book) == new_year
    assert leaves_on(on_workdays(DROP), new_year, book=book) == new_year
    closing = a_book(a_blackout(date(2026, 12, 28), date(2026, 12, 31), behaviour=FORWARD))
    assert leaves_on(on_workdays(), date(2026, 12, 27), book=closing) == new_year


@given(
    day=st.dates(date(2025, 1, 1), date(2027, 1, 31)),
    move=st.sampled_from([BACK, FORWARD]),
    catch_up_days=st.integers(0, 30),
    first=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    length=st.integers(0, 9),
)
def test_nothing_leaves_on_a_day_off_and_whatever_leaves_earlier_is_planned_with_the_day_it_leaves_on(
    day: date, move: BlackoutMove, catch_up_days: int, first: date, length: int
) -> None:
    book = a_book(a_blackout(first, first + timedelta(days=length), behaviour=FORWARD))
    plan = on_workdays(move, catch_up_days=catch_up_days)
    left = leaves_on(plan, day, book=book)
    if left is None:
        assert closed_by(plan, day, book=book)
        return
    assert closed_by(plan, left, book=book) is None
    assert -30 <= (left - day).days <= catch_up_days
    assert (left == day) == (closed_by(plan, day, book=book) is None)
    if left < day:
        assert day in brought_forward(plan, left, book=book)


def a_line(plan: CampaignPlan, day: date) -> tuple[Campaign, Line]:
    campaign, book = Campaign("cmp_1", "Care", plan, "author", SINCE, SINCE), a_book()
    due = DueDay(campaign, day, leaves_on(plan, day, book=book), SINCE, closed_by(plan, day, book=book))
    line = line_of(due, "mem_1", zone="Asia/Shanghai", coming=Coming(f"once/{day}"))
    assert line is not None
    return campaign, line


@pytest.mark.parametrize(
    ("move", "day", "due", "reason", "moved_by"),
    [
        (FORWARD, MONDAY_OFF, "2026-02-24 01:00", "", "MOVED_TO_WORKDAY"),
        (BACK, MONDAY_OFF, "2026-02-14 01:00", "", "MOVED_TO_WORKDAY"),
        (DROP, MONDAY_OFF, "2026-02-16 01:00", "NO_WORKDAY", ""),
        (FORWARD, SATURDAY_WORKED, "2026-02-14 01:00", "", ""),
    ],
)
def test_the_ledger_says_that_a_message_was_moved_to_a_workday_or_why_it_was_dropped(
    move: BlackoutMove, day: date, due: str, reason: str, moved_by: str
) -> None:
    campaign, line = a_line(on_workdays(move), day)
    touch = touch_of(line, campaign, batch_id="bat_1", now=SINCE)
    assert (f"{touch.due_at:%Y-%m-%d %H:%M}", touch.reason, touch.moved_by) == (due, reason, moved_by)


def at_send(day: date, move: BlackoutMove = FORWARD, *, catch_up_days: int = 10, hour: int = 4) -> Verdict:
    """Judge a message of the day given, at noon in Shanghai or at another hour of UTC."""
    rule = WorkdayRule("CN", move)
    return judged(
        a_touch(date=day.isoformat()),
        now=datetime(day.year, day.month, day.day, hour, tzinfo=UTC),
        around={"workday": a_book().kinds(rule)},
        workdays=rule,
        catch_up_days=catch_up_days,
        birthday=None,
    )


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (at_send(SATURDAY_WORKED), SEND_NOW),
        (at_send(MONDAY_OFF), HoldUntil(moment("2026-02-24 04:00"), Reason.NO_WORKDAY)),
        (
            at_send(MONDAY_OFF, BACK),
            HoldUntil(moment("2026-02-24 04:00"), Reason.NO_WORKDAY),
        ),  # it is too late for back
        (at_send(MONDAY_OFF, DROP), Skip(Reason.NO_WORKDAY)),
        (at_send(MONDAY_OFF, catch_up_days=7), Skip(Reason.NO_WORKDAY)),
        (at_send(date(2027, 1, 4)), HoldUntil(moment("2027-01-04 05:00"), Reason.WORKDAYS_UNKNOWN)),
        (at_send(date(2027, 1, 4), DROP), HoldUntil(moment("2027-01-04 05:00"), Reason.WORKDAYS_UNKNOWN)),
        (at_send(date(2027, 1, 4), catch_up_days=0, hour=15), Skip(Reason.WORKDAYS_UNKNOWN)),
    ],
)
def test_the_day_is_judged_once_more_when_a_message_is_about_to_leave(verdict: Verdict, expected: Verdict) -> None:
    assert verdict == expected


def test_a_wait_for_a_workday_ends_outside_quiet_hours_and_does_not_pass_over_an_unknown_day() -> None:
    rule = WorkdayRule("CN")
    quiet = SendingSettings(quiet=(QuietRule(QuietWindow("11:00", "15:00")),))
    around = {"workday": a_book().kinds(rule), "settings": quiet}
    told: dict[str, Any] = {"workdays": rule, "catch_up_days": 10, "birthday": None}
    noon = judged(a_touch(date="2026-02-16"), now=moment("2026-02-16 04:00"), around=around, **told)
    assert noon == HoldUntil(moment("2026-02-24 07:00"), Reason.NO_WORKDAY)
    night = SendingSettings(quiet=(QuietRule(QuietWindow("20:00", "09:00")),))
    new_year = judged(
        a_touch(date="2026-12-31"), now=moment("2026-12-31 14:00"), around=around | {"settings": night}, **told
    )
    assert new_year == HoldUntil(moment("2027-01-01 01:00"), Reason.QUIET_HOURS)


@pytest.mark.parametrize("country", ["", "cn", "CHN", "C1"])
def test_a_country_that_is_none_is_refused_by_its_path(country: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        on_workdays(country=country).checked()
    assert refusal.value.field == "plan.workdays.country_code"


@pytest.mark.parametrize(
    ("plan", "now", "found"),
    [
        (a_plan(), "2026-06-01", []),
        (on_workdays(), "2026-06-01", []),
        (on_workdays(catch_up_days=3), "2026-06-01", [(False, "WORKDAYS_FARTHER_THAN_CATCH_UP")]),
        (on_workdays(BACK, catch_up_days=3), "2026-06-01", []),
        (on_workdays(), "2026-12-05", [(False, "WORKDAYS_UNKNOWN")]),
        (on_workdays(), "2027-01-05", [(True, "WORKDAYS_UNKNOWN")]),
        (on_workdays(country="XX"), "2026-06-01", [(True, "WORKDAYS_UNKNOWN")]),
        (
            a_plan(workdays=WorkdayRule("CN", BACK), trigger=OneOffTrigger(date(2027, 5, 1))),
            "2026-06-01",
            [(False, "WORKDAYS_UNKNOWN")],
        ),
    ],
)
def test_a_check_tells_of_years_that_nobody_knows_and_of_holidays_longer_than_the_campaign_catches_up(
    plan: CampaignPlan, now: str, found: list[tuple[bool, str]]
) -> None:
    told = list(workday_findings_of(plan, a_book(), now=moment(f"{now} 04:00")))
    assert [(each.blocks, each.code) for each in told] == found
    assert all(each.english and each.chinese for each in told)


def test_the_longest_holiday_is_told_in_both_languages() -> None:
    (told,) = workday_findings_of(on_workdays(catch_up_days=3), a_book(), now=moment("2026-01-05 04:00"))
    assert told.english == (
        "In CN up to 9 days in a row are off: what would have to move by more than 3 days is skipped."
    )
    assert told.chinese == "CN 最多连续 9 天不是工作日，需要推迟超过 3 天的消息将被跳过。"
    assert REASON_WORDS[Reason.MOVED_TO_WORKDAY] == ("The message was moved to a workday.", "消息改在工作日发送。")
