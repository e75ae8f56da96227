"""Root fields that read leads, opportunities, quotes and orders."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page
from gateway.graphql.contracts.sales.enums import (
    LeadSource,
    LeadState,
    OpportunityKind,
    OpportunityStage,
    OrderMilestone,
    QuoteState,
)
from gateway.graphql.contracts.sales.loaders import LEADS, OPPORTUNITIES, ORDERS, QUOTES
from gateway.graphql.contracts.sales.quote_types import Order, Quote
from gateway.graphql.contracts.sales.types import Lead, Opportunity
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, listed, one, query
from gateway.graphql.scalars import Date
from membercare.contracts.v1 import sales_service_pb2 as pb

_OVERDUE = "Only those whose next action was due before today, in the company's time zone."


@strawberry.input(description="What a listed lead must match; absent fields match all.")
class LeadFilter:
    state: LeadState | None = None
    source: LeadSource | None = None
    owner_id: strawberry.ID | None = None
    customer_id: strawberry.ID | None = None
    overdue: bool | None = strawberry.field(default=None, description=_OVERDUE)


@strawberry.input(description="What a listed opportunity must match; absent fields match all.")
class OpportunityFilter:
    customer_id: strawberry.ID | None = None
    owner_id: strawberry.ID | None = None
    kind: OpportunityKind | None = None
    stage: OpportunityStage | None = None
    open: bool | None = strawberry.field(default=None, description="Only those that are neither won nor lost.")
    overdue: bool | None = strawberry.field(default=None, description=_OVERDUE)
    closes_from: Date | None = strawberry.field(default=None, description="Expected to close on this day or later.")
    closes_through: Date | None = strawberry.field(
        default=None, description="Expected to close on this day or earlier."
    )


@strawberry.input(description="What a listed quote must match; absent fields match all.")
class QuoteFilter:
    customer_id: strawberry.ID | None = None
    opportunity_id: strawberry.ID | None = None
    owner_id: strawberry.ID | None = None
    state: QuoteState | None = strawberry.field(default=None, description="Where the last version stands.")
    sign_by_from: Date | None = strawberry.field(default=None, description="The window ends on this day or later.")
    sign_by_through: Date | None = strawberry.field(default=None, description="The window ends on this day or earlier.")


@strawberry.input(description="What a listed order must match; absent fields match all.")
class OrderFilter:
    customer_id: strawberry.ID | None = None
    owner_id: strawberry.ID | None = None
    milestone: OrderMilestone | None = strawberry.field(default=None, description="The last one that was reached.")
    late: bool | None = strawberry.field(
        default=None,
        description="Only those whose next milestone was planned for a day before today, in the company's time zone.",
    )


NODES: Mapping[str, Loader] = {"led": LEADS, "opp": OPPORTUNITIES, "quo": QUOTES, "ord": ORDERS}
"""By the prefix of an id: what `node(id)` finds here."""


@strawberry.type
class SalesQuery:
    lead = one(Lead, LEADS, prefix="led", description="One lead; null if there is none.")

    opportunity = one(Opportunity, OPPORTUNITIES, prefix="opp", description="One opportunity; null if there is none.")

    @query(Connection[Lead], rpc="ListLeads", description="Leads in the order of their creation.")
    async def leads(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: LeadFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListLeadsRequest, first=first, after=after, filter=filter)

    @query(Connection[Opportunity], rpc="ListOpportunities", description="Opportunities in the order of their opening.")
    async def opportunities(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: OpportunityFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListOpportunitiesRequest, first=first, after=after, filter=filter)

    quote = one(Quote, QUOTES, prefix="quo", description="One quote; null if there is none.")

    @query(Connection[Quote], rpc="ListQuotes", description="Quotes in the order of their creation.")
    async def quotes(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: QuoteFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListQuotesRequest, first=first, after=after, filter=filter)

    order = one(Order, ORDERS, prefix="ord", description="One order; null if there is none.")

    @query(Connection[Order], rpc="ListOrders", description="Orders in the order of their creation.")
    async def orders(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: OrderFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListOrdersRequest, first=first, after=after, filter=filter)
