"""The methods of CatalogService: unpack, call, pack."""

from dataclasses import dataclass

from membercare.contracts.v1 import catalog_service_pb2 as pb
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceServicer

FULL_NAME = pb.DESCRIPTOR.services_by_name["CatalogService"].full_name


@dataclass(frozen=True, kw_only=True)
class CatalogServicer(CatalogServiceServicer):
    """Reads go to the stores, writes to the use cases."""
