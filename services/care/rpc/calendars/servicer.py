"""Answers calls about days: statutory, lunar, occasions, blackouts."""

from dataclasses import dataclass

from membercare.care.v1 import calendars_service_pb2 as pb
from membercare.care.v1.calendars_service_pb2_grpc import CalendarsServiceServicer
from services.care.rpc.calendars.occasion_methods import OccasionMethods
from services.care.rpc.calendars.statutory_methods import StatutoryMethods

FULL_NAME = pb.DESCRIPTOR.services_by_name["CalendarsService"].full_name


@dataclass(frozen=True, kw_only=True)
class CalendarsServicer(StatutoryMethods, OccasionMethods, CalendarsServiceServicer):
    """Unpack, call, pack."""
