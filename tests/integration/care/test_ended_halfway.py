"""A member is merged or erased, and the process dies amid it, or somebody else is at work on the same person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import sending_service_pb2 as sending
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.loyalty_service_pb2_grpc import LoyaltyServiceStub
from membercare.care.v1.sending_service_pb2_grpc import SendingServiceStub
from services.care.app.members import build_settle_ended
from services.care.config import Settings
from services.care.consumers import CareConsumers
from services.care.domain.segments.facts import Act
from services.care.domain.visits.call_task import CallTask
from services.care.domain.visits.kinds import VisitKind
from services.care.store.segments.member_facts import MongoMemberFacts
from services.care.usecases.members.settle_ended import SettleEnded
from services.chassis.clock import SystemClock
from tests.fakes.clock import FrozenClock
from tests.integration.calling import Calling
from tests.integration.care.in_between import right_after, right_before
from tests.integration.care.people import registered
from tests.integration.care.points import earn

Documents = Database[dict[str, Any]]


class Dead(BaseException):
    """The process is gone."""


def dies() -> None:
    raise Dead


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(SystemClock().now())


@pytest.fixture
def settle(care_settings: Settings, clock: FrozenClock, database: Documents) -> SettleEnded:
    return build_settle_ended(care_settings, clock)


@pytest.fixture
def zephyr(calling: Calling) -> Callable[[], str]:
    """Register somebody under whose id something stands in every collection that a merge or an erasure looks at."""

    def live() -> str:
        member = registered(calling.as_role(CareServiceStub, "ops"), name="Zephyr", wechat_id="op-zephyr").id
        earn(calling.as_role(LoyaltyServiceStub, "ops"), member, points=5, key="o-1", reference="zephyr-order")
        MongoMemberFacts().did(Act("bought", SystemClock().now(), f"evt_{member}"), member_id=member)
        granted = sending.GrantWechatCreditsRequest(member_id=member, template_id="t1", count=2, request_id="zephyr")
        calling.as_role(SendingServiceStub, "ops").GrantWechatCredits(granted)
        return member

    return live


def what_one_has(database: Documents, member: str) -> tuple[int, int, int]:
    """Return the points, the acts and the authorisations of a member."""
    account = database["points_accounts"].find_one({"_id": member}) or {}
    found = database["members"].find_one({"_id": member}) or {}
    credit = database["wechat_credits"].find_one({"member_id": member}) or {}
    acts = found.get("acts", {}).get("bought", ())
    return sum(lot["points"] for lot in account.get("lots", ())), len(acts), credit.get("left", 0)


def who_is_told_of(database: Documents) -> set[str]:
    """Return the collections that still tell of Zephyr."""
    return {
        name
        for name in database.list_collection_names()
        for each in database[name].find()
        if "zephyr" in repr(each).lower()
    }


def later(settle: SettleEnded, clock: FrozenClock) -> int:
    """Let the leader look some minutes later."""
    clock.set(clock.now() + timedelta(minutes=3))
    return settle(lambda: True)


@pytest.mark.parametrize(
    ("port", "method"), [("acts", "note_once"), ("carry_points", "__call__"), ("belongings", "carry")]
)
def test_a_merge_whose_process_dies_before_everything_went_along_is_finished(
    settle: SettleEnded, clock: FrozenClock, database: Documents, zephyr: Callable[[], str], port: str, method: str
) -> None:
    doublet, survivor = zephyr(), zephyr()
    merge = settle.merge
    dying = replace(merge, **{port: right_before(getattr(merge, port), method, happens=dies)})
    with pytest.raises(Dead):
        dying(doublet, survivor, by="ops", etag="")
    assert settle(lambda: True) == 0  # it may be under way yet
    assert later(settle, clock) == 1
    assert what_one_has(database, survivor) == (10, 2, 4)
    assert database["privacy_acts"].count_documents({"member_id": doublet, "act": "merged"}) == 1
    assert later(settle, clock) == 0


def test_two_merges_of_one_family_at_once_leave_nothing_behind(
    settle: SettleEnded, clock: FrozenClock, database: Documents, zephyr: Callable[[], str]
) -> None:
    first, second, third = zephyr(), zephyr(), zephyr()
    merge = settle.merge

    def other() -> None:
        merge(second, third, by="ops", etag="")

    replace(merge, members=right_after(merge.members, "merge", happens=other))(first, second, by="ops", etag="")
    assert what_one_has(database, third) == (15, 3, 6)
    assert [what_one_has(database, each)[0] for each in (first, second)] == [0, 0]


@pytest.mark.parametrize(
    ("port", "method"), [("members", "change"), ("withdraw_visits", "__call__"), ("data", "forget")]
)
def test_an_erasure_whose_process_dies_halfway_is_finished(
    settle: SettleEnded, clock: FrozenClock, database: Documents, zephyr: Callable[[], str], port: str, method: str
) -> None:
    doublet, survivor = zephyr(), zephyr()
    settle.merge(doublet, survivor, by="ops", etag="")
    later(settle, clock)
    erase = settle.erase
    wrapped = right_after if port == "members" else right_before
    dying = replace(erase, **{port: wrapped(getattr(erase, port), method, happens=dies)})
    with pytest.raises(Dead):
        dying(survivor, by="ops", reason="asked by letter")
    assert later(settle, clock) == (1 if port == "members" else 2)
    assert who_is_told_of(database) == set()
    later(settle, clock)
    assert database["members"].count_documents({"unsettled": True}) == 0


@pytest.mark.parametrize("into", [True, False], ids=["into somebody", "somebody into them"])
def test_who_is_merged_while_being_erased_is_forgotten_under_every_id(
    settle: SettleEnded, database: Documents, zephyr: Callable[[], str], into: bool
) -> None:
    person, other = zephyr(), zephyr()
    erase = settle.erase
    pair = (person, other) if into else (other, person)

    def merging() -> None:
        settle.merge(*pair, by="ops", etag="")

    replace(erase, members=right_before(erase.members, "change", happens=merging))(person, by="ops", reason="asked")
    assert who_is_told_of(database) == set()
    assert database["members"].count_documents({"erased_time": None}) == 0
    notes = database["privacy_acts"].find({"act": "erased"})
    assert {each["member_id"] for each in notes} >= {person}


def test_a_call_that_is_planned_for_somebody_while_they_are_erased_is_withdrawn(
    settle: SettleEnded, clock: FrozenClock, database: Documents, zephyr: Callable[[], str], consumers: CareConsumers
) -> None:
    person = zephyr()
    plan_call: Any = consumers.follow_event.plan_call

    def erasing() -> None:
        settle.erase(person, by="ops", reason="asked by letter")

    task = CallTask(key=("one",), kind=VisitKind.CAMPAIGN, due=clock.now().date(), member_id=person, topic="Zephyr")
    replace(plan_call, callees=right_after(plan_call.callees, "zone_of", happens=erasing))(task)
    assert [each["state"] for each in database["visits"].find()] == ["VISIT_STATE_DUE"]
    later(settle, clock)
    assert [each["state"] for each in database["visits"].find()] == ["VISIT_STATE_CANCELLED"]


def test_what_was_written_under_the_doublets_id_a_moment_after_the_merge_goes_along(
    settle: SettleEnded, clock: FrozenClock, database: Documents, zephyr: Callable[[], str]
) -> None:
    doublet, survivor = zephyr(), zephyr()
    settle.merge(doublet, survivor, by="ops", etag="")
    late = {"_id": f"{doublet}/t1", "member_id": doublet, "template_id": "t1", "left": 1, "seen": ["late"]}
    database["wechat_credits"].insert_one(late)
    later(settle, clock)
    assert what_one_has(database, survivor) == (10, 2, 5)


def test_an_authorisation_that_is_told_of_somebody_who_was_erased_is_not_kept(
    settle: SettleEnded, calling: Calling, database: Documents, zephyr: Callable[[], str]
) -> None:
    person = zephyr()
    settle.erase(person, by="ops", reason="asked by letter")
    late = sending.GrantWechatCreditsRequest(member_id=person, template_id="t1", count=2, request_id="late")
    assert calling.as_role(SendingServiceStub, "ops").GrantWechatCredits(late).left == 0
    assert database["wechat_credits"].count_documents({}) == 0
