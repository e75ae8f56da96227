"""Customers and contracts as types of the schema."""

from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from gateway.graphql.contracts.customers.enums import CustomerStage, CustomerTier
from gateway.graphql.edges import (
    CASES_BY_CUSTOMER,
    CONTRACTS_BY_CUSTOMER,
    CUSTOMERS,
    EMPLOYEES,
    FIRST,
    MEMBERS_BY_CUSTOMER,
)
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import BigInt, Date, DateTime
from gateway.graphql.sources import computed, message
from membercare.contracts.v1 import contract_pb2, customer_pb2

if TYPE_CHECKING:
    from gateway.graphql.care.types import Member
    from gateway.graphql.feedback.types import Case
    from gateway.graphql.kpi.types import Employee

_NO_CENTS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_MILS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


@strawberry.enum(description="What a customer is.")
class CustomerKind(IntEnum):
    ORGANISATION = 1
    HOUSEHOLD = 2
    PERSON = 3


@strawberry.enum(description="Where a contract stands. It moves by mutations only.")
class ContractState(IntEnum):
    DRAFT = 1
    SIGNED = 2
    ACTIVE = 3
    TERMINATED = 4


@message(customer_pb2.CustomerStageChange, description="One move of the relation from stage to stage.")
class CustomerStageChange:
    stage: CustomerStage = strawberry.field(description="Where it stood from then on.")
    reason: str
    author: str = strawberry.field(description="Who moved it: the subject of the sign-in.")
    change_time: DateTime


def amount(money: Any) -> str:
    """Return the amount in the currency's main unit, with as many digits as ISO 4217 gives it."""
    digits = 0 if money.currency_code in _NO_CENTS else 3 if money.currency_code in _MILS else 2
    return format(Decimal(money.minor_units).scaleb(-digits), "f")


@message(contract_pb2.Money, description="An amount of money.")
class Money:
    currency_code: str = strawberry.field(description="ISO 4217, for example `CNY`.")
    minor_units: BigInt = strawberry.field(description="The amount in the currency's smallest unit (fen, cent).")
    amount: str = computed(amount, description="The amount in the currency's main unit, for example `1280.50`.")


@message(customer_pb2.Customer, description="Who signs and pays. The people behind a customer are its members.")
class Customer(Node):
    kind: CustomerKind
    name: str = strawberry.field(description="The name that stands on contracts.")
    external_ref: str | None = strawberry.field(description="Key of this customer in the company's own system.")
    tax_id: str | None
    owner_id: strawberry.ID | None = strawberry.field(description="The employee who owns the relation.")
    tags: list[str]
    time_zone: str | None = strawberry.field(
        description="IANA zone in which the dates of contracts and warranties are meant; null: the company's."
    )
    stage: CustomerStage = strawberry.field(description="Where the relation stands.")
    stage_changes: list[CustomerStageChange] = strawberry.field(
        description="How it came there, oldest first; at most the last 100 moves."
    )
    tier: CustomerTier | None = strawberry.field(description="How much the customer is worth; null: not computed yet.")
    merged_into_id: strawberry.ID | None = strawberry.field(
        description="Set on a doublet: the customer to use in its place."
    )
    merged_ids: list[strawberry.ID] = strawberry.field(
        description="Doublets that were merged into this customer; what belongs to them is found here."
    )
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime
    merged_into: "Customer | None" = joined(
        CUSTOMERS, key="merged_into_id", description="Of a doublet: the customer to use in its place."
    )
    members: list[Annotated["Member", strawberry.lazy("gateway.graphql.care.types")]] | None = joined(
        MEMBERS_BY_CUSTOMER, key="id", arguments=FIRST, description="The people behind the customer, newest first."
    )
    contracts: list["Contract"] | None = joined(
        CONTRACTS_BY_CUSTOMER, key="id", arguments=FIRST, description="The customer's contracts, oldest first."
    )
    cases: list[Annotated["Case", strawberry.lazy("gateway.graphql.feedback.types")]] | None = joined(
        CASES_BY_CUSTOMER, key="id", arguments=FIRST, description="What the customer told us, newest first."
    )
    owner: Annotated["Employee", strawberry.lazy("gateway.graphql.kpi.types")] | None = joined(
        EMPLOYEES, key="owner_id", description="The employee who owns the relation."
    )


@message(contract_pb2.Contract, description="What was promised to a customer, for which term and price.")
class Contract(Node):
    customer_id: strawberry.ID
    title: str
    state: ContractState
    start_date: Date = strawberry.field(description="First day of the term.")
    end_date: Date = strawberry.field(description="Last day of the term; the term includes it.")
    price: Money = strawberry.field(description="The price of the whole term.")
    owner_id: strawberry.ID | None = strawberry.field(description="The employee who owns the contract.")
    signed_time: DateTime | None
    activated_time: DateTime | None
    terminated_time: DateTime | None
    termination_reason: str | None
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime
    customer: Customer | None = joined(CUSTOMERS, key="customer_id", description="Who signed.")
    owner: Annotated["Employee", strawberry.lazy("gateway.graphql.kpi.types")] | None = joined(
        EMPLOYEES, key="owner_id", description="The employee who owns the contract."
    )
