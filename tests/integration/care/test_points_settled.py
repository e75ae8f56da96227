"""Accounts that nobody touches: what ends, new rules, a value that moved, and doublets that are merged."""

from datetime import timedelta

import pytest
from google.protobuf import field_mask_pb2

from membercare.care.v1 import care_service_pb2 as care_pb
from membercare.care.v1 import loyalty_pb2, member_pb2
from membercare.care.v1 import loyalty_service_pb2 as pb
from membercare.care.v1 import members_service_pb2 as members_pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.loyalty_service_pb2_grpc import LoyaltyServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.app.loyalty import hear_value
from services.care.app.segments import build_link_contracts
from services.care.config import Settings
from services.care.consumers import CareConsumers
from services.care.store.loyalty.copies import copying
from services.care.store.loyalty.ledger import MongoPointsLedger
from services.chassis.clock import SystemClock
from services.chassis.ids import derived_id
from tests.fakes.clock import FrozenClock
from tests.integration.calling import Calling
from tests.integration.care.people import registered
from tests.integration.care.points import TIERS, Documents, begun, earn, redeem, settle, terms
from tests.integration.golden import heard


@pytest.fixture
def ops(calling: Calling) -> LoyaltyServiceStub:
    return calling.as_role(LoyaltyServiceStub, "ops")


@pytest.fixture
def member(calling: Calling) -> str:
    return registered(calling.as_role(CareServiceStub, "ops")).id


def test_points_go_along_when_a_doublet_is_merged_and_a_repeat_moves_nothing(
    ops: LoyaltyServiceStub, calling: Calling, database: Documents
) -> None:
    begun(ops, database)
    people = calling.as_role(CareServiceStub, "ops")
    doublet, survivor = (registered(people).id for _ in range(2))
    earn(ops, doublet, points=300, key="order:1")
    redeem(ops, doublet, points=50, key="mug:1")
    earn(ops, survivor, points=200, key="order:1")
    request = members_pb.MergeMembersRequest(member_id=doublet, into_id=survivor)
    for _ in range(2):
        calling.as_role(MembersServiceStub, "ops").MergeMembers(request)
    found = ops.BatchGetPointsAccounts(pb.BatchGetPointsAccountsRequest(member_ids=[doublet, survivor])).accounts
    accounts = {each.member_id: each for each in found}
    whole = accounts[survivor]
    assert (whole.balance, whole.lifetime_points, whole.window_points, whole.tier) == (450, 500, 500, "gold")
    assert (accounts[doublet].balance, accounts[doublet].lifetime_points) == (0, 0)
    for member, balance in ((doublet, 0), (survivor, 450)):
        entries = ops.ListPointsEntries(pb.ListPointsEntriesRequest(member_id=member)).entries
        assert (sum(each.points for each in entries), entries[0].balance) == (balance, balance)
        assert entries[0].kind == loyalty_pb2.POINTS_ENTRY_KIND_MERGE
    assert settle(FrozenClock(SystemClock().now()))(lambda: True) == 0


def test_a_call_that_is_repeated_after_a_merge_moves_nothing(
    ops: LoyaltyServiceStub, calling: Calling, database: Documents
) -> None:
    begun(ops, database)
    people = calling.as_role(CareServiceStub, "ops")
    doublet, survivor = (registered(people).id for _ in range(2))
    first = earn(ops, doublet, points=300, key="order:1").entry
    redeemed = redeem(ops, doublet, points=50, key="mug:1").entry
    back = pb.ReturnPointsRequest(entry_id=redeemed.id, reason="broken")
    returned = ops.ReturnPoints(back).entry
    merged = members_pb.MergeMembersRequest(member_id=doublet, into_id=survivor)
    calling.as_role(MembersServiceStub, "ops").MergeMembers(merged)
    assert earn(ops, doublet, points=300, key="order:1").entry == first
    assert redeem(ops, doublet, points=50, key="mug:1").entry == redeemed
    again = ops.ReturnPoints(back)
    assert (again.entry, again.account.balance, again.account.member_id) == (returned, 300, survivor)
    other = earn(ops, survivor, points=20, key="order:1")  # the survivor's own books
    assert other.account.balance == 320


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


@pytest.mark.parametrize("end", ["merged", "erased"])
def test_the_value_of_the_customer_moves_nobody_who_was_merged_or_erased(
    ops: LoyaltyServiceStub, calling: Calling, database: Documents, care_settings: Settings, end: str
) -> None:
    begun(ops, database)
    customer, people = derived_id("cus", "1"), calling.as_role(CareServiceStub, "ops")
    ended, other = registered(people, customer_id=customer).id, registered(people).id
    admin = calling.as_role(MembersServiceStub, "admin")
    if end == "merged":
        admin.MergeMembers(members_pb.MergeMembersRequest(member_id=ended, into_id=other))
    else:
        admin.EraseMember(members_pb.EraseMemberRequest(member_id=ended, reason="asked by letter"))
    hear_value(care_settings)(customer, "CUSTOMER_TIER_HIGH_VALUE", version=1)
    assert {each["_id"]: each["tier"]["code"] for each in database["points_accounts"].find()} == (
        {other: "gold"} if end == "merged" else {}
    )


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


