"""The whole PaperworkService, put together from its nouns."""

from dataclasses import dataclass

from membercare.contracts.v1 import paperwork_service_pb2 as pb
from membercare.contracts.v1.paperwork_service_pb2_grpc import PaperworkServiceServicer
from services.contracts.rpc.paperwork.clause_methods import ClauseMethods
from services.contracts.rpc.paperwork.document_methods import DocumentMethods
from services.contracts.rpc.paperwork.text_methods import TextMethods

FULL_NAME = pb.DESCRIPTOR.services_by_name["PaperworkService"].full_name


@dataclass(frozen=True, kw_only=True)
class PaperworkServicer(ClauseMethods, TextMethods, DocumentMethods, PaperworkServiceServicer):
    """Each noun's methods stand in a module of their own."""
