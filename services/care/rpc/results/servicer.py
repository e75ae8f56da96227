"""Answers calls about what came of it, and plans for key accounts."""

from dataclasses import dataclass

from membercare.care.v1 import results_service_pb2 as pb
from membercare.care.v1.results_service_pb2_grpc import ResultsServiceServicer
from services.care.rpc.results.campaign_methods import CampaignResultsMethods
from services.care.rpc.results.plan_methods import PlanMethods

FULL_NAME = pb.DESCRIPTOR.services_by_name["ResultsService"].full_name


@dataclass(frozen=True, kw_only=True)
class ResultsServicer(PlanMethods, CampaignResultsMethods, ResultsServiceServicer):
    """Unpack, call, pack."""
