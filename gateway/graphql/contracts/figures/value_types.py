"""What a customer is worth, as types of the schema."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.contracts.customers.enums import CustomerStage, CustomerTier
from gateway.graphql.contracts.money import Money
from gateway.graphql.edges import CUSTOMERS
from gateway.graphql.joins import joined
from gateway.graphql.scalars import BigInt, DateTime
from gateway.graphql.sources import message
from membercare.contracts.v1 import customer_value_pb2

if TYPE_CHECKING:
    from gateway.graphql.contracts.life_cycle.types import Customer


@message(customer_value_pb2.ValueReason, description="Why, for people.")
class ValueReason:
    code: str = strawberry.field(description="Stable name, for example `COMPLAINTS`.")
    risk_points: int = strawberry.field(description="Points that it adds to the risk.")
    text_en: str = strawberry.field(description="In English.")
    text_zh: str = strawberry.field(description="In Chinese.")


@message(customer_value_pb2.TierChange, description="One change of tier.")
class TierChange:
    before: CustomerTier | None = strawberry.field(description="Null: there was none.")
    after: CustomerTier
    reasons: list[ValueReason] = strawberry.field(description="Why, as of then.")
    changed_time: DateTime


@message(
    customer_value_pb2.CustomerValue,
    description="What a customer is worth; computed at night when something changed, and for all once a week.",
)
class CustomerValue:
    id: strawberry.ID = strawberry.field(description="The id of the customer.")
    tier: CustomerTier
    stage: CustomerStage = strawberry.field(description="Where the relation stands, as the figures suggest.")
    risk: int = strawberry.field(description="0 to 100: the points of all reasons.")
    current_value: Money = strawberry.field(
        description="Margin of the last twelve months, of contracts and orders, less the cost to serve."
    )
    contract_margin: Money
    order_margin: Money
    cost_to_serve: Money = strawberry.field(description="What closed cases and visits cost; taken off.")
    potential_value: Money = strawberry.field(description="Present value of the margin that is expected.")
    contract_potential: Money = strawberry.field(description="Of contracts: prices by the survival of terms.")
    order_potential: Money = strawberry.field(description="Of orders: BG/NBD and Gamma-Gamma.")
    total_value: Money = strawberry.field(description="Current and potential value together.")
    alive_permille: int | None = strawberry.field(
        description="Probability that the customer still buys, in thousandths; null: no orders, or no model."
    )
    expected_orders_hundredths: int | None = strawberry.field(
        description="Orders expected in the next twelve months, in hundredths; null likewise."
    )
    reasons: list[ValueReason] = strawberry.field(description="Why, most important first.")
    changes: list[TierChange] = strawberry.field(description="Changes of tier, newest first, at most 100.")
    computed_time: DateTime
    customer: Annotated["Customer", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")] | None = joined(
        CUSTOMERS, key="id", description="Whose value it is."
    )


@message(customer_value_pb2.ExchangeRate, description="What one unit of a currency is worth in the policy's.")
class ExchangeRate:
    currency_code: str
    rate: str = strawberry.field(description="A decimal such as `7.12`, in main units.")


@message(customer_value_pb2.CaseCosts, description="What closed cases cost by severity, in smallest units.")
class CaseCosts:
    low: BigInt
    normal: BigInt
    high: BigInt
    major: BigInt


@message(customer_value_pb2.ValuePolicy, description="By what rules value is computed; the company's own to set.")
class ValuePolicy:
    currency_code: str = strawberry.field(description="The currency that all values are in.")
    contract_margin_bps: int = strawberry.field(description="Margin of contracts, in hundredths of a percent.")
    order_margin_bps: int = strawberry.field(description="Margin of orders, likewise.")
    case_costs: CaseCosts
    visit_cost: BigInt = strawberry.field(description="What a return visit costs, in smallest units.")
    horizon_months: int = strawberry.field(description="How far the potential looks ahead.")
    discount_bps: int = strawberry.field(description="Discount a year, in hundredths of a percent.")
    high_value_from: BigInt = strawberry.field(description="A current value from here on is high.")
    growing_from_bps: int = strawberry.field(description="Growth against the year before from here on is growing.")
    potential_from: BigInt = strawberry.field(
        description="A potential from here on makes a customer of little current value one of potential."
    )
    at_risk_from: int = strawberry.field(description="A risk from here on is at risk.")
    rates: list[ExchangeRate] = strawberry.field(
        description="Of other currencies; amounts in a currency without a rate are left out, and a reason says so."
    )
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    update_time: DateTime | None = strawberry.field(description="Null: the defaults.")


@message(customer_value_pb2.ValueModel, description="What the last fit over all customers found.")
class ValueModel:
    fitted_time: DateTime
    customers: BigInt = strawberry.field(description="Customers with orders that were looked at.")
    buying: list[float] = strawberry.field(description="BG/NBD: r, alpha (weeks), a, b; empty: not fitted.")
    buying_log_likelihood: float
    spending: list[float] = strawberry.field(
        description="Gamma-Gamma: p, q, v (smallest units of the policy's currency); empty: not fitted."
    )
    spending_log_likelihood: float
    note: str | None = strawberry.field(description="Why something is not fitted; null: all is.")
    ended_terms: BigInt = strawberry.field(description="Terms that have ended.")
    renewed_terms: BigInt = strawberry.field(description="Of these, followed by another.")
