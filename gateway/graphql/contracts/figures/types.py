"""Recurring revenue and monthly statistics as types of the schema."""

import base64
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.contracts.money import Money
from gateway.graphql.edges import EMPLOYEES
from gateway.graphql.joins import joined
from gateway.graphql.scalars import BigInt, Date, DateTime, Month
from gateway.graphql.sources import computed, message
from membercare.contracts.v1 import figures_pb2
from membercare.contracts.v1 import figures_service_pb2 as pb

if TYPE_CHECKING:
    from gateway.graphql.kpi.types import Employee


@strawberry.enum(description="By what the days of a question are gathered.")
class RevenueInterval(IntEnum):
    DAY = 1
    MONTH = 2


@message(
    figures_pb2.RevenueRow,
    description="Recurring revenue of some days, in smallest units a month: opening and the five movements add up to "
    "closing, exactly.",
)
class RevenueRow:
    start_date: Date = strawberry.field(description="First day.")
    end_date: Date = strawberry.field(description="Last day, included.")
    opening: BigInt = strawberry.field(description="At the end of the day before.")
    new_revenue: BigInt = strawberry.field(description="From customers who never paid before.")
    expansion: BigInt = strawberry.field(description="From customers who pay more.")
    contraction: BigInt = strawberry.field(
        description="Lost with customers who pay less, not positive; the end of one of several contracts is here."
    )
    churn: BigInt = strawberry.field(description="Lost with customers who pay nothing any more, not positive.")
    reactivation: BigInt = strawberry.field(description="From customers who had left.")
    closing: BigInt = strawberry.field(description="At the end of the last day.")


@message(figures_pb2.RecurringRevenue, description="Recurring revenue in one currency.")
class RecurringRevenue:
    currency_code: str = strawberry.field(description="ISO 4217, for example `CNY`.")
    rows: list[RevenueRow] = strawberry.field(description="One for each day or month.")
    total: RevenueRow = strawberry.field(description="All rows together.")
    gross_retention_bps: int | None = strawberry.field(
        description="Part of the opening that is left at the end, growth not counted, in hundredths of a percent: at "
        "most 10000; null: nothing was there."
    )
    net_retention_bps: int | None = strawberry.field(
        description="What the customers of the opening pay at the end, likewise; never below the gross retention."
    )


@message(figures_pb2.Tally, description="How many, and what they amount to.")
class Tally:
    count: int
    amounts: list[Money] = strawberry.field(description="One for each currency.")


@message(figures_pb2.OwnerMonth, description="The month of one owner, or of all together.")
class OwnerMonth:
    owner_id: strawberry.ID | None = strawberry.field(description="Null: nobody's, or, in the total, everybody's.")
    signed: Tally = strawberry.field(description="Contracts signed, with the prices of their terms.")
    renewed: Tally = strawberry.field(
        description="Terms that ended and were followed by another, with the prices of the next terms."
    )
    lost: Tally = strawberry.field(
        description="Contracts that ended and were not renewed, with the prices of the terms lost."
    )
    warranties_ended: int = strawberry.field(description="Assets whose warranty ended.")
    warranties_attached: int = strawberry.field(description="Of these, covered by a contract within 90 days.")
    chargeable_services: Tally = strawberry.field(description="Chargeable services done, with what was charged.")
    renewal_rate_bps: int | None = strawberry.field(
        description="Renewed of renewed and lost, in hundredths of a percent; null: nothing ended."
    )
    attach_rate_bps: int | None = strawberry.field(description="Attached of ended warranties, likewise.")
    owner: Annotated["Employee", strawberry.lazy("gateway.graphql.kpi.types")] | None = joined(
        EMPLOYEES, key="owner_id", description="The employee."
    )


@message(figures_pb2.MonthlyStatistics, description="The statistics of a month, as known at a moment.")
class MonthlyStatistics:
    month: Month
    known_at: DateTime = strawberry.field(
        description="What was recorded later is left out: asked with the same moment, the answer never changes."
    )
    total: OwnerMonth
    owners: list[OwnerMonth] = strawberry.field(description="One for each owner to whom anything happened.")
    revenue: list[RecurringRevenue] = strawberry.field(description="Of the month, one for each currency.")


@message(pb.ExportMonthResponse, description="The statistics of a month as a workbook (XLSX).")
class MonthlyStatisticsFile:
    file_name: str
    media_type: str
    content_base64: str = computed(
        lambda source: base64.b64encode(source.content).decode(), description="The bytes of the file in base64."
    )
    sha256: str = strawberry.field(description="Of the bytes: the same question has the same file.")
