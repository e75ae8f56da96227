"""Points and tiers through the real gateway and the real service, and points that a person puts right."""

from datetime import timedelta

import pytest

from membercare.care.v1 import loyalty_pb2
from membercare.care.v1 import loyalty_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.loyalty_service_pb2_grpc import LoyaltyServiceStub
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from tests.fakes.suite import Client
from tests.integration.calling import Calling, refused
from tests.integration.care.people import NOBODY, registered
from tests.integration.care.points import Documents, begun, earn, redeem

PROGRAM = """{ loyaltyProgram { etag updatedBy terms { effectiveFrom windowMonths protectionMonths pointsLiveMonths
  tiers { code nameZh leastPoints valueTiers privileges { code nameEn perYear } } } } }"""
ENTRY = "id memberId number kind points balance key reason reference by member { name }"
ENTRIES = (
    f'{{ pointsEntries(memberId: "%s", first: %d, after: %s) {{ nodes {{ {ENTRY} }} pageInfo {{ endCursor }} }} }}'
)
ONE = f'{{ pointsEntry(id: "%s") {{ {ENTRY} }} }}'
EXPLAIN = """{ explainTier(memberId: "%s") { deservedTier nextTier pointsToNext textEn textZh
  account { balance tier tierSince windowPoints privileges { left privilege { code } } } } }"""
ADJUST = pb.AdjustPointsRequest
NO_ENTRY = "pnt_00000000000000000000000000"


@pytest.fixture
def ops(calling: Calling) -> LoyaltyServiceStub:
    return calling.as_role(LoyaltyServiceStub, "ops")


@pytest.fixture
def member(calling: Calling) -> str:
    return registered(calling.as_role(CareServiceStub, "ops")).id


def test_points_are_put_right_both_ways_once_for_a_key_and_never_below_nothing(
    calling: Calling, ops: LoyaltyServiceStub, member: str, database: Documents
) -> None:
    manager = calling.as_subject(LoyaltyServiceStub, "mary", "manager")
    added = manager.AdjustPoints(ADJUST(member_id=member, points=30, key="a:1", reason="forgotten"))
    taken = manager.AdjustPoints(ADJUST(member_id=member, points=-20, key="a:2", reason="mistake"))
    assert [(each.entry.kind, each.entry.points, each.entry.balance, each.entry.by) for each in (added, taken)] == [
        (loyalty_pb2.POINTS_ENTRY_KIND_ADJUST, 30, 30, "mary"),
        (loyalty_pb2.POINTS_ENTRY_KIND_ADJUST, -20, 10, "mary"),
    ]
    again = manager.AdjustPoints(ADJUST(member_id=member, points=-20, key="a:2", reason="mistake"))
    assert (again.entry, again.account.balance) == (taken.entry, 10)
    before = list(database["points_entries"].find())
    for request, reason, field in (
        (ADJUST(member_id=member, points=-11, key="a:3", reason="x"), "POINTS_NOT_ENOUGH", "points"),
        (ADJUST(member_id=member, points=0, key="a:3", reason="x"), "INVALID_FIELD", "points"),
        (ADJUST(member_id=member, points=1, key="a:3"), "INVALID_FIELD", "reason"),
        (ADJUST(member_id=NOBODY, points=1, key="a:3", reason="x"), "MEMBER_NOT_FOUND", ""),
    ):
        refusal = refused(manager.AdjustPoints, request)
        assert (refusal.reason, refusal.field) == (reason, field)
    late = ADJUST(member_id=member, points=1, key="a:3", reason="x")
    assert refused(calling.as_role(LoyaltyServiceStub, "agent").AdjustPoints, late).kind is Kind.FORBIDDEN
    assert list(database["points_entries"].find()) == before


async def test_the_rules_of_points_are_read_through_the_gateway(
    gateway: Client, ops: LoyaltyServiceStub, database: Documents
) -> None:
    begun(ops, database)
    gold = {"code": "gold", "nameZh": "金卡", "leastPoints": "500", "valueTiers": ["CUSTOMER_TIER_HIGH_VALUE"]}
    basic = {"code": "basic", "nameZh": "普通", "leastPoints": "0", "valueTiers": [], "privileges": []}
    terms = {"effectiveFrom": "2020-01-01", "windowMonths": 12, "protectionMonths": 3, "pointsLiveMonths": 24}
    lounge = {"code": "lounge", "nameEn": "Lounge", "perYear": 1}
    assert await gateway.data(PROGRAM, roles=("legal",)) == {
        "loyaltyProgram": {
            "etag": "2",
            "updatedBy": "somebody",
            "terms": [{**terms, "tiers": [basic, {**gold, "privileges": [lounge]}]}],
        }
    }
    assert await gateway.codes(PROGRAM, roles=("respondent",)) == ["FORBIDDEN"]


