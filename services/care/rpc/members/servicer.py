"""Answers calls about the people we care for: consent, merge, import, export, erasure."""

from dataclasses import dataclass

from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.members_service_pb2_grpc import MembersServiceServicer
from services.care.rpc.members.consent_methods import ConsentMethods
from services.care.rpc.members.person_methods import PersonMethods
from services.care.rpc.members.timeline_methods import TimelineMethods

FULL_NAME = pb.DESCRIPTOR.services_by_name["MembersService"].full_name


@dataclass(frozen=True, kw_only=True)
class MembersServicer(ConsentMethods, PersonMethods, TimelineMethods, MembersServiceServicer):
    """Unpack, call, pack."""
