"""Answers calls about points, tiers and privileges."""

from dataclasses import dataclass

from membercare.care.v1 import loyalty_service_pb2 as pb
from membercare.care.v1.loyalty_service_pb2_grpc import LoyaltyServiceServicer

FULL_NAME = pb.DESCRIPTOR.services_by_name["LoyaltyService"].full_name


@dataclass(frozen=True, kw_only=True)
class LoyaltyServicer(LoyaltyServiceServicer):
    """Unpack, call, pack."""
