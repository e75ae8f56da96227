"""The methods of EntitlementService: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import entitlement_service_pb2 as pb
from membercare.contracts.v1.entitlement_service_pb2_grpc import EntitlementServiceServicer
from services.chassis.checks import batch, page_size
from services.chassis.clock import Clock
from services.chassis.identity import current_caller
from services.chassis.ids import optional_id
from services.contracts.ports.entitlement import Balances, Usages
from services.contracts.rpc.as_of import to_as_of
from services.contracts.rpc.entitlement.messages import (
    balance_to_pb,
    entitlement_to_pb,
    to_reservation,
    to_usage_filter,
    to_wanted,
    usage_to_pb,
)
from services.contracts.rpc.entitlement.order_methods import ServiceOrderMethods
from services.contracts.usecases.entitlement.check_entitlement import CheckEntitlement
from services.contracts.usecases.entitlement.use_allowance import (
    ConsumeAllowance,
    CorrectAllowance,
    ReleaseAllowance,
    ReserveAllowance,
    UsageOrder,
)

FULL_NAME = pb.DESCRIPTOR.services_by_name["EntitlementService"].full_name
_MOST_PER_CONTRACT = 100


@dataclass(frozen=True, kw_only=True)
class EntitlementServicer(ServiceOrderMethods, EntitlementServiceServicer):
    """Reads go to the stores, writes to the use cases."""

    clock: Clock
    usages: Usages
    balances: Balances
    check_entitlement: CheckEntitlement
    reserve_allowance: ReserveAllowance
    consume_allowance: ConsumeAllowance
    release_allowance: ReleaseAllowance
    correct_allowance: CorrectAllowance

    def CheckEntitlement(
        self, request: pb.CheckEntitlementRequest, context: grpc.ServicerContext
    ) -> pb.CheckEntitlementResponse:
        said = self.check_entitlement(to_wanted(request))
        return pb.CheckEntitlementResponse(entitlement=entitlement_to_pb(said))

    def ReserveAllowance(
        self, request: pb.ReserveAllowanceRequest, context: grpc.ServicerContext
    ) -> pb.ReserveAllowanceResponse:
        usage = self.reserve_allowance(
            to_reservation(request),
            reference=request.reference,
            request_id=request.request_id,
            by=current_caller().subject,
        )
        return pb.ReserveAllowanceResponse(usage=usage_to_pb(usage))

    def ConsumeAllowance(
        self, request: pb.ConsumeAllowanceRequest, context: grpc.ServicerContext
    ) -> pb.ConsumeAllowanceResponse:
        actual = request.actual_quantity if request.HasField("actual_quantity") else None
        usage = self.consume_allowance(_order(request), actual=actual)
        return pb.ConsumeAllowanceResponse(usage=usage_to_pb(usage))

    def ReleaseAllowance(
        self, request: pb.ReleaseAllowanceRequest, context: grpc.ServicerContext
    ) -> pb.ReleaseAllowanceResponse:
        usage = self.release_allowance(_order(request), reason=request.release_reason)
        return pb.ReleaseAllowanceResponse(usage=usage_to_pb(usage))

    def CorrectAllowance(
        self, request: pb.CorrectAllowanceRequest, context: grpc.ServicerContext
    ) -> pb.CorrectAllowanceResponse:
        usage = self.correct_allowance(_order(request), actual=request.actual_quantity, reason=request.reason)
        return pb.CorrectAllowanceResponse(usage=usage_to_pb(usage))

    def BatchGetAllowanceUsages(
        self, request: pb.BatchGetAllowanceUsagesRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetAllowanceUsagesResponse:
        found = self.usages.batch_get(batch(request.usage_ids, "usage_ids", prefix="alw"))
        return pb.BatchGetAllowanceUsagesResponse(usages=map(usage_to_pb, found))

    def ListAllowanceUsages(
        self, request: pb.ListAllowanceUsagesRequest, context: grpc.ServicerContext
    ) -> pb.ListAllowanceUsagesResponse:
        page = self.usages.page(
            to_usage_filter(request.filter),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "alw", field="page_token"),
        )
        return pb.ListAllowanceUsagesResponse(usages=map(usage_to_pb, page.items), next_page_token=page.next_token)

    def BatchListAllowancesByContract(
        self, request: pb.BatchListAllowancesByContractRequest, context: grpc.ServicerContext
    ) -> pb.BatchListAllowancesByContractResponse:
        found = self.balances.of_contracts(
            batch(request.contract_ids, "contract_ids", prefix="con"),
            to_as_of(request),
            now=self.clock.now(),
            most=page_size(request.limit_per_contract, "limit_per_contract", most=_MOST_PER_CONTRACT),
        )
        return pb.BatchListAllowancesByContractResponse(
            results=(
                pb.ContractAllowances(contract_id=contract_id, allowances=map(balance_to_pb, balances))
                for contract_id, balances in found.items()
            )
        )


def _order(
    request: pb.ConsumeAllowanceRequest | pb.ReleaseAllowanceRequest | pb.CorrectAllowanceRequest,
) -> UsageOrder:
    return UsageOrder(
        usage_id=request.usage_id, by=current_caller().subject, etag=request.etag, request_id=request.request_id
    )
