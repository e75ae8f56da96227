"""The methods of RenewalsService: unpack, call, pack."""

from dataclasses import dataclass

from membercare.contracts.v1 import renewals_service_pb2 as pb
from services.contracts.rpc.renewals.renewal_reports import RenewalReports
from services.contracts.rpc.renewals.renewal_work import RenewalWork
from services.contracts.rpc.renewals.warranties import WarrantyReads

FULL_NAME = pb.DESCRIPTOR.services_by_name["RenewalsService"].full_name


@dataclass(frozen=True, kw_only=True)
class RenewalsServicer(RenewalWork, RenewalReports, WarrantyReads):
    """Reads go to the stores, writes to the use cases."""
