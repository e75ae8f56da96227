"""Answers calls about words by language and channel."""

from dataclasses import dataclass

from membercare.care.v1 import templates_service_pb2 as pb
from membercare.care.v1.templates_service_pb2_grpc import TemplatesServiceServicer

FULL_NAME = pb.DESCRIPTOR.services_by_name["TemplatesService"].full_name


@dataclass(frozen=True, kw_only=True)
class TemplatesServicer(TemplatesServiceServicer):
    """Unpack, call, pack."""
