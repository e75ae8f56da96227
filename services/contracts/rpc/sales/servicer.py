"""The methods of SalesService: unpack, call, pack."""

from dataclasses import dataclass

from membercare.contracts.v1 import sales_service_pb2 as pb
from membercare.contracts.v1.sales_service_pb2_grpc import SalesServiceServicer

FULL_NAME = pb.DESCRIPTOR.services_by_name["SalesService"].full_name


@dataclass(frozen=True, kw_only=True)
class SalesServicer(SalesServiceServicer):
    """Reads go to the stores, writes to the use cases."""
