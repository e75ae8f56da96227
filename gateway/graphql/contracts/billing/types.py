"""Billing lines, parked billing and handings over to accounting as types of the schema."""

from enum import IntEnum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.contracts.money import Money
from gateway.graphql.edges import CONTRACTS, CUSTOMERS
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import Base64, Date, DateTime
from gateway.graphql.sources import message
from membercare.contracts.v1 import billing_line_pb2
from membercare.contracts.v1 import billing_service_pb2 as pb

if TYPE_CHECKING:
    from gateway.graphql.contracts.life_cycle.types import Contract, Customer


@strawberry.enum(description="Where a billing line stands.")
class BillingLineState(IntEnum):
    PLANNED = strawberry.enum_value(1, description="Its day lies ahead; it changes with the contract.")
    DUE = strawberry.enum_value(2, description="Its day has come, and it waits for the invoice.")
    BILLED = strawberry.enum_value(3, description="It stands on an invoice and never changes again.")
    CREDITED = strawberry.enum_value(4, description="Nothing is left of it.")


@strawberry.enum(description="Why there is a billing line.")
class BillingLineKind(IntEnum):
    CHARGE = strawberry.enum_value(1, description="The price of the period.")
    ADJUSTMENT = strawberry.enum_value(2, description="What a billed period costs more than was billed.")
    CREDIT = strawberry.enum_value(3, description="What a billed period costs less; the amount is negative.")


@strawberry.enum(description="The form of an export for accounting.")
class BillingExportFormat(IntEnum):
    CSV = 1
    JSON = 2


@message(billing_line_pb2.BillingLine, description="What is billed of one contract line for one period.")
class BillingLine(Node):
    contract_id: strawberry.ID
    customer_id: strawberry.ID
    line_id: strawberry.ID | None = strawberry.field(description="The contract line; null: the contract as a whole.")
    description: str = strawberry.field(description="What is billed, as the contract line says.")
    kind: BillingLineKind
    state: BillingLineState
    period_start: Date = strawberry.field(description="First day of the whole billing period.")
    period_end: Date = strawberry.field(description="Last day of the whole billing period.")
    start_date: Date = strawberry.field(description="First day that is billed.")
    end_date: Date = strawberry.field(description="Last day that is billed.")
    due_date: Date
    amount: Money = strawberry.field(description="Negative for a credit.")
    formula: str = strawberry.field(description="How the amount was found, in signs that need no language.")
    terms_number: int = strawberry.field(description="The version of the contract's terms it was computed from.")
    invoice: str | None = strawberry.field(description="The invoice of the accounting system.")
    billed_by: str | None = strawberry.field(description="Who said that it is billed.")
    billed_time: DateTime | None
    etag: str = strawberry.field(description="The version: it grows with each change.")
    create_time: DateTime
    update_time: DateTime
    contract: Annotated["Contract", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")] | None = joined(
        CONTRACTS, key="contract_id", description="What it is billed for."
    )
    customer: Annotated["Customer", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")] | None = joined(
        CUSTOMERS, key="customer_id", description="Who pays."
    )


@message(pb.ExplainBillingLineResponse, description="How a billing line came to be, in words.")
class BillingLineExplanation:
    billing_line: BillingLine
    explanation_en: str = strawberry.field(description="In English.")
    explanation_zh: str = strawberry.field(description="In Simplified Chinese.")


@message(pb.ExportBillingLinesResponse, description="A file of billing lines for accounting.")
class BillingFile:
    content: Base64 = strawberry.field(description="The bytes of the file.")
    media_type: str
    rows: int = strawberry.field(description="Lines in the file.")
    next_page_token: str | None = strawberry.field(description="Pass it as `after` for the next file; null: the last.")


@message(billing_line_pb2.BillingDelivery, description="A handing over of due lines to accounting by webhook.")
class BillingDelivery:
    id: strawberry.ID
    billing_line_ids: list[strawberry.ID]
    attempts: int = strawberry.field(description="How often it was tried.")
    last_error: str | None = strawberry.field(description="What the last try ended with.")
    next_time: DateTime | None = strawberry.field(description="When it is tried next; null: it is delivered.")
    delivered_time: DateTime | None
    create_time: DateTime


@message(billing_line_pb2.ParkedBilling, description="A contract whose billing cannot be computed.")
class ParkedBilling:
    contract_id: strawberry.ID
    reason: str = strawberry.field(description="A stable code, such as `BILLING_SCHEDULE_TOO_LONG`.")
    message: str = strawberry.field(description="What went wrong.")
    attempts: int = strawberry.field(description="How often it was tried.")
    parked_time: DateTime | None
    contract: Annotated["Contract", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")] | None = joined(
        CONTRACTS, key="contract_id", description="The contract."
    )


@message(pb.ListParkedBillingResponse, description="A page of contracts whose billing cannot be computed.")
class ParkedBillingPage:
    parked: list[ParkedBilling]
    next_page_token: str | None = strawberry.field(description="Pass it as `after` for the next page; null: the last.")
