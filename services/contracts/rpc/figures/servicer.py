"""The methods of FiguresService: unpack, call, pack."""

from dataclasses import dataclass

from membercare.contracts.v1 import figures_service_pb2 as pb
from membercare.contracts.v1.figures_service_pb2_grpc import FiguresServiceServicer

FULL_NAME = pb.DESCRIPTOR.services_by_name["FiguresService"].full_name


@dataclass(frozen=True, kw_only=True)
class FiguresServicer(FiguresServiceServicer):
    """Reads go to the stores, writes to the use cases."""
