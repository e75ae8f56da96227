"""Answers calls about steps over time, one member at a time."""

from dataclasses import dataclass

from membercare.care.v1 import journeys_service_pb2 as pb
from membercare.care.v1.journeys_service_pb2_grpc import JourneysServiceServicer

FULL_NAME = pb.DESCRIPTOR.services_by_name["JourneysService"].full_name


@dataclass(frozen=True, kw_only=True)
class JourneysServicer(JourneysServiceServicer):
    """Unpack, call, pack."""
