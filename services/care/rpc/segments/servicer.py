"""Answers calls about who belongs to a group, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

import grpc

from membercare.care.v1 import segment_pb2
from membercare.care.v1 import segments_service_pb2 as pb
from membercare.care.v1.segments_service_pb2_grpc import SegmentsServiceServicer
from services.care.domain.members.masks import visible_to
from services.care.domain.segments.rules import segments_in
from services.care.domain.segments.segment import Segment
from services.care.ports.segments import Segments
from services.care.rpc.members.messages import member_to_pb
from services.care.rpc.segments.messages import reasons_to_pb, segment_to_pb, to_details, to_filter, to_told_act
from services.care.rpc.segments.rule_messages import to_rule
from services.care.usecases.segments.preview_segment import ExplainMembership, ListSegmentMembers, PreviewSegment
from services.care.usecases.segments.record_facts import RecordToldActs
from services.care.usecases.segments.write_segment import FIELDS, ArchiveSegment, ChangeSegment, WriteSegment
from services.chassis.checks import batch, page_size
from services.chassis.errors import InvalidField
from services.chassis.identity import current_caller
from services.chassis.ids import check_id, optional_id

FULL_NAME = pb.DESCRIPTOR.services_by_name["SegmentsService"].full_name
_SAMPLE, _MOST_SAMPLE = 10, 50


@dataclass(frozen=True, kw_only=True)
class SegmentsServicer(SegmentsServiceServicer):
    """Unpack, call, pack."""

    segments: Segments
    write: WriteSegment
    change: ChangeSegment
    archive: ArchiveSegment
    preview: PreviewSegment
    list_members: ListSegmentMembers
    explain: ExplainMembership
    record_acts: RecordToldActs

    def CreateSegment(
        self, request: pb.CreateSegmentRequest, context: grpc.ServicerContext
    ) -> pb.CreateSegmentResponse:
        details = to_details(request.segment, FIELDS)
        segment = self.write(details, author=current_caller().subject, request_id=request.request_id)
        return pb.CreateSegmentResponse(segment=self._pack([segment])[0])

    def UpdateSegment(
        self, request: pb.UpdateSegmentRequest, context: grpc.ServicerContext
    ) -> pb.UpdateSegmentResponse:
        mask = request.update_mask.paths
        segment = self.change(
            request.segment.id,
            to_details(request.segment, mask),
            mask=mask,
            etag=request.segment.etag,
            request_id=request.request_id,
        )
        return pb.UpdateSegmentResponse(segment=self._pack([segment])[0])

    def ArchiveSegment(
        self, request: pb.ArchiveSegmentRequest, context: grpc.ServicerContext
    ) -> pb.ArchiveSegmentResponse:
        segment = self.archive(request.segment_id, etag=request.etag, request_id=request.request_id)
        return pb.ArchiveSegmentResponse(segment=self._pack([segment])[0])

    def GetSegment(self, request: pb.GetSegmentRequest, context: grpc.ServicerContext) -> pb.GetSegmentResponse:
        segment = self.segments.get(check_id(request.segment_id, "seg", field="segment_id"))
        return pb.GetSegmentResponse(segment=self._pack([segment])[0])

    def BatchGetSegments(
        self, request: pb.BatchGetSegmentsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetSegmentsResponse:
        found = self.segments.batch_get(batch(request.segment_ids, "segment_ids", prefix="seg"))
        return pb.BatchGetSegmentsResponse(segments=self._pack(found))

    def ListSegments(self, request: pb.ListSegmentsRequest, context: grpc.ServicerContext) -> pb.ListSegmentsResponse:
        page = self.segments.page(
            to_filter(request.filter),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "seg", field="page_token"),
        )
        return pb.ListSegmentsResponse(segments=self._pack(page.items), next_page_token=page.next_token)

    def PreviewSegment(
        self, request: pb.PreviewSegmentRequest, context: grpc.ServicerContext
    ) -> pb.PreviewSegmentResponse:
        caller = current_caller()
        size = page_size(request.sample_size, "sample_size", default=_SAMPLE, most=_MOST_SAMPLE)
        match request.WhichOneof("of"):
            case "segment_id":
                found = self.preview.of_segment(request.segment_id, size=size)
            case "rule":
                found = self.preview.of_rule(to_rule(request.rule, "rule"), size=size, caller=caller)
            case None:
                raise InvalidField("segment_id", "segment_id or rule is needed.")
        return pb.PreviewSegmentResponse(
            count=found.count,
            sample=[member_to_pb(visible_to(caller, member)) for member in found.sample],
            rule_en=found.words.english,
            rule_zh=found.words.chinese,
        )

    def ListSegmentMembers(
        self, request: pb.ListSegmentMembersRequest, context: grpc.ServicerContext
    ) -> pb.ListSegmentMembersResponse:
        caller = current_caller()
        page = self.list_members(
            request.segment_id,
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "mem", field="page_token"),
        )
        return pb.ListSegmentMembersResponse(
            members=[member_to_pb(visible_to(caller, member)) for member in page.items],
            next_page_token=page.next_token,
        )

    def ExplainMembership(
        self, request: pb.ExplainMembershipRequest, context: grpc.ServicerContext
    ) -> pb.ExplainMembershipResponse:
        reasons = self.explain(request.segment_id, request.member_id)
        return pb.ExplainMembershipResponse(holds=reasons[0].holds, reasons=reasons_to_pb(reasons))

    def RecordActs(self, request: pb.RecordActsRequest, context: grpc.ServicerContext) -> pb.RecordActsResponse:
        recorded, unknown = self.record_acts(
            [to_told_act(each, f"acts[{place}]") for place, each in enumerate(request.acts)]
        )
        return pb.RecordActsResponse(recorded=recorded, unknown_member_ids=unknown)

    def _pack(self, segments: Sequence[Segment]) -> list[segment_pb2.Segment]:
        keys = {key for segment in segments for key in segments_in(segment.rule)}
        named = self.segments.batch_get(sorted(keys)) if keys else []
        names = {segment.id: segment.name for segment in named}
        return [segment_to_pb(segment, names) for segment in segments]
