"""Root fields that read customers and contracts."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page
from gateway.graphql.contracts.customers.enums import CustomerStage, CustomerTier
from gateway.graphql.contracts.life_cycle.types import Contract, ContractState, Customer, CustomerKind
from gateway.graphql.edges import CONTRACTS, CUSTOMERS
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, listed, one, query
from membercare.contracts.v1 import contracts_service_pb2 as pb


@strawberry.input(description="What a listed customer must match; absent fields match all.")
class CustomerFilter:
    kind: CustomerKind | None = None
    owner_id: strawberry.ID | None = None
    tag: str | None = None
    name_prefix: str | None = strawberry.field(default=None, description="The name begins so; letter case is ignored.")
    external_ref: str | None = None
    stage: CustomerStage | None = None
    tier: CustomerTier | None = None
    include_merged: bool | None = strawberry.field(
        default=None, description="Also doublets that were merged into another customer; else they are left out."
    )


@strawberry.input(description="What a listed contract must match; absent fields match all.")
class ContractFilter:
    customer_id: strawberry.ID | None = None
    state: ContractState | None = None
    owner_id: strawberry.ID | None = None


NODES: Mapping[str, Loader] = {"cus": CUSTOMERS, "con": CONTRACTS}
"""By the prefix of an id: what `node(id)` finds here."""


@strawberry.type
class LifeCycleQuery:
    customer = one(Customer, CUSTOMERS, prefix="cus", description="One customer; null if there is none.")

    contract = one(Contract, CONTRACTS, prefix="con", description="One contract; null if there is none.")

    @query(Connection[Customer], rpc="ListCustomers", description="Customers in the order of their registration.")
    async def customers(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: CustomerFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListCustomersRequest, first=first, after=after, filter=filter)

    @query(Connection[Contract], rpc="ListContracts", description="Contracts in the order of their creation.")
    async def contracts(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: ContractFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListContractsRequest, first=first, after=after, filter=filter)
