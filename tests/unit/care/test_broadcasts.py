from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.providers.broadcasts import (
    Broadcast,
    Step,
    circulars,
    confirm_by,
    next_step,
    quota_of,
    sender_of,
    shared_out,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
CORP = {"corp_id": "ww01", "sender": "zhangsan"}


def at(text: str) -> datetime:
    """Return a moment in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def a_broadcast(asked_at: datetime) -> Broadcast:
    return Broadcast(
        id="tch_1.1@x",
        touch_id="tch_1",
        campaign_id="cmp_1",
        member_id="mem_1",
        provider_id="prv_1",
        corp_id="ww01",
        sender="zhangsan",
        customer="wm1",
        quota_key="q",
        asked_at=asked_at,
        look_at=asked_at,
    )


@pytest.mark.parametrize(
    ("settings", "key", "most", "ends_at"),
    [
        ({}, "ww01/wm1/2026-02-01+28", 28, "2026-03-01"),
        ({"per_month": "4"}, "ww01/wm1/2026-02-01+28", 4, "2026-03-01"),
        ({"quota": "day"}, "ww01/wm1/2026-02-16+1", 1, "2026-02-17"),
        ({"quota": "week"}, "ww01/wm1/2026-02-16+7", 7, "2026-02-23"),
    ],
)
def test_a_quota_counts_days_weeks_or_months_of_the_companys_calendar(
    settings: Mapping[str, str], key: str, most: int, ends_at: str
) -> None:
    found = quota_of({**CORP, **settings}, "wm1", now=datetime(2026, 2, 15, 16, 30, tzinfo=UTC), zone=SHANGHAI)
    assert (found.key, found.most, found.ends_at) == (key, most, at(ends_at))


def test_a_task_must_be_confirmed_by_five_of_the_first_day_that_leaves_an_hour() -> None:
    assert confirm_by(at("2026-11-23 09:00"), zone=SHANGHAI) == at("2026-11-23 17:00")
    assert confirm_by(at("2026-11-23 16:00"), zone=SHANGHAI) == at("2026-11-23 17:00")
    assert confirm_by(at("2026-11-23 16:01"), zone=SHANGHAI) == at("2026-11-24 17:00")
    assert confirm_by(at("2026-11-23 23:30"), zone=SHANGHAI) == at("2026-11-24 17:00")


def test_three_reminders_half_an_hour_apart_then_somebody_calls() -> None:
    task, asked = a_broadcast(at("2026-11-23 09:00")), list[str]()
    for minutes in range(0, 12 * 60, 10):
        now = at("2026-11-23 09:00") + timedelta(minutes=minutes)
        step = next_step(task, now, zone=SHANGHAI)
        if step is Step.REMIND:
            task = replace(task, reminders=task.reminders + 1, reminded_at=now)
        if step is not Step.WAIT:
            asked.append(f"{now:%H:%M} {step.value}")
        if step is Step.FALL_BACK:
            break
    assert asked == ["17:00 remind", "17:30 remind", "18:00 remind", "18:30 fall back"]


@given(looks=st.lists(st.integers(1, 2000), max_size=60), hour=st.integers(0, 23))
def test_whenever_somebody_looks_nobody_is_reminded_more_than_three_times(looks: list[int], hour: int) -> None:
    now = at("2026-11-23 00:00") + timedelta(hours=hour)
    task, reminders = a_broadcast(now), 0
    for minutes in looks:
        now += timedelta(minutes=minutes)
        if next_step(task, now, zone=SHANGHAI) is Step.REMIND:
            assert now >= confirm_by(task.asked_at, zone=SHANGHAI)
            reminders += 1
            task = replace(task, reminders=reminders, reminded_at=now)
    assert reminders <= 3


def test_the_owner_sends_where_wecom_knows_them_and_else_the_default_sender() -> None:
    told = {**CORP, "senders": "emp_1=lisi emp_2=wangwu"}
    assert [sender_of(told, owner) for owner in ("emp_2", "emp_3", "")] == ["wangwu", "zhangsan", "zhangsan"]


wishes = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.integers(1, 6)), max_size=40)


@given(wishes=wishes, most=st.integers(1, 5))
def test_every_message_is_in_one_task_of_its_sender_and_text_and_no_customer_twice_in_any(
    wishes: list[tuple[str, str, int]], most: int
) -> None:
    asked_at = at("2026-11-23 09:00")
    wanted = [
        (replace(a_broadcast(asked_at), id=str(place), sender=sender, customer=f"wm-{number}"), text)
        for place, (sender, text, number) in enumerate(wishes)
    ]
    made = circulars(wanted, most=most)
    told = {each.id: (task.sender, task.text) for task in made for each in task.broadcasts}
    assert told == {broadcast.id: (broadcast.sender, text) for broadcast, text in wanted}
    assert sum(len(task.broadcasts) for task in made) == len(wanted)
    for task in made:
        customers = [each.customer for each in task.broadcasts]
        assert len(set(customers)) == len(customers) <= most


def test_a_hundred_equal_texts_are_one_task_and_its_halves_are_all_of_it() -> None:
    alike = [replace(a_broadcast(at("2026-11-23 09:00")), id=str(n), customer=f"wm-{n}") for n in range(100)]
    (task,) = circulars((each, "中秋快乐") for each in alike)
    assert task.broadcasts == tuple(alike)
    first, second = task.halves()
    assert (first.text, first.broadcasts + second.broadcasts) == ("中秋快乐", task.broadcasts)
    assert len(first.broadcasts) == 50


def test_messages_in_doubt_are_shared_out_to_the_tasks_that_have_their_customers_and_none_to_two() -> None:
    asked_at = at("2026-11-23 09:00")
    names = {"a": "wm-1", "b": "wm-2", "doublet of b": "wm-2", "c": "wm-3"}
    doubtful = [replace(a_broadcast(asked_at), id=key, customer=customer) for key, customer in names.items()]
    found = shared_out(doubtful, {"first": {"wm-1", "wm-2", "wm-9"}, "second": {"wm-2"}, "third": {"wm-1"}})
    assert {task: [each.id for each in mine] for task, mine in found.items()} == {
        "first": ["b", "a"],
        "second": ["doublet of b"],
        "third": [],
    }
