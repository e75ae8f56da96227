from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar, birthday_key
from services.care.domain.calendars.birthday_rules import BirthdayRules
from services.care.domain.calendars.blackout import Blackout, BlackoutDays, BlackoutMove, BlackoutSpan
from services.care.domain.calendars.day_book import DayBook
from services.care.domain.calendars.occasion import BUILT_IN, built_in_id
from services.care.domain.calendars.statutory import unknown_table
from services.care.domain.campaigns.assignment import held_out, variant_of
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.due.anchors import anchors
from services.care.domain.campaigns.due.birthday import born
from services.care.domain.campaigns.due.days import brought_forward, leaves_on
from services.care.domain.campaigns.due.event_triggered import not_too_soon
from services.care.domain.campaigns.due.lines import DueDay, line_of
from services.care.domain.campaigns.due.on_day import who_is_due
from services.care.domain.campaigns.due.who import Coming, Everybody
from services.care.domain.campaigns.plan import Holdout, Variant
from services.care.domain.campaigns.triggers import (
    BirthdayTrigger,
    EventTrigger,
    OccasionTrigger,
    RecurringTrigger,
    Trigger,
)
from services.care.domain.sending.reasons import Reason
from services.care.domain.span import DAY_UNITS, Span, TimeUnit
from tests.unit.care.plans import a_plan

STARTED = datetime(2026, 1, 1, tzinfo=UTC)
DAY = date(2026, 11, 22)


def a_book(*blackouts: Blackout) -> DayBook:
    return DayBook(occasions=BUILT_IN, blackouts=blackouts, tables=unknown_table)


def blocked(first: date, last: date, *, behaviour: BlackoutMove = BlackoutMove.DROP) -> Blackout:
    days = BlackoutDays(span=BlackoutSpan.DATED, first_date=first, last_date=last)
    return Blackout(
        id="blk_1",
        name_en="Mourning",
        name_zh="哀悼日",
        days=days,
        behaviour=behaviour,
        create_time=STARTED,
        update_time=STARTED,
    )


def a_campaign(**plan: Any) -> Campaign:
    return Campaign("cmp_1", "Care", a_plan(**plan), "author", STARTED, STARTED)


def days_due(trigger: Trigger, first: date, *, last: date) -> list[tuple[date, str]]:
    """Return the days on which everybody is due, each with the name of the occurrence."""
    plan, found = a_plan(trigger=trigger), []
    for count in range((last - first).days + 1):
        day = first + timedelta(days=count)
        who = who_is_due(plan, day, book=a_book(), zone="Asia/Shanghai")
        if isinstance(who, Everybody):
            found.append((day, who.coming.occurrence))
    return found


spans = st.builds(Span, st.integers(0, 40), st.sampled_from(sorted(DAY_UNITS)))
days = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@given(anchor=days, span=spans, before=st.booleans())
def test_every_day_is_the_anchor_of_exactly_the_day_that_the_span_leads_to(
    anchor: date, span: Span, before: bool
) -> None:
    due = span.after(anchor, times=-1 if before else 1)
    assert anchor in anchors(due, span, before=before)
    near = [due + timedelta(days=count) for count in range(-4, 5)]
    assert sum(anchor in anchors(each, span, before=before) for each in near) == 1


def test_a_month_after_the_last_days_of_january_is_the_last_of_february() -> None:
    month = Span(1, TimeUnit.MONTH)
    assert anchors(date(2026, 2, 28), month) == tuple(date(2026, 1, day) for day in (28, 29, 30, 31))
    assert anchors(date(2026, 3, 31), month) == ()
    assert anchors(date(2026, 3, 28), month) == (date(2026, 2, 28),)


def test_a_monthly_campaign_from_the_31st_comes_on_the_last_of_short_months_and_the_31st_of_long_ones() -> None:
    monthly = RecurringTrigger(date(2026, 1, 31), Span(1, TimeUnit.MONTH), last_date=date(2026, 5, 30))
    assert [day.isoformat() for day, _ in days_due(monthly, date(2026, 1, 1), last=date(2026, 6, 30))] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
    ]


@given(
    first=days,
    every=st.builds(Span, st.integers(1, 9), st.sampled_from(sorted(DAY_UNITS))),
    times=st.integers(0, 12),
    off=st.integers(-3, 3),
)
def test_a_recurring_campaign_comes_on_the_days_counted_from_the_first_and_on_no_other(
    first: date, every: Span, times: int, off: int
) -> None:
    counted = {every.after(first, times=each) for each in range(times + 5)}
    day = every.after(first, times=times) + timedelta(days=off)
    assert bool(days_due(RecurringTrigger(first, every), day, last=day)) == (day in counted)


def test_the_shortest_quarter_has_89_days() -> None:
    quarterly = RecurringTrigger(date(2001, 2, 1), Span(1, TimeUnit.QUARTER))
    assert days_due(quarterly, date(2001, 5, 1), last=date(2001, 5, 1)) == [(date(2001, 5, 1), "recurring/2001-05-01")]


