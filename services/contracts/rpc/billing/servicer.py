"""The methods of BillingService, by concern."""

from dataclasses import dataclass

from membercare.contracts.v1 import billing_service_pb2 as pb
from services.contracts.rpc.billing.price_methods import PriceMethods
from services.contracts.rpc.billing.schedule_methods import ScheduleMethods

FULL_NAME = pb.DESCRIPTOR.services_by_name["BillingService"].full_name


@dataclass(frozen=True, kw_only=True)
class BillingServicer(ScheduleMethods, PriceMethods):
    """Reads go to the stores, writes to the use cases."""
