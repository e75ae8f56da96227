"""Customers and contracts as types of the schema."""

from enum import IntEnum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.contracts.catalog.loaders import ASSETS_BY_CUSTOMER
from gateway.graphql.contracts.customers.enums import CustomerStage, CustomerTier
from gateway.graphql.contracts.entitlement.loaders import ALLOWANCES_BY_CONTRACT
from gateway.graphql.contracts.figures.loaders import CUSTOMER_VALUES
from gateway.graphql.contracts.life_cycle.enums import ContractState, CreditPolicy
from gateway.graphql.contracts.life_cycle.terms_types import (
    BillingTerms,
    ContractLine,
    ContractMove,
    ContractReview,
    ContractSuspension,
    ContractTermination,
    ContractVersion,
    PassedGate,
    RenewalTerms,
)
from gateway.graphql.contracts.money import Money
from gateway.graphql.contracts.paperwork.loaders import DOCUMENTS_BY_CONTRACT
from gateway.graphql.contracts.renewals.loaders import RENEWALS_BY_CONTRACT, RENEWALS_BY_CUSTOMER
from gateway.graphql.contracts.sales.loaders import OPPORTUNITIES_BY_CUSTOMER, ORDERS_BY_CUSTOMER
from gateway.graphql.edges import (
    BILLING_LINES_BY_CONTRACT,
    CASES_BY_CUSTOMER,
    CONTRACTS,
    CONTRACTS_BY_CUSTOMER,
    CUSTOMERS,
    EMPLOYEES,
    FIRST,
    FIRST_AS_OF,
    MEMBERS_BY_CUSTOMER,
)
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import Date, DateTime
from gateway.graphql.sources import message
from membercare.contracts.v1 import contract_pb2, customer_pb2

if TYPE_CHECKING:
    from gateway.graphql.care.core.types import Member
    from gateway.graphql.contracts.billing.types import BillingLine
    from gateway.graphql.contracts.catalog.types import Asset
    from gateway.graphql.contracts.entitlement.types import AllowanceBalance
    from gateway.graphql.contracts.figures.value_types import CustomerValue
    from gateway.graphql.contracts.paperwork.types import Document
    from gateway.graphql.contracts.renewals.types import Renewal
    from gateway.graphql.contracts.sales.quote_types import Order
    from gateway.graphql.contracts.sales.types import Opportunity
    from gateway.graphql.feedback.types import Case
    from gateway.graphql.kpi.types import Employee

_Opportunity = Annotated["Opportunity", strawberry.lazy("gateway.graphql.contracts.sales.types")]
_Order = Annotated["Order", strawberry.lazy("gateway.graphql.contracts.sales.quote_types")]


@strawberry.enum(description="What a customer is.")
class CustomerKind(IntEnum):
    ORGANISATION = 1
    HOUSEHOLD = 2
    PERSON = 3


@message(customer_pb2.CustomerStageChange, description="One move of the relation from stage to stage.")
class CustomerStageChange:
    stage: CustomerStage = strawberry.field(description="Where it stood from then on.")
    reason: str
    author: str = strawberry.field(description="Who moved it: the subject of the sign-in.")
    change_time: DateTime


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
    members: list[Annotated["Member", strawberry.lazy("gateway.graphql.care.core.types")]] | None = joined(
        MEMBERS_BY_CUSTOMER, key="id", arguments=FIRST, description="The people behind the customer, newest first."
    )
    contracts: list["Contract"] | None = joined(
        CONTRACTS_BY_CUSTOMER, key="id", arguments=FIRST_AS_OF, description="The customer's contracts, oldest first."
    )
    assets: list[Annotated["Asset", strawberry.lazy("gateway.graphql.contracts.catalog.types")]] | None = joined(
        ASSETS_BY_CUSTOMER, key="id", arguments=FIRST, description="What the customer has in service, oldest first."
    )
    cases: list[Annotated["Case", strawberry.lazy("gateway.graphql.feedback.types")]] | None = joined(
        CASES_BY_CUSTOMER, key="id", arguments=FIRST, description="What the customer told us, newest first."
    )
    owner: Annotated["Employee", strawberry.lazy("gateway.graphql.kpi.types")] | None = joined(
        EMPLOYEES, key="owner_id", description="The employee who owns the relation."
    )
    value: Annotated["CustomerValue", strawberry.lazy("gateway.graphql.contracts.figures.value_types")] | None = joined(
        CUSTOMER_VALUES, key="id", description="What the customer is worth; null: not computed yet."
    )
    opportunities: list[_Opportunity] | None = joined(
        OPPORTUNITIES_BY_CUSTOMER, key="id", arguments=FIRST, description="The customer's deals, newest first."
    )
    orders: list[_Order] | None = joined(
        ORDERS_BY_CUSTOMER, key="id", arguments=FIRST, description="What the customer bought, newest first."
    )
    renewals: list[Annotated["Renewal", strawberry.lazy("gateway.graphql.contracts.renewals.types")]] | None = joined(
        RENEWALS_BY_CUSTOMER, key="id", arguments=FIRST, description="Of the customer's contracts, latest term first."
    )


