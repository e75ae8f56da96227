"""The methods of CustomersService: unpack, call, pack."""

from dataclasses import dataclass

from membercare.contracts.v1 import customers_service_pb2 as pb
from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceServicer

FULL_NAME = pb.DESCRIPTOR.services_by_name["CustomersService"].full_name


@dataclass(frozen=True, kw_only=True)
class CustomersServicer(CustomersServiceServicer):
    """Reads go to the stores, writes to the use cases."""
