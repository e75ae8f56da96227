"""Answers calls about who belongs to a group, and why."""

from dataclasses import dataclass

from membercare.care.v1 import segments_service_pb2 as pb
from membercare.care.v1.segments_service_pb2_grpc import SegmentsServiceServicer

FULL_NAME = pb.DESCRIPTOR.services_by_name["SegmentsService"].full_name


@dataclass(frozen=True, kw_only=True)
class SegmentsServicer(SegmentsServiceServicer):
    """Unpack, call, pack."""
