"""Who is read at all: members who are due, and on a second look only those of whom something is new."""

from datetime import date
from typing import Any

import pytest

from services.care.domain.campaigns.due.on_day import who_is_due
from services.care.domain.campaigns.due.who import Who
from services.care.domain.campaigns.triggers import (
    AfterEventTrigger,
    BeforeDateTrigger,
    DateKind,
    InactivityTrigger,
    OneOffTrigger,
    Trigger,
)
from services.care.domain.segments.rules import TagRule
from services.care.domain.span import Span, TimeUnit
from services.care.ports.planning import Reach
from services.care.store.members.due_members import due_query
from services.care.store.segments.audiences import MongoAudiences
from services.care.store.segments.segments import MongoSegments
from tests.integration.care.greetings import Greetings, a_plan, utc
from tests.integration.care.test_planner_reach import a_segment

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("trigger", "due", "not_due"),
    [
        (
            AfterEventTrigger("delivery", Span(3, TimeUnit.DAY)),
            {"acts": {"delivery": [utc("2026-11-19 04:00")]}},
            {
                "acts": {
                    "delivery": [utc("2026-11-20 04:00"), utc("2026-11-18 04:00")],
                    "order": [utc("2026-11-19 04:00")],
                }
            },
        ),
        (
            BeforeDateTrigger(DateKind.CONTRACT_END, Span(1, TimeUnit.MONTH)),
            {"contracts": [{"id": "con_1", "state": "active", "end_date": "2026-12-22"}]},
            {"contracts": [{"id": "con_2", "state": "active", "end_date": "2026-12-23"}]},
        ),
        (
            BeforeDateTrigger(DateKind.WARRANTY_END, Span(7, TimeUnit.DAY)),
            {"warranties": [{"id": "ast_1", "end_date": "2026-11-29"}]},
            {"warranties": [{"id": "ast_2", "end_date": "2026-11-30"}]},
        ),
        (
            BeforeDateTrigger(DateKind.POINTS_EXPIRY, Span(2, TimeUnit.DAY)),
            {"points_expiry_date": "2026-11-24"},
            {"points_expiry_date": "2026-11-25"},
        ),
        (
            BeforeDateTrigger(DateKind.ATTRIBUTE, Span(2, TimeUnit.DAY), "licence_ends"),
            {"attributes": {"licence_ends": "2026-11-24"}},
            {"attributes": {"licence_ends": "2026-11-25", "other": "2026-11-24"}},
        ),
        (
            InactivityTrigger(10),
            {"acts": {"visit": [utc("2026-11-12 04:00")]}, "last_act_time": utc("2026-11-12 04:00")},
            {
                "acts": {"visit": [utc("2026-11-13 04:00"), utc("2026-11-12 04:00")]},
                "last_act_time": utc("2026-11-13 04:00"),
            },
        ),
        (
            InactivityTrigger(10, "visit"),
            {"last_acts": {"visit": utc("2026-11-12 04:00")}},
            {"last_acts": {"visit": utc("2026-11-13 04:00"), "other": utc("2026-11-12 04:00")}},
        ),
    ],
)
def test_no_member_is_read_who_is_not_due(
    greetings: Greetings, trigger: Trigger, due: dict[str, Any], not_due: dict[str, Any]
) -> None:
    members = [{"_id": f"mem_{number}", "tags": ["gold"], **(due if number < 3 else not_due)} for number in range(60)]
    greetings.database["members"].insert_many(members)
    book = greetings.sweep.calendars.read()
    who = who_is_due(a_plan(trigger=trigger), TODAY, book=book, zone="Asia/Shanghai")
    assert who is not None
    gold = a_segment(greetings, TagRule(("gold",)))
    within = MongoAudiences(MongoSegments.of(greetings.clock), "Asia/Shanghai").filter(gold, greetings.clock.now())
    assert _read(greetings, who, reach=Reach(within)) == (3, 3)


def _read(greetings: Greetings, who: Who, *, reach: Reach) -> tuple[int, int]:
    """Return how many members were found and how many were read to find them."""
    query, index = due_query(who, reach, changed_since=None)
    explained = greetings.database["members"].find(query, hint=index).explain()["executionStats"]
    return explained["nReturned"], explained["totalDocsExamined"]


def test_only_members_of_whom_something_is_new_are_read_on_a_second_look(greetings: Greetings) -> None:
    old, new = utc("2026-11-20 00:00"), utc("2026-11-22 01:00")
    members = [{"_id": f"mem_{number}", "update_time": old, "time_zone": "UTC"} for number in range(60)]
    members[0] |= {"update_time": new}
    members[1] |= {"heard_time": new}
    greetings.database["members"].insert_many(members)
    book = greetings.sweep.calendars.read()
    who = who_is_due(a_plan(trigger=OneOffTrigger(TODAY)), TODAY, book=book, zone="UTC")
    assert who is not None
    query, index = due_query(who, Reach(), changed_since=utc("2026-11-22 00:00"))
    explained = greetings.database["members"].find(query, hint=index).explain()["executionStats"]
    assert (explained["nReturned"], explained["totalDocsExamined"]) == (2, 2)
