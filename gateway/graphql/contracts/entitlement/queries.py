"""Root fields that read what is covered, what is left of allowances, and chargeable service."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page
from gateway.graphql.contracts.entitlement.enums import ServiceOrderState, ServiceUnit, UsageState
from gateway.graphql.contracts.entitlement.loaders import SERVICE_ORDERS, USAGES
from gateway.graphql.contracts.entitlement.types import AllowanceUsage, Entitlement, ServiceOrder
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, listed, one, query
from gateway.graphql.scalars import BigInt, DateTime
from membercare.contracts.v1 import entitlement_pb2
from membercare.contracts.v1 import entitlement_service_pb2 as pb

NODES: Mapping[str, Loader] = {"alw": USAGES, "svc": SERVICE_ORDERS}
"""By the prefix of an id: what `node(id)` finds here."""


@strawberry.input(description="What a listed use of allowances must match; absent fields match all.")
class AllowanceUsageFilter:
    customer_id: strawberry.ID | None = None
    contract_id: strawberry.ID | None = strawberry.field(default=None, description="It draws on this contract.")
    state: UsageState | None = None
    reference: str | None = None


@strawberry.input(description="What a listed chargeable service must match; absent fields match all.")
class ServiceOrderFilter:
    customer_id: strawberry.ID | None = None
    state: ServiceOrderState | None = None
    technician_id: strawberry.ID | None = None
    reference: str | None = None


@strawberry.type
class EntitlementQuery:
    @query(
        Entitlement,
        rpc="CheckEntitlement",
        description="Whether a request for service is covered, by what, what it costs and why, in words. "
        "`at` asks about another moment; `knownAt` answers with what was known at a moment.",
    )
    async def entitlement(
        self,
        info: Info,
        customer_id: strawberry.ID,
        service_type: str,
        asset_id: strawberry.ID | None = None,
        at: DateTime | None = None,
        known_at: DateTime | None = None,
        quantity: BigInt | None = None,
        unit: ServiceUnit | None = None,
    ) -> entitlement_pb2.Entitlement:
        request = pb.CheckEntitlementRequest(
            customer_id=customer_id,
            asset_id=asset_id or "",
            service_type=service_type,
            at=at,
            known_at=known_at,
            quantity=quantity or 0,
            unit=entitlement_pb2.ServiceUnit.ValueType(unit or 0),
        )
        reply = await info.context.call(info.context.clients.contracts.CheckEntitlement, request)
        return reply.entitlement

    allowance_usage = one(
        AllowanceUsage, USAGES, prefix="alw", description="One use of allowances; null if there is none."
    )

    service_order = one(
        ServiceOrder, SERVICE_ORDERS, prefix="svc", description="One chargeable service; null if there is none."
    )

    @query(Connection[AllowanceUsage], rpc="ListAllowanceUsages", description="Uses of allowances.")
    async def allowance_usages(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: AllowanceUsageFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListAllowanceUsagesRequest, first=first, after=after, filter=filter)

    @query(
        Connection[ServiceOrder],
        rpc="ListServiceOrders",
        description="Chargeable services in the order of their creation.",
    )
    async def service_orders(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: ServiceOrderFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListServiceOrdersRequest, first=first, after=after, filter=filter)
