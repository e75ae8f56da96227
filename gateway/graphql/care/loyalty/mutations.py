"""Root fields that change points, tiers and privileges."""

from typing import Annotated

import strawberry

from gateway.graphql.care.loyalty.types import LoyaltyProgram, PointsAccount, PointsEntry
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of
from gateway.graphql.scalars import BigInt, Date
from gateway.graphql.sources import message, packed
from membercare.care.v1 import loyalty_pb2
from membercare.care.v1 import loyalty_service_pb2 as pb

Key = Annotated[
    str,
    strawberry.argument(
        description="What this is known by in your books, for example `order:8814`: a repeat returns the first outcome."
    ),
]
Reason = Annotated[str, strawberry.argument(description="1 to 200 characters.")]


@strawberry.input(description="What somebody of a tier may use.")
class TierPrivilegeInput:
    code: str
    name_en: str
    name_zh: str
    per_year: int = strawberry.field(default=0, description="How often in a calendar year; 0: without limit.")


@strawberry.input(description="One tier; the lowest asks for nothing.")
class TierInput:
    code: str
    name_en: str
    name_zh: str
    least_points: BigInt = strawberry.field(default=0, description="Points earned within the window that suffice.")
    value_tiers: list[str] | None = strawberry.field(
        default=None,
        description="Values of the member's customer that suffice: words of `CustomerTier` such as `HIGH_VALUE`.",
    )
    privileges: list[TierPrivilegeInput] | None = None


@strawberry.input(description="The rules from one day on, today at the earliest.")
class LoyaltyTermsInput:
    effective_from: Date
    window_months: int = strawberry.field(default=12, description="1 to 36 calendar months.")
    protection_months: int = strawberry.field(default=3, description="0 to 36.")
    points_live_months: int = strawberry.field(default=24, description="0 to 120; 0: points never expire.")
    tiers: list[TierInput] = strawberry.field(description="From the lowest to the highest.")


@message(pb.UpdateLoyaltyProgramResponse, description="The rules after the change.")
class LoyaltyProgramPayload:
    program: LoyaltyProgram


@message(
    pb.EarnPointsResponse,
    pb.RedeemPointsResponse,
    pb.AdjustPointsResponse,
    pb.ReturnPointsResponse,
    pb.UsePrivilegeResponse,
    description="The line of the ledger, and the account afterwards.",
)
class PointsPayload:
    entry: PointsEntry
    account: PointsAccount


_PROGRAM = result_of(LoyaltyProgramPayload, "LoyaltyProgramResult")
_POINTS = result_of(PointsPayload, "PointsResult")


@strawberry.type
class LoyaltyMutation:
    @mutation(_PROGRAM, rpc="UpdateLoyaltyProgram", description="Sets the rules of points and tiers from a day on.")
    async def update_loyalty_program(
        self, info: Info, terms: LoyaltyTermsInput, etag: ETag = None, request_id: RequestId = None
    ) -> pb.UpdateLoyaltyProgramResponse:
        request = pb.UpdateLoyaltyProgramRequest(
            terms=packed(terms, loyalty_pb2.LoyaltyTerms), etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.care.UpdateLoyaltyProgram, request)

    @mutation(_POINTS, rpc="EarnPoints", description="Adds points that count for the tier.")
    async def earn_points(
        self,
        info: Info,
        member_id: strawberry.ID,
        points: BigInt,
        key: Key,
        reason: Reason,
        reference: str | None = None,
        expires_on: Date | None = None,
    ) -> pb.EarnPointsResponse:
        request = pb.EarnPointsRequest(
            member_id=member_id,
            points=points,
            key=key,
            reason=reason,
            reference=reference or "",
            expires_on=expires_on or "",
        )
        return await info.context.call(info.context.clients.care.EarnPoints, request)

    @mutation(_POINTS, rpc="RedeemPoints", description="Takes points, the first to expire first.")
    async def redeem_points(
        self,
        info: Info,
        member_id: strawberry.ID,
        points: BigInt,
        key: Key,
        reason: Reason,
        reference: str | None = None,
    ) -> pb.RedeemPointsResponse:
        request = pb.RedeemPointsRequest(
            member_id=member_id, points=points, key=key, reason=reason, reference=reference or ""
        )
        return await info.context.call(info.context.clients.care.RedeemPoints, request)

    @mutation(_POINTS, rpc="AdjustPoints", description="Puts a balance right; what is added counts for no tier.")
    async def adjust_points(
        self, info: Info, member_id: strawberry.ID, points: BigInt, key: Key, reason: Reason
    ) -> pb.AdjustPointsResponse:
        request = pb.AdjustPointsRequest(member_id=member_id, points=points, key=key, reason=reason)
        return await info.context.call(info.context.clients.care.AdjustPoints, request)

    @mutation(
        _POINTS, rpc="ReturnPoints", description="Takes a redemption back, once; its points end when they would have."
    )
    async def return_points(self, info: Info, entry_id: strawberry.ID, reason: Reason) -> pb.ReturnPointsResponse:
        request = pb.ReturnPointsRequest(entry_id=entry_id, reason=reason)
        return await info.context.call(info.context.clients.care.ReturnPoints, request)

    @mutation(_POINTS, rpc="UsePrivilege", description="Notes that a privilege of the tier was used.")
    async def use_privilege(
        self, info: Info, member_id: strawberry.ID, privilege: str, key: Key, reason: str | None = None
    ) -> pb.UsePrivilegeResponse:
        request = pb.UsePrivilegeRequest(member_id=member_id, privilege=privilege, key=key, reason=reason or "")
        return await info.context.call(info.context.clients.care.UsePrivilege, request)
