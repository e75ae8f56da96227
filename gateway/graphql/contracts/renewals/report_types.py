"""Reports of the renewal desk as types of the schema."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.contracts.money import Money
from gateway.graphql.contracts.periods import Period
from gateway.graphql.contracts.renewals.enums import CallCategory, RenewalSignalKind
from gateway.graphql.contracts.renewals.types import Cancellation
from gateway.graphql.edges import CONTRACTS, EMPLOYEES
from gateway.graphql.joins import joined
from gateway.graphql.scalars import Date, DateTime, Month
from gateway.graphql.sources import message
from membercare.contracts.v1 import renewals_service_pb2 as pb

if TYPE_CHECKING:
    from gateway.graphql.contracts.life_cycle.types import Contract
    from gateway.graphql.kpi.types import Employee

_Contract = Annotated["Contract", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")]
_Employee = Annotated["Employee", strawberry.lazy("gateway.graphql.kpi.types")]


@message(pb.CheckCancellationResponse, description="What a cancellation would bring about.")
class CancellationCheck:
    cancellation: Cancellation
    notice_date: Date = strawberry.field(description="The last day on which a cancellation is in time.")


@message(pb.RenewalSignal, description="One thing heard of a customer that speaks for or against a renewal.")
class RenewalSignal:
    kind: RenewalSignalKind
    subject_id: str | None = strawberry.field(description="The case, visit or invoice.")
    value: int = strawberry.field(description="Visit: satisfaction 1 to 5, 0 for none. Payment: days late. Else 0.")
    occurred_time: DateTime


@message(pb.PipelineCell, description="The renewals of one owner that end in one month, in one currency.")
class RenewalPipelineCell:
    month: Month
    owner_id: strawberry.ID | None
    open: int
    won: int
    lost: int
    due_amount: Money = strawberry.field(description="Prices of the terms that end.")
    won_amount: Money = strawberry.field(description="Prices of the next terms that were won.")
    needs_leader: int = strawberry.field(description="Those about which the leader is asked.")
    owner: _Employee | None = joined(EMPLOYEES, key="owner_id", description="The owner.")


@message(pb.ForecastLine, description="What is expected of one month in one category and currency.")
class RenewalForecastLine:
    month: Month
    category: CallCategory
    renewals: int
    due_amount: Money = strawberry.field(description="Prices of the terms that end.")
    amount: Money = strawberry.field(description="Prices expected.")
    weighted: Money = strawberry.field(description="Each price expected times its likelihood, added up.")


@message(pb.ForecastError, description="How far forecasts of amounts were off.")
class RenewalForecastError:
    forecast: str = strawberry.field(description="`commit`, `best_case` or `weighted`.")
    currency_code: str
    months: int = strawberry.field(description="Months that count: those in which something was won.")
    left_out: int = strawberry.field(description="Months with a forecast in which nothing was won.")
    mape: float | None = strawberry.field(description="Mean of |won - forecast| / won over the months; 0 is best.")


@message(pb.CalibrationBand, description="Renewals that were said to be about as likely, and what came.")
class CalibrationBand:
    from_score: int
    to_score: int
    renewals: int
    won: int
    mean_score: float


@message(pb.ReportForecastAccuracyResponse, description="How good past forecasts of renewals were.")
class RenewalForecastAccuracy:
    judged: int = strawberry.field(description="Renewals with an outcome and a snapshot so many weeks before.")
    brier: float | None = strawberry.field(description="Brier score of likelihoods; 0 is best, a coin gives 0.25.")
    brier_base: float | None = strawberry.field(
        description="Brier score of always saying the share that was won: a useful model is below it."
    )
    errors: list[RenewalForecastError]
    bands: list[CalibrationBand]


@message(pb.RenewalSnapshotWeek, description="A week whose open renewals were kept.")
class RenewalSnapshotWeek:
    week: str = strawberry.field(description="ISO week, such as `2026-W47`.")
    renewals: int
    taken_time: DateTime


@message(pb.NoticePolicy, description="What the law asks before a contract goes on by itself.")
class NoticePolicy:
    jurisdiction: str = strawberry.field(description="ISO 3166 code.")
    consumer: bool
    earliest: Period | None = strawberry.field(description="How long before, at the earliest; null: no bound.")
    latest: Period | None = strawberry.field(description="How long before, at the latest; null: no reminder is asked.")
    counted_from_notice: bool = strawberry.field(
        description="Counted back from the last cancellation date; else from the first day of the next term."
    )
    least_term_months: int = strawberry.field(description="It speaks of terms of at least so many months.")
    leave_any_time_if_missed: bool = strawberry.field(
        description="Without a reminder in the window the customer may leave at any time."
    )
    open_ended_only: bool = strawberry.field(description="It may go on only without an end, with a month's notice.")
    source: str = strawberry.field(description="The law.")


@message(pb.StuckRenewal, description="A contract whose renewal could not be computed; it is tried at every run.")
class StuckRenewal:
    contract_id: strawberry.ID
    reason: str = strawberry.field(description="A code.")
    message: str
    first_time: DateTime = strawberry.field(description="When it failed first.")
    last_time: DateTime = strawberry.field(description="When it failed last.")
    contract: _Contract | None = joined(CONTRACTS, key="contract_id", description="The contract.")


@message(pb.ListStuckRenewalsResponse, description="A page of contracts whose renewal could not be computed.")
class StuckRenewalPage:
    stuck: list[StuckRenewal]
    next_page_token: str | None = strawberry.field(description="Pass it as `after`; null at the end.")


@message(pb.ReportAttachRateResponse, description="How many assets a contract took over when their warranty ended.")
class AttachRate:
    ended: int = strawberry.field(description="Assets whose warranty ended in the month.")
    attached: int = strawberry.field(
        description="Those for which a contract was in force on a day within 90 days after."
    )
    rate: float | None = strawberry.field(description="Attached of ended, 0 to 1; null: no warranty ended.")
