"""The methods that report on renewals."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import renewals_service_pb2 as pb
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceServicer
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.renewals.forecast_accuracy import (
    Band,
    ForecastError,
    bands_of,
    brier_base,
    brier_of,
    errors_of,
)
from services.contracts.domain.renewals.renewal_forecast import ForecastLine, PipelineCell
from services.contracts.ports.snapshots import Snapshots
from services.contracts.rpc.money import money_to_pb
from services.contracts.rpc.renewals.messages import CATEGORIES
from services.contracts.usecases.renewals.report_renewals import Months, ReportRenewals

_MOST_WEEKS = 104


@dataclass(frozen=True, kw_only=True)
class RenewalReports(RenewalsServiceServicer):
    """Reports are computed when they are asked for."""

    report: ReportRenewals
    snapshots: Snapshots

    def ReportRenewalPipeline(
        self, request: pb.ReportRenewalPipelineRequest, context: grpc.ServicerContext
    ) -> pb.ReportRenewalPipelineResponse:
        cells = self.report.pipeline(Months(request.first_month, request.last_month, request.owner_id))
        return pb.ReportRenewalPipelineResponse(cells=map(_cell, cells))

    def ReportRenewalForecast(
        self, request: pb.ReportRenewalForecastRequest, context: grpc.ServicerContext
    ) -> pb.ReportRenewalForecastResponse:
        months = Months(request.first_month, request.last_month, request.owner_id)
        return pb.ReportRenewalForecastResponse(lines=map(_line, self.report.forecast(months, request.week)))

    def ReportForecastAccuracy(
        self, request: pb.ReportForecastAccuracyRequest, context: grpc.ServicerContext
    ) -> pb.ReportForecastAccuracyResponse:
        judged = self.report.judged(Months(request.first_month, request.last_month), request.weeks_before)
        score, base = brier_of(judged), brier_base(judged)
        return pb.ReportForecastAccuracyResponse(
            judged=len(judged),
            brier=None if score is None else float(score),
            brier_base=None if base is None else float(base),
            errors=map(_error, errors_of(judged)),
            bands=map(_band, bands_of(judged)),
        )

    def ListRenewalSnapshots(
        self, request: pb.ListRenewalSnapshotsRequest, context: grpc.ServicerContext
    ) -> pb.ListRenewalSnapshotsResponse:
        return pb.ListRenewalSnapshotsResponse(
            weeks=(
                pb.RenewalSnapshotWeek(week=each.week, renewals=each.renewals, taken_time=to_timestamp(each.taken_time))
                for each in self.snapshots.weeks(most=_MOST_WEEKS)
            )
        )


def _cell(cell: PipelineCell) -> pb.PipelineCell:
    return pb.PipelineCell(
        month=cell.month,
        owner_id=cell.owner_id,
        open=cell.open,
        won=cell.won,
        lost=cell.lost,
        due_amount=money_to_pb(cell.due),
        won_amount=money_to_pb(cell.won_amount),
        needs_leader=cell.needs_leader,
    )


def _line(line: ForecastLine) -> pb.ForecastLine:
    return pb.ForecastLine(
        month=line.month,
        category=CATEGORIES.number(line.category),
        renewals=line.renewals,
        due_amount=money_to_pb(line.due),
        amount=money_to_pb(line.amount),
        weighted=money_to_pb(line.weighted),
    )


def _error(error: ForecastError) -> pb.ForecastError:
    return pb.ForecastError(
        forecast=error.forecast,
        currency_code=error.currency_code,
        months=error.months,
        left_out=error.left_out,
        mape=None if error.mape is None else float(error.mape),
    )


def _band(band: Band) -> pb.CalibrationBand:
    return pb.CalibrationBand(
        from_score=band.from_score,
        to_score=band.to_score,
        renewals=band.renewals,
        won=band.won,
        mean_score=float(band.mean_score),
    )
