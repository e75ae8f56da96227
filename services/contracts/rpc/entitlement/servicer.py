"""The methods of EntitlementService: unpack, call, pack."""

from dataclasses import dataclass

from membercare.contracts.v1 import entitlement_service_pb2 as pb
from membercare.contracts.v1.entitlement_service_pb2_grpc import EntitlementServiceServicer

FULL_NAME = pb.DESCRIPTOR.services_by_name["EntitlementService"].full_name


@dataclass(frozen=True, kw_only=True)
class EntitlementServicer(EntitlementServiceServicer):
    """Reads go to the stores, writes to the use cases."""