def test_a_movable_feast_comes_every_year_on_its_day_without_a_clone_of_the_campaign() -> None:
    mid_autumn = OccasionTrigger(built_in_id("mid_autumn"))
    assert days_due(mid_autumn, date(2025, 1, 1), last=date(2028, 12, 31)) == [
        (date(2025, 10, 6), "occasion/L2025"),
        (date(2026, 9, 25), "occasion/L2026"),
        (date(2027, 9, 15), "occasion/L2027"),
        (date(2028, 10, 3), "occasion/L2028"),
    ]


def test_an_occasion_can_be_due_some_days_before_also_across_the_turn_of_the_year() -> None:
    new_year = OccasionTrigger(built_in_id("new_year"), days_before=3)
    assert days_due(new_year, date(2026, 12, 1), last=date(2027, 1, 5)) == [(date(2026, 12, 29), "occasion/2027")]


def test_a_lunar_birthday_is_named_by_its_lunar_year_so_a_civil_year_with_two_has_two_and_one_without_has_none() -> (
    None
):
    key = birthday_key(Birthday(BirthdayCalendar.LUNAR, 12, 1))
    found = []
    for count in range((date(2026, 12, 31) - date(2024, 1, 1)).days + 1):
        day = date(2024, 1, 1) + timedelta(days=count)
        comings = born(BirthdayTrigger(), BirthdayRules(), day=day).comings_by_key.get(key, ())
        found += [(day.isoformat(), coming.occurrence) for coming in comings]
    assert found == [
        ("2024-01-11", "birthday/lunar-2023"),
        ("2024-12-31", "birthday/lunar-2024"),
        ("2026-01-19", "birthday/lunar-2025"),
    ]


def test_a_birthday_some_days_before_is_named_by_the_year_it_is_celebrated_in() -> None:
    early = born(BirthdayTrigger(days_before=3), BirthdayRules(), day=date(2026, 12, 30))
    assert early.comings_by_key[102] == (Coming("birthday/2027"),)


def at(text: str) -> Coming:
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return Coming(f"case_closed/{moment.isoformat(timespec='milliseconds')}", moment)


def test_an_event_too_soon_after_the_last_one_is_passed_over_and_one_in_the_ledger_stays() -> None:
    trigger = EventTrigger("case_closed", again_after_days=30)
    first, soon, later = at("2026-11-01 10:00"), at("2026-11-30 10:00"), at("2026-12-01 10:00")
    assert not_too_soon(trigger, [later, soon, first], known=[]) == [first, later]
    assert first.since is not None
    assert not_too_soon(trigger, [later, soon, first], known=[first.since]) == [first, later]


def test_an_event_that_is_heard_late_does_not_come_too_near_to_a_later_one() -> None:
    trigger = EventTrigger("case_closed", again_after_days=30)
    known = datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert not_too_soon(trigger, [at("2026-11-15 10:00")], known=[known]) == []
    assert not_too_soon(replace(trigger, again_after_days=0), [at("2026-11-15 10:00")], known=[known]) != []


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        (BlackoutMove.BACK, date(2026, 11, 20)),
        (BlackoutMove.FORWARD, date(2026, 11, 24)),
        (BlackoutMove.DROP, None),
    ],
)
def test_a_blackout_moves_a_message_as_the_campaign_says(move: BlackoutMove, expected: date | None) -> None:
    book = a_book(blocked(date(2026, 11, 21), date(2026, 11, 23)))
    assert leaves_on(a_plan(blackout=move), DAY, book=book) == expected
    assert leaves_on(a_plan(blackout=move), date(2026, 11, 25), book=book) == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (BlackoutMove.BACK, date(2026, 11, 20)),
        (BlackoutMove.FORWARD, date(2026, 11, 24)),
        (BlackoutMove.DROP, None),
    ],
)
def test_a_campaign_that_says_nothing_of_blackouts_follows_each_blackout(
    behaviour: BlackoutMove, expected: date | None
) -> None:
    book = a_book(blocked(date(2026, 11, 21), date(2026, 11, 23), behaviour=behaviour))
    assert leaves_on(a_plan(), DAY, book=book) == expected
    early = [date(2026, 11, 21), DAY, date(2026, 11, 23)] if behaviour is BlackoutMove.BACK else []
    assert list(brought_forward(a_plan(), date(2026, 11, 20), book=book)) == early


def test_blackouts_that_meet_are_followed_each_by_itself() -> None:
    forward = blocked(date(2026, 11, 21), DAY, behaviour=BlackoutMove.FORWARD)
    back = blocked(date(2026, 11, 23), date(2026, 11, 24), behaviour=BlackoutMove.BACK)
    book = a_book(forward, back)
    assert leaves_on(a_plan(), DAY, book=book) == date(2026, 11, 25)
    assert leaves_on(a_plan(), date(2026, 11, 23), book=book) == date(2026, 11, 20)
    assert list(brought_forward(a_plan(), date(2026, 11, 20), book=book)) == [date(2026, 11, 23), date(2026, 11, 24)]


