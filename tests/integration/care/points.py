"""Points and their rules, for the tests of the room."""

from datetime import timedelta
from typing import Any

from pymongo.database import Database

from membercare.care.v1 import loyalty_pb2
from membercare.care.v1 import loyalty_service_pb2 as pb
from membercare.care.v1.loyalty_service_pb2_grpc import LoyaltyServiceStub
from services.care.store.loyalty.ledger import MongoPointsLedger
from services.care.store.loyalty.program import MongoPrograms
from services.care.usecases.loyalty.settle_accounts import SettleAccounts
from services.chassis.clock import SystemClock
from tests.fakes.clock import FrozenClock

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


def settle(now: FrozenClock, *, page: int = 2, told: list[str] | None = None) -> SettleAccounts:
    known = [] if told is None else told
    ledger, programs = MongoPointsLedger(now), MongoPrograms.of(now)
    return SettleAccounts(ledger, programs, now, ZONE, lambda stuck: known.extend(stuck.member_ids), page)
