"""The methods that read contracts."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceServicer
from services.chassis.checks import batch, page_size
from services.chassis.ids import check_id, optional_id
from services.contracts.ports.contracts import Contracts
from services.contracts.rpc.as_of import to_as_of
from services.contracts.rpc.life_cycle.messages import contract_to_pb
from services.contracts.rpc.life_cycle.requests import to_contract_filter, to_review_filter

_MOST_PER_CUSTOMER = 100


@dataclass(frozen=True, kw_only=True)
class ContractReads(ContractsServiceServicer):
    """Reads go to the store."""

    contracts: Contracts

    def GetContract(self, request: pb.GetContractRequest, context: grpc.ServicerContext) -> pb.GetContractResponse:
        asked = to_as_of(request)
        contract = self.contracts.get(check_id(request.contract_id, "con", field="contract_id"))
        return pb.GetContractResponse(contract=contract_to_pb(asked(contract)))

    def BatchGetContracts(
        self, request: pb.BatchGetContractsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetContractsResponse:
        asked = to_as_of(request)
        found = self.contracts.batch_get(batch(request.contract_ids, "contract_ids", prefix="con"))
        return pb.BatchGetContractsResponse(
            contracts=(contract_to_pb(asked(each)) for each in found if asked.knows(each))
        )

    def BatchListContractsByCustomer(
        self, request: pb.BatchListContractsByCustomerRequest, context: grpc.ServicerContext
    ) -> pb.BatchListContractsByCustomerResponse:
        customer_ids = batch(request.customer_ids, "customer_ids", prefix="cus")
        most = page_size(request.limit_per_customer, "limit_per_customer", most=_MOST_PER_CUSTOMER)
        asked = to_as_of(request)
        found = self.contracts.of_customers(customer_ids, most=most, known_by=asked.known_at)
        return pb.BatchListContractsByCustomerResponse(
            results=(
                pb.CustomerContracts(
                    customer_id=customer_id, contracts=(contract_to_pb(asked(each)) for each in contracts)
                )
                for customer_id, contracts in found.items()
            )
        )

    def ListContracts(
        self, request: pb.ListContractsRequest, context: grpc.ServicerContext
    ) -> pb.ListContractsResponse:
        asked = to_as_of(request)
        page = self.contracts.page(
            to_contract_filter(request.filter, asked),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "con", field="page_token"),
        )
        return pb.ListContractsResponse(
            contracts=(contract_to_pb(asked(each)) for each in page.items), next_page_token=page.next_token
        )

    def ListReviews(self, request: pb.ListReviewsRequest, context: grpc.ServicerContext) -> pb.ListReviewsResponse:
        page = self.contracts.reviews(
            to_review_filter(request.filter),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "con", field="page_token"),
        )
        return pb.ListReviewsResponse(contracts=map(contract_to_pb, page.items), next_page_token=page.next_token)
