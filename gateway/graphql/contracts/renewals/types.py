"""Renewals and ending warranties as types of the schema."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.contracts.catalog.loaders import PRODUCTS
from gateway.graphql.contracts.life_cycle.enums import RenewalKind
from gateway.graphql.contracts.money import Money
from gateway.graphql.contracts.renewals.enums import (
    CallCategory,
    CancellationVerdict,
    LostReason,
    NoticeState,
    RenewalAttention,
    RenewalStage,
    WonBy,
)
from gateway.graphql.contracts.sales.loaders import OPPORTUNITIES
from gateway.graphql.edges import CONTRACTS, CUSTOMERS, EMPLOYEES
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import Date, DateTime, Month
from gateway.graphql.sources import message
from membercare.contracts.v1 import renewal_pb2

if TYPE_CHECKING:
    from gateway.graphql.contracts.catalog.types import Product
    from gateway.graphql.contracts.life_cycle.types import Contract, Customer
    from gateway.graphql.contracts.sales.types import Opportunity
    from gateway.graphql.kpi.types import Employee

_Contract = Annotated["Contract", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")]
_Customer = Annotated["Customer", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")]
_Employee = Annotated["Employee", strawberry.lazy("gateway.graphql.kpi.types")]
_Opportunity = Annotated["Opportunity", strawberry.lazy("gateway.graphql.contracts.sales.types")]
_Product = Annotated["Product", strawberry.lazy("gateway.graphql.contracts.catalog.types")]


@message(renewal_pb2.LikelihoodPoint, description="What one fact added to a likelihood or took away, and why.")
class LikelihoodPoint:
    fact: str = strawberry.field(description="Such as `complaints`; `base` is where the count begins.")
    points: int
    english: str = strawberry.field(description="Why, in English.")
    chinese: str = strawberry.field(description="Why, in Simplified Chinese.")


@message(renewal_pb2.RenewalLikelihood, description="How likely the machine thinks a renewal, point by point.")
class RenewalLikelihood:
    score: int = strawberry.field(description="0 to 100: the sum of the points, cut at both ends.")
    model: str = strawberry.field(description="The version of the weights.")
    points: list[LikelihoodPoint]
    scored_date: Date = strawberry.field(description="As of which day.")


@message(renewal_pb2.RenewalCall, description="What a person says about a renewal.")
class RenewalCall:
    category: CallCategory
    amount: Money = strawberry.field(description="The price expected for the next term.")
    close_date: Date = strawberry.field(description="The day on which the outcome is expected.")
    note: str | None
    called_by: str = strawberry.field(description="The subject of the sign-in.")
    called_time: DateTime


@message(renewal_pb2.RenewalDecision, description="What the leader decided where machine and person disagree.")
class RenewalDecision:
    category: CallCategory = strawberry.field(description="What counts until the person makes another call.")
    note: str
    likelihood: int = strawberry.field(description="The machine's likelihood at that moment.")
    decided_by: str = strawberry.field(description="The subject of the sign-in.")
    decided_time: DateTime


@message(renewal_pb2.RenewalReminder, description="Proof that the customer was reminded.")
class RenewalReminder:
    key: str = strawberry.field(description="What makes it one reminder, such as the id of the touch.")
    sent_date: Date
    channel: str
    recipient: str | None
    note: str | None
    in_legal_window: bool = strawberry.field(description="Whether it was sent on a day that the law counts.")
    recorded_by: str
    recorded_time: DateTime


@message(renewal_pb2.Cancellation, description="What a customer said, and what follows from it.")
class Cancellation:
    received_date: Date = strawberry.field(description="The day it reached us.")
    verdict: CancellationVerdict
    last_date: Date = strawberry.field(description="The last day of the contract.")
    english: str = strawberry.field(description="The verdict in English.")
    chinese: str = strawberry.field(description="The verdict in Simplified Chinese.")
    note: str | None
    recorded_by: str | None = strawberry.field(description="Null: it was only asked for.")
    recorded_time: DateTime | None = strawberry.field(description="Null: it was only asked for.")


@message(renewal_pb2.RenewalOutcome, description="How a renewal ended.")
class RenewalOutcome:
    won_by: WonBy | None = strawberry.field(description="Null: it was lost.")
    successor_id: strawberry.ID | None = strawberry.field(description="The contract that takes its place.")
    lost_reason: LostReason | None = strawberry.field(description="Null: it was won.")
    note: str | None
    amount: Money = strawberry.field(description="Won: the price of the next term. Lost: that of the one that ended.")
    decided_by: str = strawberry.field(description="`jobs` where nobody did.")
    decided_time: DateTime
    successor: _Contract | None = joined(
        CONTRACTS, key="successor_id", description="The contract that takes its place."
    )


@message(renewal_pb2.Renewal, description="The work on the next term of one contract, from its opening to an outcome.")
class Renewal(Node):
    contract_id: strawberry.ID
    customer_id: strawberry.ID
    owner_id: strawberry.ID | None = strawberry.field(description="The employee who works on it.")
    kind: RenewalKind = strawberry.field(description="How the contract goes on when its term ends.")
    term_number: int = strawberry.field(description="Of the term that ends; counts from 1.")
    term_start: Date
    term_end: Date = strawberry.field(description="Last day of the term that ends.")
    notice_date: Date = strawberry.field(description="The last day on which a cancellation is in time.")
    notice_state: NoticeState = strawberry.field(description="What can still be said today.")
    next_end: Date = strawberry.field(description="Last day of the next term.")
    due_amount: Money = strawberry.field(description="Price of the term that ends.")
    amount: Money = strawberry.field(description="Price of the next term, as offered.")
    formula: str = strawberry.field(description="How the offered price was found, in signs that need no language.")
    legal_window_start: Date | None = strawberry.field(description="First day on which the law wants a reminder.")
    legal_window_end: Date | None = strawberry.field(description="Last day on which the law wants a reminder.")
    reminder_dates: list[Date] = strawberry.field(description="The days on which reminders are due.")
    reminders: list[RenewalReminder] = strawberry.field(description="Proof of the reminders that were sent.")
    stage: RenewalStage
    likelihood: RenewalLikelihood = strawberry.field(description="What the machine thinks.")
    call: RenewalCall | None = strawberry.field(description="What a person says; null: nobody has.")
    decision: RenewalDecision | None = strawberry.field(description="What the leader decided.")
    category: CallCategory = strawberry.field(description="What counts in the forecast: the call or the decision.")
    attention: list[RenewalAttention] = strawberry.field(description="Why the leader is asked; empty: for nothing.")
    cancellation: Cancellation | None = strawberry.field(description="What the customer said.")
    outcome: RenewalOutcome | None = strawberry.field(description="Null: it is open.")
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime
    contract: _Contract | None = joined(CONTRACTS, key="contract_id", description="The contract.")
    customer: _Customer | None = joined(CUSTOMERS, key="customer_id", description="Who signed it.")
    owner: _Employee | None = joined(EMPLOYEES, key="owner_id", description="The employee who works on it.")


@message(renewal_pb2.WarrantyExpiry, description="Warranties of one product that end in one month: a signing offer.")
class WarrantyExpiry(Node):
    customer_id: strawberry.ID
    owner_id: strawberry.ID | None = strawberry.field(description="The employee who owned the customer then.")
    product_id: strawberry.ID
    month: Month = strawberry.field(description="In which the warranties end.")
    warranty_end: Date = strawberry.field(description="The earliest of their last days.")
    asset_ids: list[strawberry.ID]
    opportunity_id: strawberry.ID = strawberry.field(description="The signing opportunity.")
    create_time: DateTime
    customer: _Customer | None = joined(CUSTOMERS, key="customer_id", description="Whose assets they are.")
    owner: _Employee | None = joined(EMPLOYEES, key="owner_id", description="The employee who owned the customer then.")
    product: _Product | None = joined(PRODUCTS, key="product_id", description="What they are.")
    opportunity: _Opportunity | None = joined(
        OPPORTUNITIES, key="opportunity_id", description="The signing opportunity."
    )
