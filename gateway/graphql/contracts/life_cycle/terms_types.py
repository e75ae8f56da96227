"""What a contract promises and where it stood, as types of the schema."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.contracts.catalog.loaders import PRODUCTS
from gateway.graphql.contracts.life_cycle.enums import (
    AllowanceUnit,
    AnchorMode,
    BillingTiming,
    ContractGate,
    ContractState,
    CreditPolicy,
    DayCount,
    PriceChange,
    RenewalKind,
    TerminationCode,
)
from gateway.graphql.contracts.money import Money
from gateway.graphql.contracts.periods import Period
from gateway.graphql.joins import joined
from gateway.graphql.scalars import Date, DateTime
from gateway.graphql.sources import message
from membercare.contracts.v1 import contract_pb2

if TYPE_CHECKING:
    from gateway.graphql.contracts.catalog.types import Product


@message(contract_pb2.LineAllowance, description="How much of a service a line covers in each term.")
class LineAllowance:
    unit: AllowanceUnit
    amount: int


@message(contract_pb2.ContractLine, description="One thing that is promised, with the price of one billing period.")
class ContractLine:
    id: strawberry.ID = strawberry.field(description="Stays the same through amendments.")
    description: str
    product_id: strawberry.ID | None
    asset_ids: list[strawberry.ID] = strawberry.field(
        description="The assets that are covered; none: all of the customer's."
    )
    service_types: list[str] = strawberry.field(
        description="The services that are covered, such as `repair`; none: the line is only billed."
    )
    quantity: int
    price: Money = strawberry.field(description="Of one unit for one billing period.")
    allowances: list[LineAllowance] = strawberry.field(description="None: without limit.")
    start_date: Date | None = strawberry.field(description="First day, where it is later than the term's.")
    end_date: Date | None = strawberry.field(description="Last day, where it is earlier than the term's.")
    product: Annotated["Product", strawberry.lazy("gateway.graphql.contracts.catalog.types")] | None = joined(
        PRODUCTS, key="product_id", description="What is promised, where it is one product."
    )


@message(contract_pb2.BillingTerms, description="How often, from where and by which convention lines are billed.")
class BillingTerms:
    period: Period
    anchor_mode: AnchorMode = strawberry.field(description="Where periods begin.")
    anchor_date: Date | None = strawberry.field(description="Null: the first day of the term.")
    timing: BillingTiming = strawberry.field(description="When a period is due.")
    day_count: DayCount = strawberry.field(description="How a part of a period is weighed.")


@message(contract_pb2.RenewalTerms, description="How a contract goes on when its term ends.")
class RenewalTerms:
    kind: RenewalKind
    term: Period = strawberry.field(description="How long the next term is.")
    notice: Period = strawberry.field(description="How long before the end a cancellation must be said.")
    price_change: PriceChange
    uplift_bps: int = strawberry.field(description="Hundredths of a percent, for an uplift.")
    index_id: strawberry.ID | None


@message(contract_pb2.TermsVersion, description="What is agreed from a day on, as recorded at a moment.")
class ContractVersion:
    number: int
    effective_date: Date = strawberry.field(description="The first day it holds for.")
    recorded_time: DateTime = strawberry.field(description="When we learned it.")
    recorded_by: str
    title: str
    start_date: Date = strawberry.field(description="First day of the term.")
    end_date: Date = strawberry.field(description="Last day of the term, included.")
    price: Money = strawberry.field(description="The price of the whole term. With lines: what they cost in all of it.")
    lines: list[ContractLine]
    billing: BillingTerms
    renewal: RenewalTerms
    reason: str | None = strawberry.field(description="Why it was made; null for the first.")
    text_sha256: str | None = strawberry.field(description="Of the frozen text of an amendment.")


@message(contract_pb2.ContractMove, description="One change of state, never taken back.")
class ContractMove:
    state: ContractState
    effective_date: Date = strawberry.field(description="The first day in this state.")
    recorded_time: DateTime = strawberry.field(description="When we learned it.")
    by: str = strawberry.field(description="Who did it; `jobs` where nobody did.")
    reason: str | None


@message(contract_pb2.ReviewComment, description="What somebody said about a draft.")
class ReviewComment:
    by: str
    time: DateTime
    text: str


@message(contract_pb2.ContractReview, description="The legal review: who waits for whom, and what was said.")
class ContractReview:
    reviewer: str | None = strawberry.field(description="Who is asked to review; null: anybody who may.")
    submitted_by: str | None
    submitted_time: DateTime | None = strawberry.field(description="Since when it waits, or waited; null: a draft.")
    approved_by: str | None
    approved_time: DateTime | None
    comments: list[ReviewComment] = strawberry.field(description="Oldest first.")


@message(contract_pb2.PassedGate, description="Something that activation waits for and is there.")
class PassedGate:
    gate: ContractGate
    by: str
    time: DateTime
    note: str | None


@message(contract_pb2.ContractSuspension, description="A time in which nothing is owed.")
class ContractSuspension:
    start_date: Date = strawberry.field(description="First day without service.")
    planned_end_date: Date | None = strawberry.field(description="Last day as planned; null: until it is resumed.")
    end_date: Date | None = strawberry.field(description="Last day, once it is over.")
    extends_term: bool = strawberry.field(description="Whether the term ends later by as many days.")
    reason: str


@message(contract_pb2.ContractTermination, description="An end before the term, as agreed.")
class ContractTermination:
    code: TerminationCode
    reason: str
    effective_date: Date = strawberry.field(description="The first day no longer in force; may lie ahead.")
    by: str
    recorded_time: DateTime
    credit_policy: CreditPolicy
    credit: Money | None = strawberry.field(description="What the customer gets back: the bills take back as much.")
    formula: str = strawberry.field(description="How the credit was found.")
