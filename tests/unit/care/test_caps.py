from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.channels import Channel, Purpose
from services.care.domain.sending.caps import Cap, CapPeriod, Contact, Rival, over_cap
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.touch import Touch

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 18, 4, tzinfo=UTC)  # a Wednesday in Shanghai
THREE_A_DAY = Cap(3, CapPeriod.DAY)


def a_touch(number: int = 0, *, priority: int = 50, channel: str = "email", purpose: Purpose = Purpose.CARE) -> Touch:
    return Touch(
        id=f"tch_{number}",
        campaign_id=f"cmp_{number}",
        member_id="mem_1",
        occurrence="o",
        channel=channel,
        date="2026-11-18",
        due_at=NOON,
        batch_id="bat_1",
        updated_at=NOON,
        priority=priority,
        purpose=purpose,
    )


def rival(touch: Touch) -> Rival:
    return Rival(touch.id, touch.due_at, touch.channel, touch.purpose, touch.priority)


def contact(at: datetime, *, channel: str = "email", purpose: str = "care", touch_id: str = "tch_before") -> Contact:
    return Contact(touch_id, at, channel, purpose)


def judged(touch: Touch, *caps: Cap, contacts: list[Contact] | None = None, rivals: list[Rival] | None = None) -> str:
    found = over_cap(touch, caps, contacts=contacts or [], rivals=rivals or [], zone=SHANGHAI, now=NOON)
    return found or "SEND"


def test_cap_conflict_of_5_eligible_and_a_cap_of_3_lets_the_3_by_priority_go_whatever_the_order_of_asking() -> None:
    five = [a_touch(number, priority=10 * number) for number in range(1, 6)]
    for order in permutations(five):
        contacts: list[Contact] = []
        waiting = {touch.id: touch for touch in five}
        outcome: dict[int, str] = {}
        for touch in order:
            rivals = [rival(each) for each in waiting.values() if each.id != touch.id]
            outcome[touch.priority] = judged(touch, THREE_A_DAY, contacts=contacts, rivals=rivals)
            del waiting[touch.id]
            if outcome[touch.priority] == "SEND":
                contacts.append(contact(NOON, touch_id=touch.id))
        assert {priority for priority, told in outcome.items() if told == "SEND"} == {50, 40, 30}
        assert {outcome[20], outcome[10]} <= {Reason.OUTRANKED, Reason.FREQUENCY_CAP}


@pytest.mark.parametrize(
    ("period", "hours", "before", "counts"),
    [
        (CapPeriod.DAY, 0, "2026-11-17 16:00", True),  # midnight in Shanghai
        (CapPeriod.DAY, 0, "2026-11-17 15:59", False),
        (CapPeriod.WEEK, 0, "2026-11-15 16:00", True),  # Monday
        (CapPeriod.WEEK, 0, "2026-11-15 15:59", False),
        (CapPeriod.MONTH, 0, "2026-10-31 16:00", True),
        (CapPeriod.MONTH, 0, "2026-10-31 15:59", False),
        (CapPeriod.ROLLING, 24, "2026-11-17 04:01", True),
        (CapPeriod.ROLLING, 24, "2026-11-17 04:00", False),
    ],
)
def test_a_period_begins_where_the_member_lives(period: CapPeriod, hours: int, before: str, counts: bool) -> None:
    earlier = contact(datetime.fromisoformat(before).replace(tzinfo=UTC))
    told = judged(a_touch(), Cap(1, period, rolling_hours=hours), contacts=[earlier])
    assert told == (Reason.FREQUENCY_CAP if counts else "SEND")


def test_a_day_of_a_calendar_cap_has_25_hours_where_the_clock_is_put_back() -> None:
    new_york, late = ZoneInfo("America/New_York"), datetime(2026, 11, 2, 4, 30, tzinfo=UTC)  # 23:30 on 1 November
    first_minute = contact(datetime(2026, 11, 1, 4, 0, tzinfo=UTC))
    caps = [Cap(1, CapPeriod.DAY)]
    assert over_cap(a_touch(), caps, contacts=[first_minute], rivals=[], zone=new_york, now=late) is not None


@pytest.mark.parametrize(
    ("cap", "expected"),
    [
        (Cap(1, CapPeriod.DAY), Reason.FREQUENCY_CAP),
        (Cap(1, CapPeriod.DAY, channels=(Channel.EMAIL,)), Reason.FREQUENCY_CAP),
        (Cap(1, CapPeriod.DAY, channels=(Channel.SMS,)), "SEND"),
        (Cap(1, CapPeriod.DAY, purposes=(Purpose.MARKETING,)), "SEND"),
        (Cap(2, CapPeriod.DAY), "SEND"),
    ],
)
def test_a_cap_counts_the_channels_and_purposes_it_names(cap: Cap, expected: str) -> None:
    assert judged(a_touch(), cap, contacts=[contact(NOON - timedelta(hours=1))]) == expected


def test_service_is_never_capped_and_takes_no_place() -> None:
    contacts = [contact(NOON, purpose="service", touch_id=f"s{number}") for number in range(9)]
    assert judged(a_touch(), THREE_A_DAY, contacts=contacts) == "SEND"
    full = [contact(NOON, touch_id=f"c{number}") for number in range(3)]
    assert judged(a_touch(purpose=Purpose.SERVICE), THREE_A_DAY, contacts=full) == "SEND"


def test_a_touch_that_claimed_its_place_before_a_crash_does_not_stand_in_its_own_way() -> None:
    assert judged(a_touch(7), Cap(1, CapPeriod.DAY), contacts=[contact(NOON, touch_id="tch_7")]) == "SEND"


def test_a_rival_that_is_due_tomorrow_takes_no_place_today() -> None:
    tomorrow = Rival("tch_9", NOON + timedelta(hours=12), "email", "care", 90)
    tonight = Rival("tch_9", NOON + timedelta(hours=11), "email", "care", 90)
    assert judged(a_touch(), Cap(1, CapPeriod.DAY), rivals=[tomorrow]) == "SEND"
    assert judged(a_touch(), Cap(1, CapPeriod.DAY), rivals=[tonight]) == Reason.OUTRANKED


@given(st.lists(st.integers(0, 100), min_size=1, max_size=8), st.integers(1, 5), st.randoms(use_true_random=False))
def test_as_many_leave_as_the_cap_allows_and_never_one_before_a_higher_one(
    priorities: list[int], most: int, chance: Random
) -> None:
    touches = [a_touch(number, priority=priority) for number, priority in enumerate(priorities)]
    waiting = {touch.id: touch for touch in touches}
    contacts: list[Contact] = []
    sent: list[Touch] = []
    order = list(touches)
    chance.shuffle(order)
    for touch in order:
        rivals = [rival(each) for each in waiting.values() if each.id != touch.id]
        if judged(touch, Cap(most, CapPeriod.DAY), contacts=contacts, rivals=rivals) == "SEND":
            contacts.append(contact(NOON, touch_id=touch.id))
            sent.append(touch)
        del waiting[touch.id]
    ranked = sorted(touches, key=lambda touch: rival(touch).rank)
    assert {touch.id for touch in sent} == {touch.id for touch in ranked[:most]}
