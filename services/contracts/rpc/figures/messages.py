"""Revenue and statistics as messages, and questions as what the use cases understand."""

from collections.abc import Sequence
from fractions import Fraction

from membercare.contracts.v1 import contract_pb2, figures_pb2
from membercare.contracts.v1 import figures_service_pb2 as pb
from services.chassis.errors import InvalidField
from services.chassis.timestamps import moment, to_timestamp
from services.contracts.domain.figures.monthly import OwnerMonth, Tally
from services.contracts.domain.figures.recurring import Row
from services.contracts.domain.terms.money import rounded
from services.contracts.usecases.figures.reports import MonthAnswer, MonthQuestion, RevenueQuestion, RevenueTable

_BPS = 10_000
_INTERVALS = {pb.REVENUE_INTERVAL_UNSPECIFIED, pb.REVENUE_INTERVAL_DAY, pb.REVENUE_INTERVAL_MONTH}


def to_revenue_question(request: pb.ReportRecurringRevenueRequest) -> RevenueQuestion:
    if request.interval not in _INTERVALS:
        raise InvalidField("interval", "interval must be day or month.")
    return RevenueQuestion(
        start_date=request.start_date,
        end_date=request.end_date,
        by_day=request.interval == pb.REVENUE_INTERVAL_DAY,
        owner_id=request.owner_id,
        known_at=moment(request.known_at, "known_at") if request.HasField("known_at") else None,
    )


def to_month_question(request: pb.ReportMonthRequest | pb.ExportMonthRequest) -> MonthQuestion:
    return MonthQuestion(
        month=request.month,
        owner_id=request.owner_id,
        known_at=moment(request.known_at, "known_at") if request.HasField("known_at") else None,
    )


def revenue_to_pb(table: RevenueTable) -> figures_pb2.RecurringRevenue:
    return figures_pb2.RecurringRevenue(
        currency_code=table.currency_code,
        rows=map(row_to_pb, table.rows),
        total=row_to_pb(table.total),
        gross_retention_bps=_bps(table.revenue.gross_retention),
        net_retention_bps=_bps(table.revenue.net_retention),
    )


def row_to_pb(row: Row) -> figures_pb2.RevenueRow:
    return figures_pb2.RevenueRow(
        start_date=row.span.start.isoformat(),
        end_date=row.span.end.isoformat(),
        opening=row.opening,
        new_revenue=row.new,
        expansion=row.expansion,
        contraction=row.contraction,
        churn=row.churn,
        reactivation=row.reactivation,
        closing=row.closing,
    )


def tables_to_pb(tables: Sequence[RevenueTable]) -> pb.ReportRecurringRevenueResponse:
    return pb.ReportRecurringRevenueResponse(revenue=map(revenue_to_pb, tables))


def month_to_pb(answer: MonthAnswer) -> figures_pb2.MonthlyStatistics:
    return figures_pb2.MonthlyStatistics(
        month=answer.month,
        known_at=to_timestamp(answer.known_at),
        total=owner_to_pb(answer.total),
        owners=map(owner_to_pb, answer.owners),
        revenue=map(revenue_to_pb, answer.revenue),
    )


def owner_to_pb(month: OwnerMonth) -> figures_pb2.OwnerMonth:
    return figures_pb2.OwnerMonth(
        owner_id=month.owner_id,
        signed=_tally(month.signed),
        renewed=_tally(month.renewed),
        lost=_tally(month.lost),
        warranties_ended=month.warranties_ended,
        warranties_attached=month.warranties_attached,
        chargeable_services=_tally(month.services),
        renewal_rate_bps=_bps(month.renewal_rate),
        attach_rate_bps=_bps(month.attach_rate),
    )


def _tally(tally: Tally) -> figures_pb2.Tally:
    amounts = (
        contract_pb2.Money(currency_code=currency, minor_units=tally.amounts[currency])
        for currency in sorted(tally.amounts)
    )
    return figures_pb2.Tally(count=tally.count, amounts=amounts)


def _bps(rate: Fraction | None) -> int | None:
    return None if rate is None else rounded(rate * _BPS)
