"""Quotes and orders as types of the schema."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.contracts.money import Money
from gateway.graphql.contracts.periods import Period
from gateway.graphql.contracts.sales.enums import OrderMilestone, QuoteState, QuoteVoidReason
from gateway.graphql.contracts.sales.loaders import OPPORTUNITIES, ORDERS_BY_QUOTE, QUOTES
from gateway.graphql.edges import CUSTOMERS, EMPLOYEES
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import BigInt, Date, DateTime
from gateway.graphql.sources import message
from membercare.contracts.v1 import order_pb2, quote_pb2

if TYPE_CHECKING:
    from gateway.graphql.contracts.life_cycle.types import Customer
    from gateway.graphql.contracts.sales.types import Opportunity
    from gateway.graphql.kpi.types import Employee

_Customer = Annotated["Customer", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")]
_Employee = Annotated["Employee", strawberry.lazy("gateway.graphql.kpi.types")]
_Opportunity = Annotated["Opportunity", strawberry.lazy("gateway.graphql.contracts.sales.types")]


@message(quote_pb2.QuoteLine, description="One thing that is offered, and what it costs over its whole term.")
class QuoteLine:
    id: strawberry.ID
    description: str
    product_id: strawberry.ID | None
    quantity: BigInt
    unit_price: Money = strawberry.field(
        description="Of one unit for one period; without a period, for the whole term."
    )
    discount_bps: int = strawberry.field(description="On this line, in hundredths of a percent.")
    term: Period | None = strawberry.field(description="How long it lasts; null: it is sold once.")
    period: Period | None = strawberry.field(description="How often the price is due within the term; null: once.")
    start_date: Date = strawberry.field(description="First day.")
    end_date: Date | None = strawberry.field(description="Last day of the term.")
    asset_ids: list[strawberry.ID] = strawberry.field(description="The assets that it is for.")
    service_types: list[str] = strawberry.field(description="The services that a contract would cover.")
    periods: str = strawberry.field(description="How many periods the term has: `12`, or a fraction such as `7/6`.")
    gross: Money = strawberry.field(description="Before discounts.")
    discount: Money = strawberry.field(description="That of the line, and its share of the quote's.")
    total: Money = strawberry.field(description="What it costs over its whole term.")
    formula: str = strawberry.field(description="How the total came about.")


@message(quote_pb2.QuoteVersion, description="One version of a quote; what it says is never changed.")
class QuoteVersion:
    number: int = strawberry.field(description="Counts from 1.")
    state: QuoteState
    title: str
    lines: list[QuoteLine]
    discount_bps: int = strawberry.field(description="On everything, in hundredths of a percent; the lines bear it.")
    start_date: Date = strawberry.field(description="First day of the deal.")
    sign_by: Date = strawberry.field(description="Last day on which it can be accepted.")
    note: str | None = strawberry.field(description="Conditions, for the customer.")
    total: Money = strawberry.field(description="What everything costs, over every line's whole term.")
    author: str = strawberry.field(description="Who wrote it.")
    approver: str | None = strawberry.field(description="Who approved it; never the author.")
    create_time: DateTime
    approved_time: DateTime | None
    sent_time: DateTime | None
    accepted_time: DateTime | None
    accepted_by: str | None = strawberry.field(description="Who signed for the customer.")
    voided_time: DateTime | None
    void_reason: QuoteVoidReason | None
    void_note: str | None


@message(quote_pb2.Quote, description="What a deal costs, in versions of which the last one counts.")
class Quote(Node):
    opportunity_id: strawberry.ID
    customer_id: strawberry.ID
    owner_id: strawberry.ID | None = strawberry.field(description="The employee who owns the deal.")
    state: QuoteState = strawberry.field(description="Where the last version stands.")
    current: QuoteVersion = strawberry.field(description="The last version: the one that counts.")
    versions: list[QuoteVersion] = strawberry.field(description="Every version, oldest first.")
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime
    opportunity: _Opportunity | None = joined(OPPORTUNITIES, key="opportunity_id", description="The deal it is for.")
    customer: _Customer | None = joined(CUSTOMERS, key="customer_id", description="The customer.")
    owner: _Employee | None = joined(EMPLOYEES, key="owner_id", description="The employee who owns the deal.")
    order: "Order | None" = joined(ORDERS_BY_QUOTE, key="id", description="Its order, once there is one.")


@message(order_pb2.MilestoneProgress, description="One milestone of an order: when it was planned for, and reached.")
class MilestoneProgress:
    milestone: OrderMilestone
    planned_date: Date | None
    first_planned_date: Date | None = strawberry.field(description="What was planned at first.")
    actual_date: Date | None
    delay_days: int | None = strawberry.field(description="Days between plan and fact; negative: early.")
    recorded_time: DateTime | None
    recorded_by: str | None


@message(order_pb2.OrderLine, description="One thing that was sold.")
class OrderLine:
    id: strawberry.ID = strawberry.field(description="That of the quote's line.")
    description: str
    product_id: strawberry.ID | None
    quantity: BigInt
    total: Money
    serials: list[str] = strawberry.field(description="Serial numbers of what was delivered.")


@message(order_pb2.AcceptanceIssue, description="Something that was wrong when the customer accepted.")
class AcceptanceIssue:
    line_id: strawberry.ID | None = strawberry.field(description="Null: the whole order.")
    description: str


@message(order_pb2.Order, description="What an accepted quote sold, and how far its delivery is.")
class Order(Node):
    quote_id: strawberry.ID
    quote_version: int = strawberry.field(description="Which version was accepted.")
    opportunity_id: strawberry.ID
    customer_id: strawberry.ID
    owner_id: strawberry.ID | None = strawberry.field(description="The employee who owns the deal.")
    title: str
    lines: list[OrderLine]
    total: Money
    milestone: OrderMilestone = strawberry.field(description="The last one that was reached, or cancelled.")
    milestones: list[MilestoneProgress] = strawberry.field(description="Every one, in order.")
    carrier: str | None
    tracking_number: str | None
    accepted_by: str | None = strawberry.field(description="Who accepted for the customer.")
    issues: list[AcceptanceIssue] = strawberry.field(description="What was wrong; it opened a case.")
    cycle_days: int | None = strawberry.field(description="Days from the order to its acceptance.")
    cancel_reason: str | None = strawberry.field(description="Why it was cancelled; null: it was not.")
    cancelled_by: str | None
    cancel_time: DateTime | None
    author: str = strawberry.field(description="Who took it.")
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime
    customer: _Customer | None = joined(CUSTOMERS, key="customer_id", description="The customer.")
    owner: _Employee | None = joined(EMPLOYEES, key="owner_id", description="The employee who owns the deal.")
    quote: Quote | None = joined(QUOTES, key="quote_id", description="What the customer signed.")
    opportunity: _Opportunity | None = joined(OPPORTUNITIES, key="opportunity_id", description="The deal.")
