"""Root fields that read points, tiers and privileges."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.care.loyalty.loaders import POINTS_ENTRIES
from gateway.graphql.care.loyalty.types import LoyaltyProgram, PointsEntry, TierExplanation
from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page, page_of
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, one, query
from membercare.care.v1 import loyalty_pb2
from membercare.care.v1 import loyalty_service_pb2 as pb

NODES: Mapping[str, Loader] = {"pnt": POINTS_ENTRIES}


@strawberry.type
class LoyaltyQuery:
    points_entry = one(PointsEntry, POINTS_ENTRIES, prefix="pnt", description="One entry; null if there is none.")

    @query(LoyaltyProgram, rpc="GetLoyaltyProgram", description="The rules of points and tiers.")
    async def loyalty_program(self, info: Info) -> loyalty_pb2.LoyaltyProgram:
        reply = await info.context.call(info.context.clients.care.GetLoyaltyProgram, pb.GetLoyaltyProgramRequest())
        return reply.program

    @query(Connection[PointsEntry], rpc="ListPointsEntries", description="The ledger of one member, the newest first.")
    async def points_entries(
        self, info: Info, member_id: strawberry.ID, first: First = DEFAULT_FIRST, after: After = None
    ) -> Page:
        request = pb.ListPointsEntriesRequest(member_id=member_id, page_size=first, page_token=after or "")
        reply = await info.context.call(info.context.clients.care.ListPointsEntries, request)
        return page_of(reply.entries, reply.next_page_token, after=after)

    @query(TierExplanation, rpc="ExplainTier", description="Why a member is in this tier, and what the next one needs.")
    async def explain_tier(self, info: Info, member_id: strawberry.ID) -> pb.ExplainTierResponse:
        return await info.context.call(
            info.context.clients.care.ExplainTier, pb.ExplainTierRequest(member_id=member_id)
        )
