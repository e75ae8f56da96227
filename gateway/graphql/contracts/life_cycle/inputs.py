"""What people write into contracts."""

import strawberry

from gateway.graphql.contracts.life_cycle.enums import (
    AllowanceUnit,
    AnchorMode,
    BillingTiming,
    CreditPolicy,
    DayCount,
    PriceChange,
    RenewalKind,
)
from gateway.graphql.contracts.money import MoneyInput
from gateway.graphql.contracts.periods import PeriodInput
from gateway.graphql.scalars import Date


@strawberry.input(description="How much of a service a line covers in each term.")
class LineAllowanceInput:
    unit: AllowanceUnit
    amount: int


@strawberry.input(description="One thing that is promised.")
class ContractLineInput:
    description: str = strawberry.field(description="What it is; 1 to 200 characters.")
    price: MoneyInput = strawberry.field(description="Of one unit for one billing period, in the contract's currency.")
    id: strawberry.ID | None = strawberry.field(default=None, description="The line that this one is; absent: new.")
    product_id: strawberry.ID | None = None
    asset_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="The assets that are covered; none: all of the customer's."
    )
    service_types: list[str] | None = strawberry.field(
        default=None, description="The services that are covered, such as `repair`; none: the line is only billed."
    )
    quantity: int | None = strawberry.field(default=None, description="Absent: 1.")
    allowances: list[LineAllowanceInput] | None = strawberry.field(default=None, description="None: without limit.")
    start_date: Date | None = strawberry.field(default=None, description="Absent: the term's first day.")
    end_date: Date | None = strawberry.field(default=None, description="Absent: the term's last day.")


@strawberry.input(description="How often, from where and by which convention lines are billed.")
class BillingTermsInput:
    period: PeriodInput | None = strawberry.field(default=None, description="Absent: a year.")
    anchor_mode: AnchorMode | None = strawberry.field(default=None, description="Absent: anniversary.")
    anchor_date: Date | None = strawberry.field(default=None, description="Absent: the first day of the term.")
    timing: BillingTiming | None = strawberry.field(default=None, description="Absent: in advance.")
    day_count: DayCount | None = strawberry.field(default=None, description="Absent: actual days.")


@strawberry.input(description="How a contract goes on when its term ends.")
class RenewalTermsInput:
    kind: RenewalKind | None = strawberry.field(default=None, description="Absent: an offer.")
    term: PeriodInput | None = strawberry.field(default=None, description="Absent: a year.")
    notice: PeriodInput | None = strawberry.field(default=None, description="Absent: a month.")
    price_change: PriceChange | None = strawberry.field(default=None, description="Absent: the same price.")
    uplift_bps: int | None = strawberry.field(default=None, description="Hundredths of a percent, for an uplift.")
    index_id: strawberry.ID | None = None


@strawberry.input(description="What a draft says, all of it; its customer stays.")
class ContractDraftInput:
    title: str = strawberry.field(description="What it is about; 1 to 200 characters.")
    start_date: Date = strawberry.field(description="First day of the term.")
    end_date: Date = strawberry.field(description="Last day of the term; the term includes it.")
    price: MoneyInput | None = strawberry.field(
        default=None, description="Of the whole term; absent: what the lines cost in it, period by period."
    )
    owner_id: strawberry.ID | None = strawberry.field(default=None, description="The employee who owns the contract.")
    lines: list[ContractLineInput] | None = strawberry.field(default=None, description="What is promised; at most 200.")
    billing: BillingTermsInput | None = strawberry.field(default=None, description="Absent: yearly, in advance.")
    renewal: RenewalTermsInput | None = strawberry.field(default=None, description="Absent: a renewal is offered.")
    time_zone: str | None = strawberry.field(default=None, description="IANA zone; absent: the customer's.")
    jurisdiction: str | None = strawberry.field(default=None, description="Whose law holds; absent: `CN`.")
    consumer: bool | None = strawberry.field(default=None, description="Whether the customer is a consumer.")
    credit_policy: CreditPolicy | None = strawberry.field(
        default=None, description="What the customer gets back at a termination; absent: nothing."
    )
    suspension_extends: bool | None = strawberry.field(
        default=None, description="Whether the term ends later by a suspension's days."
    )
    predecessor_id: strawberry.ID | None = strawberry.field(default=None, description="The contract that it renews.")


@strawberry.input(description="A contract to draft.")
class ContractInput(ContractDraftInput):
    customer_id: strawberry.ID = strawberry.field(description="Who will sign.")


@strawberry.input(description="What holds from a day on. Title, end, price and lines are said anew, even if they stay.")
class AmendmentInput:
    effective_date: Date = strawberry.field(description="The first day it holds for; a day of the term.")
    reason: str = strawberry.field(description="Why; 1 to 500 characters.")
    title: str = strawberry.field(description="What it is about; 1 to 200 characters.")
    end_date: Date = strawberry.field(description="Another last day of the term, or the same.")
    price: MoneyInput | None = strawberry.field(
        default=None, description="Of the whole term; absent: what the lines cost in it, period by period."
    )
    lines: list[ContractLineInput] | None = strawberry.field(default=None, description="What is promised; at most 200.")
    billing: BillingTermsInput | None = strawberry.field(default=None, description="Absent: as before.")
    renewal: RenewalTermsInput | None = strawberry.field(default=None, description="Absent: as before.")
