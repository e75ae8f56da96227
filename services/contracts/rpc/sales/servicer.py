"""The whole SalesService, put together from its nouns."""

from dataclasses import dataclass

from membercare.contracts.v1 import sales_service_pb2 as pb
from membercare.contracts.v1.sales_service_pb2_grpc import SalesServiceServicer
from services.contracts.rpc.sales.leads import LeadMethods
from services.contracts.rpc.sales.opportunities import OpportunityMethods
from services.contracts.rpc.sales.orders import OrderMethods
from services.contracts.rpc.sales.quotes import QuoteMethods

FULL_NAME = pb.DESCRIPTOR.services_by_name["SalesService"].full_name


@dataclass(frozen=True, kw_only=True)
class SalesServicer(LeadMethods, OpportunityMethods, QuoteMethods, OrderMethods, SalesServiceServicer):
    """Each noun's methods stand in a module of their own."""