def test_a_blackout_that_lasts_longer_than_the_campaign_catches_up_drops_the_message() -> None:
    book = a_book(blocked(DAY, date(2026, 11, 25)))
    assert leaves_on(a_plan(blackout=BlackoutMove.FORWARD, catch_up_days=3), DAY, book=book) is None
    assert leaves_on(a_plan(blackout=BlackoutMove.FORWARD, catch_up_days=4), DAY, book=book) == date(2026, 11, 26)


def test_messages_that_leave_before_a_blackout_are_planned_with_the_day_before_it() -> None:
    book = a_book(blocked(date(2026, 11, 23), date(2026, 11, 24)))
    back = a_plan(blackout=BlackoutMove.BACK)
    assert list(brought_forward(back, DAY, book=book)) == [date(2026, 11, 23), date(2026, 11, 24)]
    assert list(brought_forward(back, date(2026, 11, 23), book=book)) == []
    assert list(brought_forward(a_plan(), DAY, book=book)) == []


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        ("2026-10-25", "Europe/Berlin", "2026-10-25T00:30+00:00"),  # 02:30 comes twice: the first
        ("2026-03-29", "Europe/Berlin", "2026-03-29T01:30+00:00"),  # 02:30 is skipped: 03:30 of summer time
        ("2026-11-22", "Pacific/Kiritimati", "2026-11-21T12:30+00:00"),
        ("2026-11-22", "Pacific/Pago_Pago", "2026-11-22T13:30+00:00"),
    ],
)
def test_a_wall_time_is_reached_once_on_each_day_in_every_zone(day: str, zone: str, expected: str) -> None:
    due = DueDay(a_campaign(send_at="02:30"), date.fromisoformat(day), date.fromisoformat(day), STARTED)
    line = line_of(due, "mem_1", zone=zone, coming=Coming(f"recurring/{day}"))
    assert line is not None
    assert line.due_at == datetime.fromisoformat(expected)


def test_what_a_blackout_moves_keeps_its_wall_time() -> None:
    due = DueDay(a_campaign(), DAY, date(2026, 11, 25), STARTED, Reason.BLACKOUT_DAY)
    line = line_of(due, "mem_1", zone="America/New_York", coming=Coming("once/2026-11-22"))
    assert line is not None
    told = (line.day, line.due_at, line.moved_by)
    assert told == (DAY, datetime(2026, 11, 25, 14, tzinfo=UTC), Reason.MOVED_BY_BLACKOUT)


def test_a_message_after_an_event_of_that_day_does_not_leave_before_the_event() -> None:
    happened = datetime(2026, 11, 22, 7, tzinfo=UTC)  # 15:00 in Shanghai, after the hour of the plan
    due = DueDay(a_campaign(), DAY, DAY, STARTED)
    line = line_of(due, "mem_1", zone="Asia/Shanghai", coming=Coming("x", happened))
    assert line is not None
    assert line.due_at == happened


def test_a_triggered_message_waits_for_its_delay_and_then_for_the_hour_of_the_plan() -> None:
    heard = Coming("x", datetime(2026, 11, 22, 3, 0, 30, tzinfo=UTC))
    trigger = EventTrigger("case_closed", Span(2, TimeUnit.HOUR))
    at_once = DueDay(a_campaign(send_at="", trigger=trigger), DAY, DAY, STARTED)
    line = line_of(at_once, "mem_1", zone="Asia/Shanghai", coming=heard)
    assert line is not None
    assert line.due_at == datetime(2026, 11, 22, 5, 1, tzinfo=UTC)
    next_day = date(2026, 11, 23)
    at_nine = DueDay(a_campaign(send_at="09:00", trigger=trigger), next_day, next_day, STARTED)
    line = line_of(at_nine, "mem_1", zone="Asia/Shanghai", coming=heard)
    assert line is not None
    assert line.due_at == datetime(2026, 11, 23, 1, tzinfo=UTC)
    assert line_of(replace(at_nine, day=DAY), "mem_1", zone="Asia/Shanghai", coming=heard) is None


def test_variants_are_drawn_in_the_shares_of_their_weights_and_a_winner_takes_all() -> None:
    campaign = a_campaign(variants=(Variant("a", 3), Variant("b", 1)))
    drawn = Counter(variant_of(campaign, f"mem_{number}") for number in range(2_000))
    assert 1_400 <= drawn["a"] <= 1_600
    assert drawn["a"] + drawn["b"] == 2_000
    won = replace(campaign, winner="b")
    assert {variant_of(won, f"mem_{number}") for number in range(20)} == {"b"}
    assert variant_of(a_campaign(), "mem_1") == ""


def test_the_control_group_is_the_same_at_every_look_and_shared_by_campaigns_with_one_salt() -> None:
    salted = a_campaign(holdout=Holdout(2_000, "autumn"))
    out = [number for number in range(2_000) if held_out(salted, f"mem_{number}")]
    assert 330 <= len(out) <= 470
    other = replace(salted, id="cmp_2")
    assert [number for number in range(2_000) if held_out(other, f"mem_{number}")] == out
    own = [number for number in range(2_000) if held_out(a_campaign(holdout=Holdout(2_000)), f"mem_{number}")]
    assert own != out
