"""Root fields that read who belongs to a group, and why."""

from collections.abc import Mapping
from typing import Annotated

import strawberry

from gateway.graphql.care.core.types import Member
from gateway.graphql.care.segments.inputs import SegmentRuleInput, packed_rule
from gateway.graphql.care.segments.loaders import SEGMENTS
from gateway.graphql.care.segments.types import MembershipExplanation, Segment, SegmentPreview
from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page, page_of
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, listed, one, query
from membercare.care.v1 import segments_service_pb2 as pb
from services.chassis.errors import InvalidField

NODES: Mapping[str, Loader] = {"seg": SEGMENTS}

_Rule = Annotated[
    SegmentRuleInput | None,
    strawberry.argument(description="A rule that is not stored yet; only for roles that see members unmasked."),
]


@strawberry.input(description="What a listed segment must match; absent fields match all.")
class SegmentFilter:
    name_prefix: str | None = strawberry.field(default=None, description="The name begins so.")
    include_archived: bool | None = strawberry.field(default=None, description="Also those that are archived.")


@strawberry.type
class SegmentsQuery:
    segment = one(Segment, SEGMENTS, prefix="seg", description="One segment; null if there is none.")

    @query(Connection[Segment], rpc="ListSegments", description="Segments in the order of their writing.")
    async def segments(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: SegmentFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListSegmentsRequest, first=first, after=after, filter=filter)

    @query(
        SegmentPreview,
        rpc="PreviewSegment",
        description="Counts the members of a segment, or of a rule that is not stored yet, and shows some.",
    )
    async def preview_segment(
        self, info: Info, segment_id: strawberry.ID | None = None, rule: _Rule = None, sample_size: int | None = None
    ) -> pb.PreviewSegmentResponse:
        if segment_id is not None and rule is not None:
            raise InvalidField("rule", "Give segmentId or rule, not both.")
        request = pb.PreviewSegmentRequest(sample_size=sample_size or 0)
        if rule is not None:
            request.rule.CopyFrom(packed_rule(rule))
        if segment_id is not None:
            request.segment_id = segment_id
        return await info.context.call(info.context.clients.care.PreviewSegment, request)

    @query(
        Connection[Member],
        rpc="ListSegmentMembers",
        description="The members of a segment in the order of their registration.",
    )
    async def segment_members(
        self, info: Info, segment_id: strawberry.ID, first: First = DEFAULT_FIRST, after: After = None
    ) -> Page:
        request = pb.ListSegmentMembersRequest(segment_id=segment_id, page_size=first, page_token=after or "")
        reply = await info.context.call(info.context.clients.care.ListSegmentMembers, request)
        return page_of(reply.members, reply.next_page_token, after=after)

    @query(
        MembershipExplanation,
        rpc="ExplainMembership",
        description="Why a member is in a segment, or not, test by test with what is on record.",
    )
    async def explain_membership(
        self, info: Info, segment_id: strawberry.ID, member_id: strawberry.ID
    ) -> pb.ExplainMembershipResponse:
        request = pb.ExplainMembershipRequest(segment_id=segment_id, member_id=member_id)
        return await info.context.call(info.context.clients.care.ExplainMembership, request)
