"""Answers calls about what is planned for whom, by which rule, who approved it."""

from dataclasses import dataclass

from membercare.care.v1 import campaigns_service_pb2 as pb
from membercare.care.v1.campaigns_service_pb2_grpc import CampaignsServiceServicer
from services.care.rpc.campaigns.preview_methods import PreviewMethods
from services.care.rpc.campaigns.revision_methods import RevisionMethods
from services.care.rpc.campaigns.variant_methods import VariantMethods

FULL_NAME = pb.DESCRIPTOR.services_by_name["CampaignsService"].full_name


@dataclass(frozen=True, kw_only=True)
class CampaignsServicer(RevisionMethods, VariantMethods, PreviewMethods, CampaignsServiceServicer):
    """Each family of methods stands in a module of its own."""
