"""The whole VisitsService, put together from what is worked on and what it is worked with."""

from dataclasses import dataclass

from membercare.care.v1 import visits_service_pb2 as pb
from membercare.care.v1.visits_service_pb2_grpc import VisitsServiceServicer
from services.care.rpc.visits.call_methods import CallMethods
from services.care.rpc.visits.list_methods import CallDataMethods

FULL_NAME = pb.DESCRIPTOR.services_by_name["VisitsService"].full_name


@dataclass(frozen=True, kw_only=True)
class VisitsServicer(CallMethods, CallDataMethods, VisitsServiceServicer):
    """Unpack, call, pack."""
