"""The methods of ContractsService: unpack, call, pack."""

from dataclasses import dataclass

from membercare.contracts.v1 import contracts_service_pb2 as pb
from services.contracts.rpc.life_cycle.contract_reads import ContractReads
from services.contracts.rpc.life_cycle.customer_methods import CustomerMethods
from services.contracts.rpc.life_cycle.draft_methods import DraftMethods
from services.contracts.rpc.life_cycle.force_methods import ForceMethods

FULL_NAME = pb.DESCRIPTOR.services_by_name["ContractsService"].full_name


@dataclass(frozen=True, kw_only=True)
class ContractsServicer(CustomerMethods, ContractReads, DraftMethods, ForceMethods):
    """Reads go to the stores, writes to the use cases."""
