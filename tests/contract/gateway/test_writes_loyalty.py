"""What a person sends to the room of points arrives as it was meant."""

from typing import Any
from uuid import UUID

import pytest

from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import loyalty_pb2, member_pb2
from membercare.care.v1 import loyalty_service_pb2 as pb
from tests.fakes.company import NOON, an_id
from tests.fakes.suite import Client, FakeSuite

MEMBER = an_id("mem", 1)
ENTRY = loyalty_pb2.PointsEntry(
    id=an_id("pnt", 1),
    member_id=MEMBER,
    number=2,
    kind=loyalty_pb2.POINTS_ENTRY_KIND_REDEEM,
    points=-40,
    balance=60,
    key="mug:1",
    reason="mug",
    create_time=NOON,
)
ACCOUNT = loyalty_pb2.PointsAccount(
    member_id=MEMBER, balance=60, lots=[loyalty_pb2.PointsLot(points=60, expires_on="2028-11-22")], tier="gold"
)
GOLD = loyalty_pb2.Tier(code="gold", name_en="Gold", name_zh="金卡", least_points=500, value_tiers=["V"])
PROGRAM = loyalty_pb2.LoyaltyProgram(
    terms=[loyalty_pb2.LoyaltyTerms(effective_from="2026-12-01", window_months=12, tiers=[GOLD])], etag="2"
)
OUTCOME: dict[str, Any] = {"entry": ENTRY, "account": ACCOUNT}
SHOWN = (
    "PointsPayload",
    "entry { kind points balance expiresOn by } account { balance tier lots { points expiresOn } }",
    {
        "entry": {"kind": "REDEEM", "points": "-40", "balance": "60", "expiresOn": None, "by": None},
        "account": {"balance": "60", "tier": "gold", "lots": [{"points": "60", "expiresOn": "2028-11-22"}]},
    },
)
SHOWN_PROGRAM = (
    "LoyaltyProgramPayload",
    "program { etag updatedBy terms { effectiveFrom tiers { code leastPoints valueTiers } } }",
    {
        "program": {
            "etag": "2",
            "updatedBy": None,
            "terms": [
                {
                    "effectiveFrom": "2026-12-01",
                    "tiers": [{"code": "gold", "leastPoints": "500", "valueTiers": ["V"]}],
                }
            ],
        }
    },
)

CASES: list[tuple[str, str, Any, dict[str, Any]]] = [
    (
        "UpdateLoyaltyProgram",
        (
            'terms: {effectiveFrom: "2026-12-01", tiers: [{code: "b", nameEn: "B", nameZh: "普", privileges: '
            '[{code: "p", nameEn: "P", nameZh: "权", perYear: 2}]}]}, etag: "1", requestId: "r1"'
        ),
        pb.UpdateLoyaltyProgramResponse(program=PROGRAM),
        {
            "terms": {
                "effective_from": "2026-12-01",
                "window_months": 12,
                "protection_months": 3,
                "points_live_months": 24,
                "tiers": [
                    {
                        "code": "b",
                        "name_en": "B",
                        "name_zh": "普",
                        "privileges": [{"code": "p", "name_en": "P", "name_zh": "权", "per_year": 2}],
                    }
                ],
            },
            "etag": "1",
            "request_id": "r1",
        },
    ),
    (
        "EarnPoints",
        'memberId: "mem_1", points: "100", key: "o:1", reason: "order", reference: "O1", expiresOn: "2027-01-31"',
        pb.EarnPointsResponse(**OUTCOME),
        {
            "member_id": "mem_1",
            "points": 100,
            "key": "o:1",
            "reason": "order",
            "reference": "O1",
            "expires_on": "2027-01-31",
        },
    ),
    (
        "RedeemPoints",
        'memberId: "mem_1", points: 40, key: "m:1", reason: "mug"',
        pb.RedeemPointsResponse(**OUTCOME),
        {"member_id": "mem_1", "points": 40, "key": "m:1", "reason": "mug"},
    ),
    (
        "AdjustPoints",
        'memberId: "mem_1", points: -5, key: "a:1", reason: "mistake"',
        pb.AdjustPointsResponse(**OUTCOME),
        {"member_id": "mem_1", "points": -5, "key": "a:1", "reason": "mistake"},
    ),
    (
        "ReturnPoints",
        'entryId: "pnt_1", reason: "sold out"',
        pb.ReturnPointsResponse(**OUTCOME),
        {"entry_id": "pnt_1", "reason": "sold out"},
    ),
    (
        "UsePrivilege",
        'memberId: "mem_1", privilege: "lounge", key: "u:1"',
        pb.UsePrivilegeResponse(**OUTCOME),
        {"member_id": "mem_1", "privilege": "lounge", "key": "u:1"},
    ),
]


@pytest.mark.parametrize(("rpc", "arguments", "reply", "arrived"), CASES)
async def test_a_mutation_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, reply: Any, arrived: dict[str, Any]
) -> None:
    suite.care.answers[rpc] = lambda _: reply
    payload, selection, expected = SHOWN_PROGRAM if rpc == "UpdateLoyaltyProgram" else SHOWN
    field = rpc[0].lower() + rpc[1:]
    data = await gateway.data(f"mutation {{ {field}({arguments}) {{ ... on {payload} {{ {selection} }} }} }}")
    assert data[field] == expected
    (request,) = suite.care.asked[rpc]
    if "request_id" in request.DESCRIPTOR.fields_by_name and "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == type(request)(**arrived)


async def test_a_member_shows_points_and_tier_by_one_call_for_all(gateway: Client, suite: FakeSuite) -> None:
    people = care.BatchGetMembersResponse(members=[member_pb2.Member(id=MEMBER, name="王")])
    suite.care.answers["BatchGetMembers"] = lambda _: people
    suite.care.answers["BatchGetPointsAccounts"] = lambda _: pb.BatchGetPointsAccountsResponse(accounts=[ACCOUNT])
    data = await gateway.data(f'{{ member(id: "{MEMBER}") {{ pointsAccount {{ balance tier tierSince }} }} }}')
    assert data["member"]["pointsAccount"] == {"balance": "60", "tier": "gold", "tierSince": None}
    assert [list(request.member_ids) for request in suite.care.asked["BatchGetPointsAccounts"]] == [[MEMBER]]
