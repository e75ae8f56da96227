"""Points, tiers and privileges as types of the schema."""

from enum import IntEnum
from typing import Annotated

import strawberry

from gateway.graphql.edges import MEMBERS
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import BigInt, Date, DateTime
from gateway.graphql.sources import message
from membercare.care.v1 import loyalty_pb2
from membercare.care.v1 import loyalty_service_pb2 as pb

MemberRef = Annotated["Member", strawberry.lazy("gateway.graphql.care.core.types")]  # type: ignore[name-defined]  # noqa: F821


@strawberry.enum(description="Why an account moved.")
class PointsEntryKind(IntEnum):
    EARN = 1
    REDEEM = 2
    EXPIRE = 3
    ADJUST = 4
    RETURN = strawberry.enum_value(5, description="A redemption was taken back.")
    PRIVILEGE = strawberry.enum_value(6, description="A privilege was used; no points moved.")
    MERGE = strawberry.enum_value(7, description="Went along when a doublet was merged into the member that stays.")


@message(loyalty_pb2.TierPrivilege, description="What somebody of a tier may use.")
class TierPrivilege:
    code: str
    name_en: str
    name_zh: str
    per_year: int = strawberry.field(description="How often in a calendar year; 0: without limit.")


@message(loyalty_pb2.Tier, description="A member is in the highest tier whose points or customer value suffices.")
class Tier:
    code: str
    name_en: str
    name_zh: str
    least_points: BigInt = strawberry.field(description="Points earned within the window that suffice.")
    value_tiers: list[str] = strawberry.field(
        description="Values of the member's customer that suffice, for example `CUSTOMER_TIER_HIGH_VALUE`."
    )
    privileges: list[TierPrivilege]


@message(loyalty_pb2.LoyaltyTerms, description="The rules from one day on.")
class LoyaltyTerms:
    effective_from: Date
    window_months: int = strawberry.field(description="Calendar months that earned points count for.")
    protection_months: int = strawberry.field(description="Months that a tier is kept after it was last deserved.")
    points_live_months: int = strawberry.field(description="Months that points live; 0: they never expire.")
    tiers: list[Tier] = strawberry.field(description="From the lowest to the highest.")


@message(loyalty_pb2.LoyaltyProgram, description="The rules of points and tiers; the last that have begun hold.")
class LoyaltyProgram:
    terms: list[LoyaltyTerms]
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    updated_by: str | None
    update_time: DateTime | None


@message(loyalty_pb2.PointsLot, description="Points that end together.")
class PointsLot:
    points: BigInt
    expires_on: Date | None = strawberry.field(description="The last day they can be used; null: they never expire.")


@message(loyalty_pb2.PrivilegeLeft, description="What is left of a privilege this year.")
class PrivilegeLeft:
    privilege: TierPrivilege
    used: int
    left: int = strawberry.field(description="How often it may be used still; -1: without limit.")


@message(loyalty_pb2.PointsAccount, description="The points and the tier of one member, as of today.")
class PointsAccount:
    member_id: strawberry.ID
    balance: BigInt = strawberry.field(description="What can be redeemed; never negative.")
    lots: list[PointsLot] = strawberry.field(description="The same by the day it ends, the first to end first.")
    lifetime_points: BigInt
    window_points: BigInt = strawberry.field(description="Earned within the window that tiers are judged by.")
    tier: str | None = strawberry.field(description="Its code; null: there is no program.")
    tier_since: Date | None
    tier_protected_until: Date | None = strawberry.field(description="The tier is kept at least until this day.")
    privileges: list[PrivilegeLeft]


@message(loyalty_pb2.PointsEntry, description="One line of the points ledger; it never changes.")
class PointsEntry(Node):
    member_id: strawberry.ID
    number: BigInt = strawberry.field(description="Counts the entries of the account from 1.")
    kind: PointsEntryKind
    points: BigInt = strawberry.field(description="What was added; negative: taken away.")
    balance: BigInt = strawberry.field(description="What could be redeemed afterwards.")
    key: str = strawberry.field(description="The caller's key: a second entry under it is not made.")
    reason: str
    reference: str | None
    expires_on: Date | None
    by: str | None = strawberry.field(description="Subject of who did it; null: the service itself.")
    create_time: DateTime
    member: MemberRef | None = joined(MEMBERS, key="member_id", description="Whose entry it is.")


@message(pb.ExplainTierResponse, description="Why a tier is what it is, and what the next one needs.")
class TierExplanation:
    account: PointsAccount
    deserved_tier: str | None = strawberry.field(description="What points and value alone would give today.")
    next_tier: str | None
    points_to_next: BigInt
    text_en: str
    text_zh: str
