"""Cover, allowances and chargeable service as types of the schema."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.contracts.entitlement.enums import (
    ConsentChannel,
    CoverSource,
    EntitlementReason,
    EntitlementVerdict,
    ServiceLineKind,
    ServiceOrderState,
    ServiceUnit,
    UsageState,
)
from gateway.graphql.contracts.money import Money
from gateway.graphql.edges import CONTRACTS, CUSTOMERS, EMPLOYEES
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import BigInt, Date, DateTime
from gateway.graphql.sources import message
from membercare.contracts.v1 import entitlement_pb2, service_order_pb2

if TYPE_CHECKING:
    from gateway.graphql.contracts.life_cycle.types import Contract, Customer
    from gateway.graphql.kpi.types import Employee

_Customer = Annotated["Customer", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")]
_Contract = Annotated["Contract", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")]


@message(entitlement_pb2.Cover, description="Something that covers a quantity of service.")
class Cover:
    source: CoverSource
    contract_id: strawberry.ID | None = strawberry.field(description="The contract; null for a warranty.")
    terms_number: int = strawberry.field(description="Which version of its terms; 0 for a warranty.")
    line_id: strawberry.ID | None = strawberry.field(description="The line of the contract.")
    end_date: Date = strawberry.field(description="Last day of the cover, included.")
    quantity: BigInt = strawberry.field(description="How much it covers of what was asked for.")
    remaining: BigInt | None = strawberry.field(
        description="What was left of the allowance before this was taken; null: without limit."
    )
    term_start_date: Date | None = strawberry.field(description="First day of the term that the allowance is for.")
    unit: ServiceUnit | None = strawberry.field(description="What `remaining` counts.")
    contract: _Contract | None = joined(CONTRACTS, key="contract_id", description="The contract that covers it.")


@message(entitlement_pb2.SavingHint, description="A contract that would have cost the customer less.")
class SavingHint:
    contract_id: strawberry.ID | None = strawberry.field(description="A contract of the customer's own, if it is one.")
    product_id: strawberry.ID | None = strawberry.field(description="A product on the price list, if it is one.")
    title_en: str = strawberry.field(description="Name of the contract or product, in English if it has one.")
    title_zh: str = strawberry.field(description="The name in Chinese if it has one.")
    price: Money = strawberry.field(description="What this would have cost with it.")
    saved: Money = strawberry.field(description="What it would have saved.")


@message(
    entitlement_pb2.Entitlement,
    description="The verdict on one request for service: covered, chargeable or partly so, why, and what it costs.",
)
class Entitlement:
    customer_id: strawberry.ID
    asset_id: strawberry.ID | None
    service_type: str
    at: DateTime = strawberry.field(description="The moment it is about.")
    known_at: DateTime = strawberry.field(description="The moment as of whose knowledge it is given.")
    verdict: EntitlementVerdict
    reason: EntitlementReason
    unit: ServiceUnit | None = strawberry.field(description="What the quantities count; null: one call for service.")
    quantity: BigInt = strawberry.field(description="How much was asked for; minutes are rounded up.")
    covered_quantity: BigInt = strawberry.field(description="How much is free of charge.")
    chargeable_quantity: BigInt = strawberry.field(description="How much is charged: the rest of the quantity.")
    covers: list[Cover] = strawberry.field(description="What covers it, in the order in which it is drawn on.")
    contract_id: strawberry.ID | None = strawberry.field(description="The contract that the reason speaks of.")
    terms_number: int = strawberry.field(description="The version of its terms that was looked at; 0: none.")
    remaining: BigInt | None = strawberry.field(
        description="What is left of the allowances that cover this service; null: without limit, or nothing covers it."
    )
    list_price: Money | None = strawberry.field(description="Price of the whole; null: not listed, a quote is needed.")
    price: Money | None = strawberry.field(description="Price of what is charged; null: not listed.")
    saved: Money | None = strawberry.field(description="What cover saves here; null: not listed.")
    hint: SavingHint | None = strawberry.field(description="What a contract would have saved.")
    explanation_en: str = strawberry.field(description="The verdict in English.")
    explanation_zh: str = strawberry.field(description="The verdict in Simplified Chinese.")
    contract: _Contract | None = joined(
        CONTRACTS, key="contract_id", description="The contract that the reason speaks of."
    )


@message(entitlement_pb2.UsageCorrection, description="A quantity that was counted wrongly, and put right.")
class UsageCorrection:
    quantity_before: BigInt
    quantity_after: BigInt
    reason: str
    corrected_by: str
    corrected_time: DateTime


@message(
    entitlement_pb2.AllowanceUsage,
    description="One use of allowances: kept back for a request, then consumed or given back.",
)
class AllowanceUsage(Node):
    reference: str = strawberry.field(description="What it is for: the id of a case, or a key of the caller's.")
    state: UsageState
    customer_id: strawberry.ID
    asset_id: strawberry.ID | None
    service_type: str
    unit: ServiceUnit = strawberry.field(description="What the quantities count.")
    quantity: BigInt = strawberry.field(description="How much is counted; minutes are rounded up.")
    actual_quantity: BigInt = strawberry.field(description="How much it really was; 0 until consumed.")
    covered_quantity: BigInt = strawberry.field(description="How much is free of charge.")
    chargeable_quantity: BigInt = strawberry.field(description="How much is charged: the rest of the quantity.")
    covers: list[Cover] = strawberry.field(description="What it is drawn from.")
    verdict: EntitlementVerdict = strawberry.field(description="The verdict when it was reserved.")
    reason: EntitlementReason
    expire_time: DateTime | None = strawberry.field(description="When it is given back unless consumed before.")
    release_reason: str | None
    corrections: list[UsageCorrection] = strawberry.field(description="What was put right, oldest first.")
    service_time: DateTime = strawberry.field(description="The moment of service.")
    reserved_by: str
    explanation_en: str = strawberry.field(description="The verdict in English, as of the reservation.")
    explanation_zh: str = strawberry.field(description="The verdict in Simplified Chinese, as of the reservation.")
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime
    customer: _Customer | None = joined(CUSTOMERS, key="customer_id", description="Whose allowances are used.")


@message(
    entitlement_pb2.AllowanceBalance,
    description="What a line of a contract allows in the current term, and what is left.",
)
class AllowanceBalance:
    contract_id: strawberry.ID
    line_id: strawberry.ID
    description: str = strawberry.field(description="What the line is about.")
    unit: ServiceUnit
    term_start_date: Date
    term_end_date: Date
    total: BigInt = strawberry.field(description="How much the term allows.")
    reserved: BigInt = strawberry.field(description="How much is kept back for requests under way.")
    consumed: BigInt = strawberry.field(description="How much was used.")
    remaining: BigInt = strawberry.field(description="What is left; never negative.")


@message(service_order_pb2.ServiceLine, description="What is charged for, with its price from the list.")
class ServiceLine:
    kind: ServiceLineKind
    product_id: strawberry.ID | None = strawberry.field(description="The part, if it is one.")
    description: str
    quantity: BigInt = strawberry.field(description="Parts, minutes, visits or cases, as told.")
    charged_quantity: BigInt = strawberry.field(description="What is charged for: minutes are rounded up.")
    unit_price: Money = strawberry.field(description="Of one part, hour, visit or case.")
    amount: Money


@message(service_order_pb2.ServiceConsent, description="The customer's consent to one estimate.")
class ServiceConsent:
    estimate_number: int
    amount: Money = strawberry.field(description="What was consented to.")
    given_by: str = strawberry.field(description="Who consented, by name.")
    channel: ConsentChannel
    given_time: DateTime
    recorded_by: str
    note: str | None


@message(
    service_order_pb2.ServiceOrder,
    description="A service that the customer pays for: estimated, consented to, done, charged.",
)
class ServiceOrder(Node):
    customer_id: strawberry.ID
    asset_id: strawberry.ID | None
    service_type: str
    reference: str | None = strawberry.field(description="The case or other thing it belongs to.")
    state: ServiceOrderState
    estimate_number: int = strawberry.field(description="Number of the current estimate; a revision adds one.")
    estimate: list[ServiceLine] = strawberry.field(description="The current estimate.")
    estimated_amount: Money
    tolerance_bps: int = strawberry.field(
        description="By how much the charge may be above the consent, in hundredths of a percent."
    )
    consents: list[ServiceConsent] = strawberry.field(description="Every consent, oldest first.")
    actuals: list[ServiceLine] = strawberry.field(description="What was done; empty until completed.")
    charge: Money | None = strawberry.field(description="What is charged; null until completed.")
    reason: EntitlementReason = strawberry.field(description="Why it is chargeable.")
    hint: SavingHint | None = strawberry.field(description="What a contract would have saved.")
    end_reason: str | None = strawberry.field(description="Why it was declined or cancelled.")
    technician_id: strawberry.ID | None
    started_time: DateTime | None
    completed_time: DateTime | None
    created_by: str
    completed_by: str | None
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime
    customer: _Customer | None = joined(CUSTOMERS, key="customer_id", description="Who pays.")
    technician: Annotated["Employee", strawberry.lazy("gateway.graphql.kpi.types")] | None = joined(
        EMPLOYEES, key="technician_id", description="The employee who does it."
    )
