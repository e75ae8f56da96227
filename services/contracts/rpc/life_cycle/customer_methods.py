"""The methods that register and read customers."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceServicer
from services.chassis.checks import batch, page_size
from services.chassis.ids import check_id, optional_id
from services.contracts.ports.customers import Customers
from services.contracts.rpc.customers.messages import customer_to_pb, to_customer_filter, to_new_customer
from services.contracts.usecases.register_customer import RegisterCustomer


@dataclass(frozen=True, kw_only=True)
class CustomerMethods(ContractsServiceServicer):
    """Reads go to the store, writes to the use case."""

    customers: Customers
    register_customer: RegisterCustomer

    def CreateCustomer(
        self, request: pb.CreateCustomerRequest, context: grpc.ServicerContext
    ) -> pb.CreateCustomerResponse:
        customer = self.register_customer(to_new_customer(request), request_id=request.request_id)
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