async def test_the_ledger_of_a_member_is_read_page_by_page_through_the_gateway(
    gateway: Client, ops: LoyaltyServiceStub, member: str
) -> None:
    first = earn(ops, member, points=100, key="o:1", reference="ORD-1").entry
    second = redeem(ops, member, points=40, key="m:1").entry
    whose = {"memberId": member, "by": "somebody", "member": {"name": "王小明"}}
    earned = {"id": first.id, "number": "1", "kind": "EARN", "points": "100", "balance": "100", "key": "o:1"}
    redeemed = {"id": second.id, "number": "2", "kind": "REDEEM", "points": "-40", "balance": "60", "key": "m:1"}
    newest = {**redeemed, "reason": "mug", "reference": None, **whose}
    oldest = {**earned, "reason": "order", "reference": "ORD-1", **whose}
    page = (await gateway.data(ENTRIES % (member, 1, "null")))["pointsEntries"]
    assert page["nodes"] == [newest]
    after = f'"{page["pageInfo"]["endCursor"]}"'
    assert (await gateway.data(ENTRIES % (member, 1, after)))["pointsEntries"]["nodes"] == [oldest]
    masked = {"member": {"name": "王***"}}
    assert (await gateway.data(ONE % first.id, roles=("auditor",)))["pointsEntry"] == {**oldest, **masked}
    assert await gateway.codes(ENTRIES % (member, 1, f'"{NO_ENTRY}"')) == ["INVALID_FIELD"]
    assert await gateway.codes(ENTRIES % (member, 1, '"7"')) == ["INVALID_ID"]
    assert await gateway.data(ONE % NO_ENTRY) == {"pointsEntry": None}
    for query in (ENTRIES % (member, 1, "null"), ONE % first.id):
        assert await gateway.codes(query, roles=("respondent",)) == ["FORBIDDEN"]


async def test_a_tier_is_explained_through_the_gateway(
    gateway: Client, ops: LoyaltyServiceStub, member: str, database: Documents
) -> None:
    begun(ops, database)
    earn(ops, member, points=420, key="o:1")
    told = (await gateway.data(EXPLAIN % member, roles=("sales",)))["explainTier"]
    since = told["account"].pop("tierSince")
    assert told == {
        "deservedTier": "basic",
        "nextTier": "gold",
        "pointsToNext": "80",
        "textEn": f"Basic since {since}: 420 points earned in 12 calendar months. Gold needs 80 more.",
        "textZh": f"自{since}起为普通：12个自然月内累计获得420积分。距离金卡还差80积分。",
        "account": {"balance": "420", "tier": "basic", "windowPoints": "420", "privileges": []},
    }
    assert await gateway.codes(EXPLAIN % NOBODY) == ["MEMBER_NOT_FOUND"]
    assert await gateway.codes(EXPLAIN % member, roles=("respondent",)) == ["FORBIDDEN"]


async def test_a_tier_takes_the_words_of_the_schema_for_a_customers_value_and_refuses_what_contracts_never_says(
    gateway: Client, database: Documents
) -> None:
    begins = (SystemClock().now() + timedelta(days=9)).date()
    rules = """mutation { updateLoyaltyProgram(terms: {effectiveFrom: "%s", tiers: [
      {code: "basic", nameEn: "Basic", nameZh: "普通"},
      {code: "gold", nameEn: "Gold", nameZh: "金卡", leastPoints: 100, valueTiers: ["STABLE", "%s"]}]}) {
      ... on LoyaltyProgramPayload { program { terms { tiers { code valueTiers } } } }
      ... on UserError { code field message } } }"""
    refused = (await gateway.data(rules % (begins, "VIP"), roles=("ops",)))["updateLoyaltyProgram"]
    assert refused == {
        "code": "INVALID_FIELD",
        "field": "terms.tiers[1].valueTiers",
        "message": "terms.tiers[1].valueTiers: 'VIP' is no value; "
        "one of HIGH_VALUE, GROWING, STABLE, POTENTIAL, AT_RISK is needed.",
    }
    assert database["loyalty_programs"].count_documents({}) == 0
    for word in ("HIGH_VALUE", "CUSTOMER_TIER_HIGH_VALUE"):
        told = (await gateway.data(rules % (begins, word), roles=("ops",)))["updateLoyaltyProgram"]
        (terms,) = told["program"]["terms"]
        assert terms["tiers"][1] == {"code": "gold", "valueTiers": ["CUSTOMER_TIER_HIGH_VALUE", "CUSTOMER_TIER_STABLE"]}
