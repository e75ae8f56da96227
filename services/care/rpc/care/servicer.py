"""The whole CareService, put together from its nouns."""

from dataclasses import dataclass

from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceServicer
from services.care.rpc.campaigns.methods import CampaignMethods
from services.care.rpc.members.methods import MemberMethods
from services.care.rpc.sending.methods import TouchMethods
from services.care.rpc.visits.methods import VisitMethods

FULL_NAME = pb.DESCRIPTOR.services_by_name["CareService"].full_name


@dataclass(frozen=True, kw_only=True)
class CareServicer(MemberMethods, CampaignMethods, TouchMethods, VisitMethods, CareServiceServicer):
    """Each noun's methods stand in a module of their own."""