@message(contract_pb2.Contract, description="What was promised to a customer, for which term and price.")
class Contract(Node):
    customer_id: strawberry.ID
    title: str
    state: ContractState
    start_date: Date = strawberry.field(description="First day of the current term.")
    end_date: Date = strawberry.field(description="Last day of the current term; the term includes it.")
    price: Money = strawberry.field(
        description="The price of the whole current term. With lines: what they cost in all of it."
    )
    lines: list[ContractLine] = strawberry.field(description="What is promised, as agreed last.")
    billing: BillingTerms = strawberry.field(description="How it is billed, as agreed last.")
    renewal: RenewalTerms = strawberry.field(description="How it goes on when its term ends, as agreed last.")
    owner_id: strawberry.ID | None = strawberry.field(description="The employee who owns the contract.")
    author: str = strawberry.field(description="Who wrote it: the subject of the sign-in.")
    time_zone: str = strawberry.field(description="The IANA zone in which its days are counted.")
    jurisdiction: str = strawberry.field(description="Whose law holds: ISO 3166, `CN` or `US-CA`.")
    consumer: bool = strawberry.field(description="Whether the customer is protected as a consumer.")
    credit_policy: CreditPolicy = strawberry.field(
        description="What the customer gets back at a termination, unless that says otherwise."
    )
    suspension_extends: bool = strawberry.field(description="Whether the term ends later by a suspension's days.")
    term_number: int = strawberry.field(description="Counts the terms of this contract from 1.")
    versions: list[ContractVersion] = strawberry.field(
        description="Everything that was ever agreed; after the signature it is only added to."
    )
    moves: list[ContractMove] = strawberry.field(description="Everywhere it stood, in the order of recording.")
    review: ContractReview = strawberry.field(description="The legal review: who waits for whom, and what was said.")
    gates: list[PassedGate] = strawberry.field(description="What activation waits for and is there.")
    suspensions: list[ContractSuspension] = strawberry.field(description="Times in which nothing is owed.")
    termination: ContractTermination | None = strawberry.field(description="Set once an end before the term is agreed.")
    renewal_cancelled_time: DateTime | None = strawberry.field(
        description="Since when it is certain that it does not go on by itself."
    )
    predecessor_id: strawberry.ID | None = strawberry.field(description="The contract that this one renews.")
    successor_id: strawberry.ID | None = strawberry.field(description="The contract that renews this one.")
    signed_time: DateTime | None
    activated_time: DateTime | None
    terminated_time: DateTime | None
    termination_reason: str | None
    signed_text_sha256: str | None = strawberry.field(
        description="Of the text that was signed; `renderContract` returns that text."
    )
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime
    customer: Customer | None = joined(CUSTOMERS, key="customer_id", description="Who signed.")
    allowances: (
        list[Annotated["AllowanceBalance", strawberry.lazy("gateway.graphql.contracts.entitlement.types")]] | None
    ) = joined(
        ALLOWANCES_BY_CONTRACT,
        key="id",
        arguments=FIRST_AS_OF,
        description="What its lines allow in the term of the day (absent: today), and what is left of it.",
    )
    owner: Annotated["Employee", strawberry.lazy("gateway.graphql.kpi.types")] | None = joined(
        EMPLOYEES, key="owner_id", description="The employee who owns the contract."
    )
    billing_lines: list[Annotated["BillingLine", strawberry.lazy("gateway.graphql.contracts.billing.types")]] | None = (
        joined(
            BILLING_LINES_BY_CONTRACT, key="id", arguments=FIRST, description="What is billed, earliest due date first."
        )
    )
    renewals: list[Annotated["Renewal", strawberry.lazy("gateway.graphql.contracts.renewals.types")]] | None = joined(
        RENEWALS_BY_CONTRACT, key="id", arguments=FIRST, description="Work on its next terms, latest term first."
    )
    predecessor: "Contract | None" = joined(
        CONTRACTS, key="predecessor_id", description="The contract that this one renews."
    )
    successor: "Contract | None" = joined(CONTRACTS, key="successor_id", description="The contract that renews it.")
    documents: list[Annotated["Document", strawberry.lazy("gateway.graphql.contracts.paperwork.types")]] | None = (
        joined(DOCUMENTS_BY_CONTRACT, key="id", arguments=FIRST, description="Its files, newest first.")
    )
