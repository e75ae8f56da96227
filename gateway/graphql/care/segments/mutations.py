"""Root fields that change who belongs to a group, and why."""

import strawberry
from strawberry import UNSET

from gateway.graphql.care.segments.inputs import SegmentInput, SegmentPatch, packed_rule
from gateway.graphql.care.segments.types import RecordActsPayload, SegmentPayload
from gateway.graphql.patches import named
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of, transition
from gateway.graphql.scalars import DateTime
from gateway.graphql.sources import packed
from membercare.care.v1 import segment_pb2
from membercare.care.v1 import segments_service_pb2 as pb

_RESULT = result_of(SegmentPayload, "SegmentResult")


@strawberry.input(description="Something that a member did.")
class ActInput:
    member_id: strawberry.ID
    name: str = strawberry.field(description="a-z, 0-9 and _; not one of the acts that are recorded anyway.")
    occurred_time: DateTime
    key: str = strawberry.field(description="What tells this act from all others, such as the number of an order.")


@strawberry.type
class SegmentsMutation:
    @mutation(_RESULT, rpc="CreateSegment", description="Writes a segment.")
    async def create_segment(
        self, info: Info, input: SegmentInput, request_id: RequestId = None
    ) -> pb.CreateSegmentResponse:
        segment = segment_pb2.Segment(
            name=input.name, description=input.description or "", rule=packed_rule(input.rule)
        )
        request = pb.CreateSegmentRequest(segment=segment, request_id=request_id or "")
        return await info.context.call(info.context.clients.care.CreateSegment, request)

    @mutation(
        _RESULT,
        rpc="UpdateSegment",
        description="Changes the fields that the input names; what stands on the segment follows at once.",
    )
    async def update_segment(
        self, info: Info, id: strawberry.ID, input: SegmentPatch, etag: ETag = None, request_id: RequestId = None
    ) -> pb.UpdateSegmentResponse:
        segment = segment_pb2.Segment(
            id=id,
            name=input.name or "",
            description=input.description or "",
            rule=packed_rule(input.rule) if input.rule and input.rule is not UNSET else None,
            etag=etag or "",
        )
        request = pb.UpdateSegmentRequest(segment=segment, update_mask=named(input), request_id=request_id or "")
        return await info.context.call(info.context.clients.care.UpdateSegment, request)

    archive_segment = transition(
        _RESULT,
        pb.ArchiveSegmentRequest,
        key="segment_id",
        description="Takes a segment out of use, unless a campaign or another segment stands on it.",
    )

    @mutation(
        result_of(RecordActsPayload, "RecordActsResult"),
        rpc="RecordActs",
        description="Records what members did elsewhere, for segments to ask for. A repeated key changes nothing.",
    )
    async def record_acts(self, info: Info, acts: list[ActInput]) -> pb.RecordActsResponse:
        request = pb.RecordActsRequest(acts=[packed(act, pb.ToldAct) for act in acts])
        return await info.context.call(info.context.clients.care.RecordActs, request)
