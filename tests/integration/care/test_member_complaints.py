"""A complaint stands with its member while it is open, in whatever order its news are heard."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from pymongo.database import Database

from membercare.feedback.v1 import case_pb2
from membercare.feedback.v1.events_pb2 import CaseClosed, CaseOpened
from services.care.app import build_consumers
from services.care.config import Settings
from services.care.domain.members.details import MemberDetails
from services.care.domain.members.erasure import erase
from services.care.domain.members.member import Member
from services.care.domain.members.merging import merge
from services.care.store.members.closed_complaints import MongoClosedComplaints
from services.care.store.members.members import MongoMembers
from services.care.usecases.members.hear_complaint import HearComplaint
from services.chassis.ids import new_id
from tests.fakes.clock import FrozenClock
from tests.integration.care.greetings import utc

NOON = utc("2026-11-22 12:00")
CASE, OTHER = "cas_00000000000000000000000001", "cas_00000000000000000000000002"


@pytest.fixture
def members(database: Database[dict[str, Any]]) -> MongoMembers:
    return MongoMembers(FrozenClock(NOON))


@pytest.fixture
def hear(members: MongoMembers) -> HearComplaint:
    return HearComplaint(members, MongoClosedComplaints(), FrozenClock(NOON))


def registered(members: MongoMembers) -> Member:
    return members.add(Member.register(new_id("mem", NOON), MemberDetails(name="王"), now=NOON), request_key="")


def envelope(message: Message) -> dict[str, Any]:
    name = message.DESCRIPTOR.name
    return {
        "id": "evt_1",
        "type": name,
        "source": "feedback",
        "time": "2026-11-22T12:00:00.000Z",
        "subject": CASE,
        "schema": message.DESCRIPTOR.full_name,
        "trace": "",
        "data": MessageToDict(message, preserving_proto_field_name=True),
    }


@pytest.mark.parametrize("news", sorted(set(permutations(["opened", "opened", "ended"]))))
def test_a_complaint_that_was_closed_is_closed_in_whatever_order_it_was_heard(
    members: MongoMembers, hear: HearComplaint, news: tuple[str, ...]
) -> None:
    member = registered(members)
    hear.opened(OTHER, member.id)
    for each in news:
        getattr(hear, each)(CASE, member.id)
    assert members.get(member.id).complaints == (OTHER,)


def test_only_complaints_of_known_members_are_noted(
    members: MongoMembers, care_settings: Settings, database: Database[dict[str, Any]]
) -> None:
    consumers = build_consumers(care_settings).service
    member = registered(members)
    complaint = CaseOpened(case_id=CASE, kind=case_pb2.CASE_KIND_COMPLAINT, member_id=member.id)
    question = CaseOpened(case_id=OTHER, kind=case_pb2.CASE_KIND_INQUIRY, member_id=member.id)
    stranger = CaseOpened(case_id=OTHER, kind=case_pb2.CASE_KIND_COMPLAINT, member_id=new_id("mem", NOON))
    nobody = CaseOpened(case_id=OTHER, kind=case_pb2.CASE_KIND_COMPLAINT)
    for message in (complaint, complaint, question, stranger, nobody):
        consumers.on_case_opened(envelope(message))
    stored = members.get(member.id)
    assert (stored.complaints, stored.version) == ((CASE,), 2)
    closed = CaseClosed(case_id=CASE, kind=case_pb2.CASE_KIND_COMPLAINT, member_id=member.id)
    consumers.on_case_closed(envelope(closed))
    assert members.get(member.id).complaints == ()
    assert database["members"].count_documents({}) == 1


def test_a_complaint_of_a_doublet_is_closed_at_its_survivor(members: MongoMembers, hear: HearComplaint) -> None:
    doublet, survivor = registered(members), registered(members)
    hear.opened(CASE, doublet.id)
    members.merge(doublet.id, survivor.id, step=lambda one, other: merge(one, other, now=NOON), etag="")
    hear.opened(OTHER, doublet.id)
    assert members.get(survivor.id).complaints == (CASE, OTHER)
    hear.ended(CASE, doublet.id)
    assert members.get(survivor.id).complaints == (OTHER,)


def test_nothing_is_noted_of_who_was_erased(members: MongoMembers, hear: HearComplaint) -> None:
    member = registered(members)
    left = members.change(member.id, lambda stored: erase(stored, now=NOON), etag="", request_key="")
    hear.opened(CASE, member.id)
    assert members.get(member.id) == replace(left, events=())
