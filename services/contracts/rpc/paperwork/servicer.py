"""The methods of PaperworkService: unpack, call, pack."""

from dataclasses import dataclass

from membercare.contracts.v1 import paperwork_service_pb2 as pb
from membercare.contracts.v1.paperwork_service_pb2_grpc import PaperworkServiceServicer

FULL_NAME = pb.DESCRIPTOR.services_by_name["PaperworkService"].full_name


@dataclass(frozen=True, kw_only=True)
class PaperworkServicer(PaperworkServiceServicer):
    """Reads go to the stores, writes to the use cases."""
