"""Root fields that read customers and contracts."""

import strawberry

from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page, page_of
from gateway.graphql.contracts.types import Contract, ContractState, Customer, CustomerKind
from gateway.graphql.edges import CONTRACTS, CUSTOMERS
from gateway.graphql.loaders import load_one
from gateway.graphql.roots import Info, query
from gateway.graphql.sources import filtered
from membercare.contracts.v1 import contract_pb2, customer_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from services.chassis.ids import check_id


@strawberry.input(description="What a listed customer must match; absent fields match all.")
class CustomerFilter:
    kind: CustomerKind | None = None
    owner_id: strawberry.ID | None = None
    tag: str | None = None
    name_prefix: str | None = strawberry.field(default=None, description="The name begins so; letter case is ignored.")
    external_ref: str | None = None


@strawberry.input(description="What a listed contract must match; absent fields match all.")
class ContractFilter:
    customer_id: strawberry.ID | None = None
    state: ContractState | None = None
    owner_id: strawberry.ID | None = None


@strawberry.type
class ContractsQuery:
    @query(Customer, rpc="BatchGetCustomers", description="One customer; null if there is none.")
    async def customer(self, info: Info, id: strawberry.ID) -> customer_pb2.Customer | None:
        found: customer_pb2.Customer | None = await load_one(info.context, CUSTOMERS, check_id(id, "cus", "id"))
        return found

    @query(Contract, rpc="BatchGetContracts", description="One contract; null if there is none.")
    async def contract(self, info: Info, id: strawberry.ID) -> contract_pb2.Contract | None:
        found: contract_pb2.Contract | None = await load_one(info.context, CONTRACTS, check_id(id, "con", "id"))
        return found

    @query(Connection[Customer], rpc="ListCustomers", description="Customers in the order of their registration.")
    async def customers(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: CustomerFilter | None = None
    ) -> Page:
        request = pb.ListCustomersRequest(filter=filtered(filter, pb.CustomerFilter), page_size=first, page_token=after)
        reply = await info.context.call(info.context.clients.contracts.ListCustomers, request)
        return page_of(reply.customers, reply.next_page_token, after)

    @query(Connection[Contract], rpc="ListContracts", description="Contracts in the order of their creation.")
    async def contracts(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: ContractFilter | None = None
    ) -> Page:
        request = pb.ListContractsRequest(filter=filtered(filter, pb.ContractFilter), page_size=first, page_token=after)
        reply = await info.context.call(info.context.clients.contracts.ListContracts, request)
        return page_of(reply.contracts, reply.next_page_token, after)
