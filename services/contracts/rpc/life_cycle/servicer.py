"""The methods of ContractsService: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceServicer
from services.chassis.checks import batch, page_size
from services.chassis.ids import check_id, optional_id
from services.contracts.ports.contracts import Contracts
from services.contracts.ports.customers import Customers
from services.contracts.rpc.life_cycle.messages import (
    contract_to_pb,
    customer_to_pb,
    to_contract_filter,
    to_customer_filter,
    to_details,
    to_terms,
)
from services.contracts.usecases.move_contract import ActivateContract, Order, SignContract, TerminateContract
from services.contracts.usecases.register_customer import RegisterCustomer
from services.contracts.usecases.write_contract import WriteContract

FULL_NAME = pb.DESCRIPTOR.services_by_name["ContractsService"].full_name
_MOST_PER_CUSTOMER = 100


@dataclass(frozen=True, kw_only=True)
class ContractsServicer(ContractsServiceServicer):
    """Reads go to the stores, writes to the use cases."""

    customers: Customers
    contracts: Contracts
    register_customer: RegisterCustomer
    write_contract: WriteContract
    sign_contract: SignContract
    activate_contract: ActivateContract
    terminate_contract: TerminateContract

    def CreateCustomer(
        self, request: pb.CreateCustomerRequest, context: grpc.ServicerContext
    ) -> pb.CreateCustomerResponse:
        customer = self.register_customer(to_details(request), request_id=request.request_id)
        return pb.CreateCustomerResponse(customer=customer_to_pb(customer))

    def GetCustomer(self, request: pb.GetCustomerRequest, context: grpc.ServicerContext) -> pb.GetCustomerResponse:
        customer = self.customers.get(check_id(request.customer_id, "cus", field="customer_id"))
        return pb.GetCustomerResponse(customer=customer_to_pb(customer))

    def BatchGetCustomers(
        self, request: pb.BatchGetCustomersRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetCustomersResponse:
        found = self.customers.batch_get(batch(request.customer_ids, "customer_ids", prefix="cus"))
        return pb.BatchGetCustomersResponse(customers=map(customer_to_pb, found))

    def ListCustomers(
        self, request: pb.ListCustomersRequest, context: grpc.ServicerContext
    ) -> pb.ListCustomersResponse:
        page = self.customers.page(
            to_customer_filter(request.filter),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "cus", field="page_token"),
        )
        return pb.ListCustomersResponse(customers=map(customer_to_pb, page.items), next_page_token=page.next_token)

    def CreateContract(
        self, request: pb.CreateContractRequest, context: grpc.ServicerContext
    ) -> pb.CreateContractResponse:
        contract = self.write_contract(to_terms(request), request_id=request.request_id)
        return pb.CreateContractResponse(contract=contract_to_pb(contract))

    def GetContract(self, request: pb.GetContractRequest, context: grpc.ServicerContext) -> pb.GetContractResponse:
        contract = self.contracts.get(check_id(request.contract_id, "con", field="contract_id"))
        return pb.GetContractResponse(contract=contract_to_pb(contract))

    def BatchGetContracts(
        self, request: pb.BatchGetContractsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetContractsResponse:
        found = self.contracts.batch_get(batch(request.contract_ids, "contract_ids", prefix="con"))
        return pb.BatchGetContractsResponse(contracts=map(contract_to_pb, found))

    def BatchListContractsByCustomer(
        self, request: pb.BatchListContractsByCustomerRequest, context: grpc.ServicerContext
    ) -> pb.BatchListContractsByCustomerResponse:
        customer_ids = batch(request.customer_ids, "customer_ids", prefix="cus")
        most = page_size(request.limit_per_customer, "limit_per_customer", most=_MOST_PER_CUSTOMER)
        found = self.contracts.of_customers(customer_ids, most=most)
        return pb.BatchListContractsByCustomerResponse(
            results=(
                pb.CustomerContracts(customer_id=customer_id, contracts=map(contract_to_pb, contracts))
                for customer_id, contracts in found.items()
            )
        )

    def ListContracts(
        self, request: pb.ListContractsRequest, context: grpc.ServicerContext
    ) -> pb.ListContractsResponse:
        page = self.contracts.page(
            to_contract_filter(request.filter),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "con", field="page_token"),
        )
        return pb.ListContractsResponse(contracts=map(contract_to_pb, page.items), next_page_token=page.next_token)

    def SignContract(self, request: pb.SignContractRequest, context: grpc.ServicerContext) -> pb.SignContractResponse:
        contract = self.sign_contract(
            Order(contract_id=request.contract_id, etag=request.etag, request_id=request.request_id)
        )
        return pb.SignContractResponse(contract=contract_to_pb(contract))

    def ActivateContract(
        self, request: pb.ActivateContractRequest, context: grpc.ServicerContext
    ) -> pb.ActivateContractResponse:
        contract = self.activate_contract(
            Order(contract_id=request.contract_id, etag=request.etag, request_id=request.request_id)
        )
        return pb.ActivateContractResponse(contract=contract_to_pb(contract))

    def TerminateContract(
        self, request: pb.TerminateContractRequest, context: grpc.ServicerContext
    ) -> pb.TerminateContractResponse:
        contract = self.terminate_contract(
            Order(contract_id=request.contract_id, etag=request.etag, request_id=request.request_id),
            reason=request.termination_reason,
        )
        return pb.TerminateContractResponse(contract=contract_to_pb(contract))
