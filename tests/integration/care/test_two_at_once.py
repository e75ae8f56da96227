"""Two who write the same at the same time: the same request, the same version, the same person."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.domain.members.details import MemberDetails
from services.care.domain.members.member import Member
from services.care.store.members.members import MongoMembers
from services.chassis.errors import StaleVersion
from services.chassis.ids import new_id
from tests.fakes.clock import FrozenClock
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import utc
from tests.integration.care.people import registered

NOON = utc("2026-11-22 12:00")
Documents = Database[dict[str, Any]]


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