def test_members_show_what_a_page_made_of_their_accounts_also_if_a_kill_came_in_between(
    ops: LoyaltyServiceStub, calling: Calling, database: Documents
) -> None:
    people = calling.as_role(CareServiceStub, "ops")
    members = [registered(people).id for _ in range(2)]
    ends = (SystemClock().now() + timedelta(days=10)).date().isoformat()
    for member in members:
        earn(ops, member, points=30, key="order:1", expires_on=ends)
        earn(ops, member, points=50, key="order:2")
    before = list(database["members"].find({"_id": {"$in": members}}))
    later = FrozenClock(SystemClock().now() + timedelta(days=12))
    assert settle(later)(lambda: True) == 2
    assert database["points_runs"].count_documents({"uncopied": {"$exists": True}}) == 0
    for each in before:  # as it is if the process dies right after the accounts are stored
        database["members"].replace_one({"_id": each["_id"]}, each)
    database["points_runs"].update_one({}, {"$set": {"uncopied": True, "member_ids": members}})
    assert settle(later)(lambda: True) == 0
    shown = list(database["members"].find({"_id": {"$in": members}}))
    assert [(each["points"], each["points_expiry_date"]) for each in shown] == [(50, "")] * 2
    assert all(after["heard_time"] > each["heard_time"] for each, after in zip(before, shown, strict=True))
    assert database["points_runs"].count_documents({"uncopied": {"$exists": True}}) == 0


def test_what_a_late_page_knows_of_an_account_replaces_nothing_newer(
    ops: LoyaltyServiceStub, calling: Calling, database: Documents
) -> None:
    member = registered(calling.as_role(CareServiceStub, "ops")).id
    earn(ops, member, points=30, key="order:1")
    late = MongoPointsLedger(SystemClock()).account(member)
    earn(ops, member, points=50, key="order:2")
    assert database["members"].bulk_write([copying(late)]).matched_count == 0
    assert (database["members"].find_one({"_id": member}) or {})["points"] == 80


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


def test_a_call_for_a_doublet_that_is_repeated_after_its_survivor_was_merged_too_moves_nothing(
    ops: LoyaltyServiceStub, calling: Calling, database: Documents
) -> None:
    people = calling.as_role(CareServiceStub, "ops")
    first, second, third = (registered(people).id for _ in range(3))
    merging = calling.as_role(MembersServiceStub, "ops").MergeMembers
    merging(members_pb.MergeMembersRequest(member_id=first, into_id=second))
    told = earn(ops, first, points=300, key="order:1").entry
    merging(members_pb.MergeMembersRequest(member_id=second, into_id=third))
    again = earn(ops, first, points=300, key="order:1")
    assert (again.entry, again.account.member_id, again.account.balance) == (told, third, 300)


HIGH, AT_RISK = "CUSTOMER_TIER_HIGH_VALUE", "CUSTOMER_TIER_AT_RISK"


def worth(consumers: CareConsumers, customer: str, *, tier: str, version: int) -> None:
    consumers.on_customer_value_changed(
        heard("contracts.customer_value_changed", customer_id=customer, tier_after=tier, value_version=version)
    )


def tier_by_value(ops: LoyaltyServiceStub, member: str) -> str:
    deserved: str = ops.ExplainTier(pb.ExplainTierRequest(member_id=member)).deserved_tier
    return deserved


def test_who_comes_to_a_customer_after_its_value_was_heard_has_the_tier_of_it_and_loses_it_with_the_customer(
    ops: LoyaltyServiceStub,
    calling: Calling,
    database: Documents,
    care_settings: Settings,
    consumers: CareConsumers,
) -> None:
    begun(ops, database)
    customer, people = derived_id("cus", "1"), calling.as_role(CareServiceStub, "ops")
    worth(consumers, customer, tier=HIGH, version=7)
    link = build_link_contracts(care_settings, SystemClock())
    member = registered(people, customer_id=customer)
    link(lambda: True)
    assert tier_by_value(ops, member.id) == "gold"
    version = {each["_id"]: each["version"] for each in database["points_accounts"].find()}
    link(lambda: True)
    assert {each["_id"]: each["version"] for each in database["points_accounts"].find()} == version
    left = care_pb.UpdateMemberRequest(
        member=member_pb2.Member(id=member.id), update_mask=field_mask_pb2.FieldMask(paths=["customer_id"])
    )
    people.UpdateMember(left)
    link(lambda: True)
    assert tier_by_value(ops, member.id) == "basic"


def test_news_of_the_value_of_another_customer_count_by_versions_of_their_own(
    ops: LoyaltyServiceStub,
    calling: Calling,
    database: Documents,
    care_settings: Settings,
    consumers: CareConsumers,
) -> None:
    begun(ops, database)
    first, second = derived_id("cus", "1"), derived_id("cus", "2")
    member = registered(calling.as_role(CareServiceStub, "ops"), customer_id=first).id
    worth(consumers, first, tier=AT_RISK, version=9)
    consumers.on_customer_merged(heard("contracts.customer_merged", customer_id=first, into_id=second))
    worth(consumers, second, tier=HIGH, version=2)
    assert tier_by_value(ops, member) == "gold"
    worth(consumers, second, tier=AT_RISK, version=1)
    assert tier_by_value(ops, member) == "gold"
