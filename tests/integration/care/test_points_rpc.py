"""Points and tiers over the wire: earned, redeemed side by side, expired by a job that may be stopped anywhere."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import grpc
import pytest
from pymongo.database import Database

from membercare.care.v1 import loyalty_pb2
from membercare.care.v1 import loyalty_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.loyalty_service_pb2_grpc import LoyaltyServiceStub
from services.care.app.loyalty import hear_value
from services.care.config import Settings
from services.care.store.loyalty.ledger import MongoPointsLedger
from services.care.store.loyalty.program import MongoPrograms
from services.care.usecases.loyalty.settle_accounts import SettleAccounts
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from services.chassis.ids import derived_id
from tests.fakes.clock import FrozenClock
from tests.integration.calling import Calling, refused
from tests.integration.care.people import NOBODY, registered

Documents = Database[dict[str, Any]]
ZONE = "Asia/Shanghai"
TIERS = [
    loyalty_pb2.Tier(code="basic", name_en="Basic", name_zh="普通"),
    loyalty_pb2.Tier(
        code="gold",
        name_en="Gold",
        name_zh="金卡",
        least_points=500,
        value_tiers=["CUSTOMER_TIER_HIGH_VALUE"],
        privileges=[loyalty_pb2.TierPrivilege(code="lounge", name_en="Lounge", name_zh="休息室", per_year=1)],
    ),
]


@pytest.fixture
def ops(calling: Calling) -> LoyaltyServiceStub:
    return calling.as_role(LoyaltyServiceStub, "ops")


@pytest.fixture
def member(calling: Calling) -> str:
    return registered(calling.as_role(CareServiceStub, "ops")).id


def terms(**fields: Any) -> loyalty_pb2.LoyaltyTerms:
    today = SystemClock().now().date() + timedelta(days=1)  # today or later, wherever it is tested
    told: dict[str, Any] = {"window_months": 12, "protection_months": 3, "points_live_months": 24, "tiers": TIERS}
    return loyalty_pb2.LoyaltyTerms(**{"effective_from": today.isoformat()} | told | fields)


def begun(ops: LoyaltyServiceStub, database: Documents) -> None:
    """Set rules, and let them have begun long ago."""
    ops.UpdateLoyaltyProgram(pb.UpdateLoyaltyProgramRequest(terms=terms()))
    database["loyalty_programs"].update_one({}, {"$set": {"terms.0.effective_from": "2020-01-01"}})


def earn(ops: LoyaltyServiceStub, member: str, *, points: int, key: str, **fields: Any) -> pb.EarnPointsResponse:
    return ops.EarnPoints(pb.EarnPointsRequest(member_id=member, points=points, key=key, reason="order", **fields))


def redeem(ops: LoyaltyServiceStub, member: str, *, points: int, key: str) -> pb.RedeemPointsResponse:
    return ops.RedeemPoints(pb.RedeemPointsRequest(member_id=member, points=points, key=key, reason="mug"))


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


def test_the_value_of_the_customer_moves_its_members_and_old_news_do_not(
    ops: LoyaltyServiceStub, calling: Calling, database: Documents, care_settings: Settings
) -> None:
    begun(ops, database)
    customer = derived_id("cus", "1")
    member = registered(calling.as_role(CareServiceStub, "ops"), customer_id=customer).id
    hear = hear_value(care_settings)
    hear(customer, "CUSTOMER_TIER_HIGH_VALUE", version=2)
    hear(customer, "CUSTOMER_TIER_AT_RISK", version=1)
    why = ops.ExplainTier(pb.ExplainTierRequest(member_id=member))
    assert (why.account.tier, why.deserved_tier) == ("gold", "gold")
    assert "by the value of the customer" in why.text_en
    assert "依据所属客户的价值" in why.text_zh


def settle(now: FrozenClock, *, page: int = 2, told: list[str] | None = None) -> SettleAccounts:
    known = [] if told is None else told
    ledger, programs = MongoPointsLedger(now), MongoPrograms.of(now)
    return SettleAccounts(ledger, programs, now, ZONE, lambda member, _: known.append(member), page)


def test_points_expire_in_pages_and_a_job_that_is_stopped_goes_on_where_it_was(
    ops: LoyaltyServiceStub, calling: Calling, database: Documents
) -> None:
    people = calling.as_role(CareServiceStub, "ops")
    members = [registered(people).id for _ in range(5)]
    ends = (SystemClock().now() + timedelta(days=10)).date().isoformat()
    for member in members:
        earn(ops, member, points=30, key="order:1", expires_on=ends)
        earn(ops, member, points=50, key="order:2")
    later = FrozenClock(SystemClock().now() + timedelta(days=12))
    pages = iter([True, True, False])
    assert settle(later)(lambda: next(pages)) == 4  # two pages of two, then the leader is gone
    assert settle(later)(lambda: True) == 1
    assert settle(later)(lambda: True) == 0
    lost = list(database["points_entries"].find({"kind": "POINTS_ENTRY_KIND_EXPIRE"}))
    assert sorted(each["member_id"] for each in lost) == sorted(members)
    assert {(each["points"], each["balance"], each["by"]) for each in lost} == {(-30, 50, "")}
    runs = list(database["points_runs"].find())
    said = [expiry["member_id"] for run in runs for expiry in run["outbox"][0]["data"]["expiries"]]
    assert sorted(said) == sorted(members)
    assert [each["points"] for each in database["members"].find({"_id": {"$in": members}})] == [50] * 5


def test_one_broken_account_stops_no_other(ops: LoyaltyServiceStub, calling: Calling, database: Documents) -> None:
    people = calling.as_role(CareServiceStub, "ops")
    members = [registered(people).id for _ in range(3)]
    ends = (SystemClock().now() + timedelta(days=10)).date().isoformat()
    for member in members:
        earn(ops, member, points=30, key="order:1", expires_on=ends)
    later = FrozenClock(SystemClock().now() + timedelta(days=12))
    # The next number of this ledger is taken, which cannot be unless somebody wrote past the service.
    database["points_entries"].insert_one({"_id": "pnt_broken", "member_id": members[1], "number": 2})
    told: list[str] = []
    assert settle(later, page=10, told=told)(lambda: True) == 2
    assert told == [members[1]]
    assert database["points_entries"].count_documents({"kind": "POINTS_ENTRY_KIND_EXPIRE"}) == 2


def test_new_rules_move_every_account_when_their_day_comes(
    ops: LoyaltyServiceStub, member: str, database: Documents
) -> None:
    begun(ops, database)
    earn(ops, member, points=500, key="order:1")
    harder = [TIERS[0], loyalty_pb2.Tier(code="gold", name_en="Gold", name_zh="金卡", least_points=5000)]
    ops.UpdateLoyaltyProgram(pb.UpdateLoyaltyProgramRequest(terms=terms(tiers=harder)))
    next_year = FrozenClock(SystemClock().now() + timedelta(days=120))
    assert settle(next_year)(lambda: True) == 1
    account = database["points_accounts"].find_one({"_id": member})
    assert account is not None
    assert (account["tier"]["code"], account["tier"]["reason"]) == ("basic", "fell_short")
    assert settle(next_year)(lambda: True) == 0
