"""Root fields that read customers and contracts."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page
from gateway.graphql.contracts.as_of import AsOf, KnownAt
from gateway.graphql.contracts.customers.enums import CustomerStage, CustomerTier
from gateway.graphql.contracts.life_cycle.enums import ContractState
from gateway.graphql.contracts.life_cycle.types import Contract, Customer, CustomerKind
from gateway.graphql.edges import CONTRACTS, CUSTOMERS
from gateway.graphql.errors import Refused
from gateway.graphql.loaders import Loader, load_one
from gateway.graphql.roots import Info, listed, one, query
from gateway.graphql.scalars import Date
from membercare.contracts.v1 import contracts_service_pb2 as pb
from services.chassis.errors import Kind
from services.chassis.ids import check_id


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
    states: list[ContractState] | None = strawberry.field(default=None, description="In one of these.")
    owner_id: strawberry.ID | None = None
    reviewer: str | None = strawberry.field(default=None, description="Whom it waits for, or waited for, by subject.")
    asset_id: strawberry.ID | None = strawberry.field(default=None, description="It names this asset.")
    ending_from: Date | None = strawberry.field(default=None, description="Its current term ends then or later.")
    ending_to: Date | None = strawberry.field(default=None, description="Its current term ends then or earlier.")


@strawberry.input(description="What a listed review must match; absent fields match all.")
class ReviewFilter:
    reviewer: str | None = strawberry.field(default=None, description="It waits for this subject, by name.")
    unassigned: bool | None = strawberry.field(default=None, description="It waits for nobody by name.")
    owner_id: strawberry.ID | None = None


NODES: Mapping[str, Loader] = {"cus": CUSTOMERS, "con": CONTRACTS}
"""By the prefix of an id: what `node(id)` finds here."""


@strawberry.type
class LifeCycleQuery:
    customer = one(Customer, CUSTOMERS, prefix="cus", description="One customer; null if there is none.")

    @query(
        Contract,
        rpc="GetContract",
        description="One contract, as it is or as it was; null if there is none, or if nothing was known of it then.",
    )
    async def contract(self, info: Info, id: strawberry.ID, as_of: AsOf = None, known_at: KnownAt = None) -> object:
        contract_id = check_id(id, "con", field="id")
        if as_of is None and known_at is None:
            return await load_one(info.context, CONTRACTS, key=contract_id)
        request = pb.GetContractRequest(contract_id=contract_id, as_of=as_of or "", known_at=known_at)
        try:
            reply = await info.context.call(info.context.clients.contracts.GetContract, request)
        except Refused as error:
            if error.refusal.kind is Kind.NOT_FOUND:
                return None
            raise
        return reply.contract

    @query(Connection[Contract], rpc="ListReviews", description="What waits for the legal review, longest first.")
    async def contract_reviews(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: ReviewFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListReviewsRequest, first=first, after=after, filter=filter)

    @query(Connection[Customer], rpc="ListCustomers", description="Customers in the order of their registration.")
    async def customers(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: CustomerFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListCustomersRequest, first=first, after=after, filter=filter)

    @query(
        Connection[Contract],
        rpc="ListContracts",
        description=(
            "Contracts in the order of their creation. With `asOf` or `knownAt` as they were; "
            "then the filter takes a customer and an owner only."
        ),
    )
    async def contracts(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        filter: ContractFilter | None = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> Page:
        asked = pb.ListContractsRequest
        return await listed(
            info.context, asked, first=first, after=after, filter=filter, as_of=as_of, known_at=known_at
        )
