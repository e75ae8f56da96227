"""The methods of RenewalsService: unpack, call, pack."""

from dataclasses import dataclass

from membercare.contracts.v1 import renewals_service_pb2 as pb
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceServicer

FULL_NAME = pb.DESCRIPTOR.services_by_name["RenewalsService"].full_name


@dataclass(frozen=True, kw_only=True)
class RenewalsServicer(RenewalsServiceServicer):
    """Reads go to the stores, writes to the use cases."""
