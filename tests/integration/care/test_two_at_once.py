"""Two who write the same at the same time: the same request, the same version, the same person."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.domain.members.details import MemberDetails
from services.care.domain.members.member import Member
from services.care.domain.sending.touch import Touch, TouchNotUnknown, TouchResolution, TouchState
from services.care.store.members.members import MongoMembers
from services.care.store.sending.touches import CODEC, MongoTouches
from services.chassis.errors import StaleVersion
from services.chassis.ids import new_id
from tests.fakes.clock import FrozenClock
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import utc
from tests.integration.care.people import NOBODY, registered

NOON = utc("2026-11-22 12:00")
Documents = Database[dict[str, Any]]
UNKNOWN = TouchState.UNKNOWN.value


@pytest.fixture
def members(database: Documents) -> MongoMembers:
    return MongoMembers(FrozenClock(NOON))


@pytest.fixture
def member(members: MongoMembers) -> Member:
    return members.add(Member.register(new_id("mem", NOON), MemberDetails(name="王"), now=NOON), request_key="")


def named(name: str) -> Callable[[Member], Member]:
    return lambda member: replace(member, name=name)


def while_another(happens: Callable[[], object], step: Callable[[Member], Member]) -> Callable[[Member], Member]:
    """Return the step, before whose first outcome is stored something else is."""
    once = [happens]

    def taken(member: Member) -> Member:
        if once:
            once.pop()()
        return step(member)

    return taken


def test_a_request_that_is_sent_twice_at_once_with_an_etag_is_made_once_and_gets_its_outcome_twice(
    members: MongoMembers, member: Member
) -> None:
    step = while_another(lambda: members.change(member.id, named("李"), etag="1", request_key="update:r"), named("李"))
    again = members.change(member.id, step, etag="1", request_key="update:r")
    assert (again.name, again.version) == ("李", 2)
    assert members.get(member.id).version == 2


def test_of_two_who_change_the_same_version_at_once_one_is_refused_and_the_others_word_stands(
    members: MongoMembers, member: Member
) -> None:
    other = while_another(
        lambda: members.change(member.id, named("李"), etag="1", request_key="update:one"), named("张")
    )
    with pytest.raises(StaleVersion):
        members.change(member.id, other, etag="1", request_key="update:two")
    assert (members.get(member.id).name, members.get(member.id).version) == ("李", 2)


def test_merging_the_same_doublet_again_returns_the_outcome_whatever_version_is_named(
    calling: Calling, database: Documents
) -> None:
    ops = calling.as_role(CareServiceStub, "ops")
    doublet, survivor = registered(ops), registered(ops)
    asked = pb.MergeMembersRequest(member_id=doublet.id, into_id=survivor.id, etag=doublet.etag)
    merge = calling.as_role(MembersServiceStub, "ops").MergeMembers
    first = merge(asked)
    assert merge(asked) == first
    stale = pb.MergeMembersRequest(member_id=survivor.id, into_id=registered(ops).id, etag="1")
    assert refused(merge, stale).reason == "STALE_VERSION"


def test_of_two_who_decide_differently_about_a_message_at_once_one_is_told_that_it_was_decided(
    database: Documents,
) -> None:
    ids = [new_id("tch", NOON) for _ in range(30)]
    doubtful = [Touch(key, NOBODY, NOBODY, "2026", "email", "2026-11-22", NOON, "bat_1", NOON) for key in ids]
    database["touches"].insert_many([CODEC.to_document(each) | {"state": UNKNOWN} for each in doubtful])

    def decide(key: str, word: TouchResolution) -> str:
        try:
            return MongoTouches().resolve(key, word, request_key="", now=NOON).state.value
        except TouchNotUnknown:
            return "told"

    with ThreadPoolExecutor(2) as people:
        pairs = [[people.submit(decide, key, word) for word in TouchResolution] for key in ids]
        words = [{each.result() for each in pair} for pair in pairs]
    stored = [each["state"] for each in database["touches"].find().sort("_id", 1)]
    assert words == [{state, "told"} for state in stored]
