"""Answers calls about calls that are owed, and what was heard."""

from dataclasses import dataclass

from membercare.care.v1 import visits_service_pb2 as pb
from membercare.care.v1.visits_service_pb2_grpc import VisitsServiceServicer

FULL_NAME = pb.DESCRIPTOR.services_by_name["VisitsService"].full_name


@dataclass(frozen=True, kw_only=True)
class VisitsServicer(VisitsServiceServicer):
    """Unpack, call, pack."""
