"""The methods of BillingService: unpack, call, pack."""

from dataclasses import dataclass

from membercare.contracts.v1 import billing_service_pb2 as pb
from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceServicer

FULL_NAME = pb.DESCRIPTOR.services_by_name["BillingService"].full_name


@dataclass(frozen=True, kw_only=True)
class BillingServicer(BillingServiceServicer):
    """Reads go to the stores, writes to the use cases."""
