"""What happened between us and a person is read in one order, newest first, page by page."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.domain.loyalty.entry import EntryKind
from services.care.domain.segments.facts import Act
from services.care.store.segments.member_facts import MongoMemberFacts
from services.chassis.ids import derived_id
from services.chassis.timestamps import to_datetime
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import Greetings, solar, utc

NOON = utc("2026-11-22 12:00")
TOUCH, VISIT, POINTS = (derived_id(prefix, "timeline") for prefix in ("tch", "vis", "pnt"))
Documents = Database[dict[str, Any]]


@pytest.fixture
def ops(calling: Calling) -> MembersServiceStub:
    return calling.as_role(MembersServiceStub, "ops")


def read(stub: MembersServiceStub, member_id: str, **page: Any) -> pb.ListMemberTimelineResponse:
    return stub.ListMemberTimeline(pb.ListMemberTimelineRequest(member_id=member_id, **page))


def told(entry: pb.TimelineEntry) -> tuple[str, str, str]:
    """Return (time, kind, what) of an entry."""
    what = entry.touch_id or entry.visit_id or entry.points_entry_id or entry.act or entry.consent.id[:3]
    moment = to_datetime(entry.time).isoformat(" ", timespec="minutes")[:16]
    return moment, pb.TimelineKind.Name(entry.kind).removeprefix("TIMELINE_KIND_"), what


def a_life(database: Documents, member_id: str, *, doublet_id: str) -> None:
    """Store one thing of each kind, some of them with the doublet."""
    database["touches"].insert_one({"_id": TOUCH, "member_id": member_id, "due_at": NOON})
    visit = {"member_id": doublet_id, "created_at": NOON - timedelta(days=9)}
    database["visits"].insert_one({"_id": VISIT, **visit, "completed_at": NOON + timedelta(hours=2)})
    entry = {"member_id": member_id, "number": 1, "kind": EntryKind.EARN.value, "create_time": NOON}
    database["points_entries"].insert_one({"_id": POINTS, **entry})
    facts = MongoMemberFacts()
    facts.did(Act("case_opened", NOON + timedelta(hours=1), "evt_1"), member_id=member_id)
    facts.did(Act("visit_completed", NOON + timedelta(hours=2), "evt_2"), member_id=member_id)


def test_everything_that_happened_is_told_newest_first_also_with_a_doublet(
    greetings: Greetings, ops: MembersServiceStub, database: Documents
) -> None:
    member, doublet = greetings.member(birthday=solar("1990-11-22")), greetings.member(email_consent=False)
    greetings.set_on(member.id, merged_ids=[doublet.id])
    greetings.set_on(doublet.id, merged_into_id=member.id)
    a_life(database, member.id, doublet_id=doublet.id)
    assert [told(each) for each in read(ops, member.id).entries] == [
        ("2026-11-22 14:00", "VISIT", VISIT),
        ("2026-11-22 13:00", "ACT", "case_opened"),
        ("2026-11-22 12:00", "TOUCH", TOUCH),
        ("2026-11-22 12:00", "POINTS", POINTS),
        ("2026-11-22 02:00", "CONSENT", "cns"),
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_of_any_size_tell_each_thing_once_also_many_at_one_moment(
    greetings: Greetings, ops: MembersServiceStub, database: Documents, size: int
) -> None:
    member = greetings.member()
    a_life(database, member.id, doublet_id=member.id)
    more = [{"_id": derived_id("tch", str(number)), "member_id": member.id, "due_at": NOON} for number in range(6)]
    database["touches"].insert_many(more)
    whole = list(read(ops, member.id).entries)
    paged, token = list[pb.TimelineEntry](), ""
    while not paged or token:
        page = read(ops, member.id, page_size=size, page_token=token)
        assert 1 <= len(page.entries) <= size
        paged, token = [*paged, *page.entries], page.next_page_token
    assert paged == whole
    assert len({each.id for each in whole}) == len(whole) == 11


def test_the_timeline_of_one_is_not_that_of_another_and_a_visit_not_made_stands_where_it_was_planned(
    greetings: Greetings, ops: MembersServiceStub, database: Documents
) -> None:
    member, other = greetings.member(email_consent=False), greetings.member(email_consent=False)
    a_life(database, other.id, doublet_id=other.id)
    assert list(read(ops, member.id).entries) == []
    database["visits"].update_one({"_id": VISIT}, {"$set": {"completed_at": None}})
    assert told(read(ops, other.id).entries[-1]) == ("2026-11-13 12:00", "VISIT", VISIT)


def test_who_sees_members_masked_reads_no_proof(greetings: Greetings, calling: Calling, database: Documents) -> None:
    member = greetings.member()
    word = {"consent_facts.0.proof": "a form", "consent_facts.0.recorded_by": "olga"}
    database["members"].update_one({"_id": member.id}, {"$set": word})
    for role, proof in (("ops", "a form"), ("auditor", "")):
        (entry,) = read(calling.as_role(MembersServiceStub, role), member.id).entries
        assert entry.consent.proof == proof


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({"member_id": "mem_1"}, "INVALID_ID", "member_id"),
        ({"member_id": derived_id("mem", "nobody")}, "MEMBER_NOT_FOUND", ""),
        ({"page_token": "yesterday"}, "INVALID_FIELD", "page_token"),
        ({"page_token": "1.letter.x"}, "INVALID_FIELD", "page_token"),
        ({"page_size": -1}, "INVALID_FIELD", "page_size"),
    ],
)
def test_a_timeline_that_cannot_be_read_is_refused(
    greetings: Greetings, ops: MembersServiceStub, fields: dict[str, Any], reason: str, field: str
) -> None:
    request = pb.ListMemberTimelineRequest(**{"member_id": greetings.member().id} | fields)
    refusal = refused(ops.ListMemberTimeline, request)
    assert (refusal.reason, refusal.field) == (reason, field)
