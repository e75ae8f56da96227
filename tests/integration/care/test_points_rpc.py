"""Points and tiers over the wire: earned, redeemed side by side, taken back, refused."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest

from membercare.care.v1 import loyalty_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.loyalty_service_pb2_grpc import LoyaltyServiceStub
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.care.people import NOBODY, registered
from tests.integration.care.points import Documents, begun, earn, redeem, terms
from tests.integration.profiled import profiled


@pytest.fixture
def ops(calling: Calling) -> LoyaltyServiceStub:
    return calling.as_role(LoyaltyServiceStub, "ops")


@pytest.fixture
def member(calling: Calling) -> str:
    return registered(calling.as_role(CareServiceStub, "ops")).id


def test_points_lead_to_a_tier_in_the_same_call_and_the_member_shows_both(
    ops: LoyaltyServiceStub, member: str, database: Documents
) -> None:
    begun(ops, database)
    assert earn(ops, member, points=499, key="order:1").account.tier == "basic"
    reply = earn(ops, member, points=1, key="order:2", reference="ORD-2")
    assert (reply.entry.number, reply.entry.points, reply.entry.balance, reply.entry.by) == (2, 1, 500, "somebody")
    assert (reply.account.tier, reply.account.balance, reply.account.window_points) == ("gold", 500, 500)
    assert [(each.privilege.code, each.left) for each in reply.account.privileges] == [("lounge", 1)]
    stored = database["members"].find_one({"_id": member})
    assert stored is not None
    assert (stored["tier"], stored["points"], stored["points_expiry_date"]) == (
        "gold",
        500,
        reply.account.lots[0].expires_on,
    )
    account = database["points_accounts"].find_one({"_id": member})
    assert account is not None
    assert [(each["type"], each["data"].get("new_tier")) for each in account["outbox"]] == [
        ("tier_changed", "basic"),
        ("tier_changed", "gold"),
    ]


def test_a_repeated_key_moves_nothing_and_another_content_under_it_is_refused(
    ops: LoyaltyServiceStub, member: str
) -> None:
    first = earn(ops, member, points=100, key="order:1")
    redeem(ops, member, points=60, key="mug:1")
    assert earn(ops, member, points=100, key="order:1").entry == first.entry
    refusal = refused(ops.EarnPoints, pb.EarnPointsRequest(member_id=member, points=90, key="order:1", reason="order"))
    assert (refusal.kind, refusal.reason, refusal.metadata["entry_id"]) == (
        Kind.ALREADY_EXISTS,
        "POINTS_KEY_TAKEN",
        first.entry.id,
    )
    (account,) = ops.BatchGetPointsAccounts(pb.BatchGetPointsAccountsRequest(member_ids=[member])).accounts
    assert (account.balance, account.lifetime_points) == (40, 100)


def test_accounts_of_many_members_are_read_at_once_and_judged_by_rules_that_are_read_once(
    calling: Calling, ops: LoyaltyServiceStub, database: Documents
) -> None:
    begun(ops, database)
    members = [registered(calling.as_role(CareServiceStub, "ops")).id for _ in range(5)]
    for number, member in enumerate(members):
        earn(ops, member, points=100 * number + 100, key="order:1")
    with profiled(database) as operations:
        found = ops.BatchGetPointsAccounts(pb.BatchGetPointsAccountsRequest(member_ids=members)).accounts
    assert {each.member_id: (each.balance, each.tier) for each in found} == {
        member: (points, "gold" if points == 500 else "basic")
        for member, points in zip(members, range(100, 600, 100), strict=True)
    }
    assert sorted(each["ns"].partition(".")[2] for each in operations) == ["loyalty_programs", "points_accounts"]


def test_points_that_would_end_on_another_day_are_another_content(ops: LoyaltyServiceStub, member: str) -> None:
    asked: dict[str, Any] = {"member_id": member, "points": 100, "key": "order:1", "reason": "order"}
    first = ops.EarnPoints(pb.EarnPointsRequest(expires_on="2999-12-31", **asked)).entry
    assert ops.EarnPoints(pb.EarnPointsRequest(expires_on="2999-12-31", **asked)).entry == first
    refusal = refused(ops.EarnPoints, pb.EarnPointsRequest(expires_on="2999-11-30", **asked))
    assert (refusal.kind, refusal.reason) == (Kind.ALREADY_EXISTS, "POINTS_KEY_TAKEN")
    (account,) = ops.BatchGetPointsAccounts(pb.BatchGetPointsAccountsRequest(member_ids=[member])).accounts
    assert [(lot.points, lot.expires_on) for lot in account.lots] == [(100, "2999-12-31")]


def test_of_fifty_parallel_redemptions_of_the_last_points_exactly_one_wins(
    ops: LoyaltyServiceStub, member: str, database: Documents
) -> None:
    earn(ops, member, points=100, key="order:1")

    def try_it(number: int) -> str:
        try:
            redeem(ops, member, points=100, key=f"mug:{number}")
        except grpc.RpcError as error:
            return str(error.details())
        return "redeemed"

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(try_it, range(50)))
    assert outcomes.count("redeemed") == 1
    assert set(outcomes) == {"redeemed", "100 points are asked for, and 0 can be used."}
    assert database["points_entries"].count_documents({"kind": "POINTS_ENTRY_KIND_REDEEM"}) == 1


def test_the_same_call_twenty_times_side_by_side_redeems_once(
    ops: LoyaltyServiceStub, member: str, database: Documents
) -> None:
    earn(ops, member, points=100, key="order:1")
    with ThreadPoolExecutor(10) as pool:
        entries = {
            reply.entry.id for reply in pool.map(lambda _: redeem(ops, member, points=40, key="mug:1"), range(20))
        }
    assert len(entries) == 1
    account = database["points_accounts"].find_one({"_id": member})
    assert account is not None
    assert [lot["points"] for lot in account["lots"]] == [60]


def test_a_redemption_is_taken_back_once(ops: LoyaltyServiceStub, member: str) -> None:
    earned = earn(ops, member, points=100, key="order:1").entry
    redeemed = redeem(ops, member, points=40, key="mug:1").entry
    back = ops.ReturnPoints(pb.ReturnPointsRequest(entry_id=redeemed.id, reason="sold out"))
    assert (back.account.balance, back.entry.points) == (100, 40)
    again = ops.ReturnPoints(pb.ReturnPointsRequest(entry_id=redeemed.id, reason="sold out"))
    assert (again.account.balance, again.entry) == (100, back.entry)
    refusal = refused(ops.ReturnPoints, pb.ReturnPointsRequest(entry_id=earned.id, reason="x"))
    assert (refusal.reason, refusal.field) == ("POINTS_NOT_REDEEMED", "entry_id")
    listed = ops.ListPointsEntries(pb.ListPointsEntriesRequest(member_id=member, page_size=2))
    assert [entry.number for entry in listed.entries] == [3, 2]
    rest = ops.ListPointsEntries(pb.ListPointsEntriesRequest(member_id=member, page_token=listed.next_page_token))
    assert ([entry.number for entry in rest.entries], rest.next_page_token) == ([1], "")
    found = ops.BatchGetPointsEntries(pb.BatchGetPointsEntriesRequest(entry_ids=[earned.id]))
    assert list(found.entries) == [earned]


@pytest.mark.parametrize(
    ("request_", "reason", "field"),
    [
        (pb.EarnPointsRequest(points=1, key="k", reason="r"), "INVALID_ID", "member_id"),
        (pb.EarnPointsRequest(member_id=NOBODY, points=1, key="k", reason="r"), "MEMBER_NOT_FOUND", ""),
        (pb.EarnPointsRequest(points=0, key="k", reason="r"), "INVALID_FIELD", "points"),
        (pb.EarnPointsRequest(points=100_000_001, key="k", reason="r"), "INVALID_FIELD", "points"),
        (pb.EarnPointsRequest(points=1, reason="r"), "INVALID_FIELD", "key"),
        (pb.EarnPointsRequest(points=1, key="k"), "INVALID_FIELD", "reason"),
        (pb.EarnPointsRequest(points=1, key="k" * 101, reason="r"), "INVALID_FIELD", "key"),
        (pb.EarnPointsRequest(points=1, key="k", reason="r", expires_on="2020-01-01"), "INVALID_FIELD", "expires_on"),
        (pb.EarnPointsRequest(points=1, key="k", reason="r", expires_on="soon"), "INVALID_FIELD", "expires_on"),
    ],
)
def test_what_cannot_be_posted_is_refused_and_leaves_nothing(
    ops: LoyaltyServiceStub, member: str, database: Documents, request_: pb.EarnPointsRequest, reason: str, field: str
) -> None:
    if reason == "INVALID_FIELD":
        request_.member_id = member
    refusal = refused(ops.EarnPoints, request_)
    assert (refusal.reason, refusal.field) == (reason, field)
    assert database["points_accounts"].count_documents({}) == database["points_entries"].count_documents({}) == 0


def test_an_erased_person_has_no_account_and_a_doublet_earns_for_the_survivor(
    ops: LoyaltyServiceStub, calling: Calling, database: Documents
) -> None:
    people = calling.as_role(CareServiceStub, "ops")
    gone, doublet, survivor = (registered(people).id for _ in range(3))
    database["members"].update_one({"_id": gone}, {"$set": {"erased_time": SystemClock().now()}})
    database["members"].update_one({"_id": doublet}, {"$set": {"merged_into_id": survivor}})
    refusal = refused(ops.EarnPoints, pb.EarnPointsRequest(member_id=gone, points=1, key="k", reason="r"))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "MEMBER_ERASED")
    assert earn(ops, doublet, points=7, key="order:1").account.member_id == survivor


def test_a_privilege_is_used_as_often_as_the_tier_allows(
    ops: LoyaltyServiceStub, member: str, database: Documents
) -> None:
    begun(ops, database)
    refusal = refused(ops.UsePrivilege, pb.UsePrivilegeRequest(member_id=member, privilege="lounge", key="a"))
    assert refusal.reason == "PRIVILEGE_NOT_OF_TIER"
    earn(ops, member, points=500, key="order:1")
    used = ops.UsePrivilege(pb.UsePrivilegeRequest(member_id=member, privilege="lounge", key="a"))
    assert [(each.used, each.left) for each in used.account.privileges] == [(1, 0)]
    assert ops.UsePrivilege(pb.UsePrivilegeRequest(member_id=member, privilege="lounge", key="a")).entry == used.entry
    refusal = refused(ops.UsePrivilege, pb.UsePrivilegeRequest(member_id=member, privilege="lounge", key="b"))
    assert (refusal.reason, refusal.metadata["per_year"]) == ("PRIVILEGE_USED_UP", "1")


def test_stale_rules_and_rules_of_yesterday_are_refused(ops: LoyaltyServiceStub) -> None:
    program = ops.UpdateLoyaltyProgram(pb.UpdateLoyaltyProgramRequest(terms=terms())).program
    assert [tier.code for tier in program.terms[0].tiers] == ["basic", "gold"]
    assert ops.GetLoyaltyProgram(pb.GetLoyaltyProgramRequest()).program == program
    stale = pb.UpdateLoyaltyProgramRequest(terms=terms(window_months=6), etag="1")
    assert refused(ops.UpdateLoyaltyProgram, stale).reason == "STALE_VERSION"
    late = pb.UpdateLoyaltyProgramRequest(terms=terms(effective_from="2020-01-01"))
    assert refused(ops.UpdateLoyaltyProgram, late).field == "terms.effective_from"
    assert ops.GetLoyaltyProgram(pb.GetLoyaltyProgramRequest()).program == program
