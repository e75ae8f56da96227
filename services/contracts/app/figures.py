"""Builds the room of recurring revenue, monthly statistics and customers' value."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from services.chassis.clock import SystemClock
from services.contracts.config import Settings
from services.contracts.usecases.figures.change_policy import ChangeValuePolicy
from services.contracts.usecases.figures.compute_values import (
    ComputeValues,
    FitModel,
    JudgeCustomers,
    RequestValueRun,
)
from services.contracts.usecases.figures.reports import ReportMonth, ReportRevenue
from services.contracts.usecases.figures.see_values import SeeValues

if TYPE_CHECKING:
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job
    from services.contracts.domain.figures.forecast_shapes import History
    from services.contracts.domain.figures.judge_value import Forecast
    from services.contracts.domain.figures.value_facts import Purchase, Survival
    from services.contracts.domain.figures.value_model import ValueModel
    from services.contracts.domain.figures.value_policy import ValuePolicy
    from services.contracts.rpc.figures.servicer import FiguresServicer

OUTBOXES: Sequence[str] = ("customer_values",)
_LOOK_EVERY_SECONDS = 20.0


class LazyForecaster:
    """The purchase models, loaded with numpy and scipy when the first purchase is looked at."""

    def history_of(self, purchases: "Sequence[Purchase]", today: date, *, policy: "ValuePolicy") -> "History | None":
        """As `forecast.history_of`."""
        from services.contracts.domain.figures import forecast

        return forecast.history_of(purchases, today, policy=policy)

    def fit(
        self, histories: "Sequence[History]", survival: "Survival", *, policy: "ValuePolicy", now: datetime
    ) -> "ValueModel":
        """As `forecast.fit`."""
        from services.contracts.domain.figures import forecast

        return forecast.fit(histories, survival, policy=policy, now=now)

    def forecasts(
        self, histories: "Mapping[str, History]", model: "ValueModel", *, policy: "ValuePolicy"
    ) -> "Mapping[str, Forecast]":
        """As `forecast.forecasts`."""
        from services.contracts.domain.figures import forecast

        return forecast.forecasts(histories, model, policy=policy)


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.contracts.store.figures.served import ServedDocument
    from services.contracts.store.figures.values import (
        CustomerValueDocument,
        ValueFailureDocument,
        ValueModelDocument,
        ValuePolicyDocument,
        ValueRunDocument,
    )

    return (
        ServedDocument,
        CustomerValueDocument,
        ValuePolicyDocument,
        ValueModelDocument,
        ValueRunDocument,
        ValueFailureDocument,
    )


def build_servicer(settings: Settings) -> "FiguresServicer":
    """Wire the methods to the use cases and stores."""
    from services.contracts.rpc.figures.servicer import FiguresServicer
    from services.contracts.store.figures.figures import MongoFigureSources
    from services.contracts.store.figures.values import (
        MongoCustomerValues,
        MongoValueModels,
        MongoValuePolicies,
        MongoValueRuns,
    )

    clock = SystemClock()
    sources, policies = MongoFigureSources(settings.company_time_zone), MongoValuePolicies(clock)
    return FiguresServicer(
        report_revenue=ReportRevenue(sources, clock),
        report_month=ReportMonth(sources, clock, settings.company_time_zone),
        see_values=SeeValues(MongoCustomerValues(clock)),
        policies=policies,
        models=MongoValueModels(),
        change_policy=ChangeValuePolicy(policies, clock),
        request_run=RequestValueRun(MongoValueRuns(), clock),
    )


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.contracts.v1.figures_service_pb2_grpc import add_FiguresServiceServicer_to_server
    from services.chassis.rooms import RpcRoom
    from services.contracts.rpc.figures.access import ACCESS
    from services.contracts.rpc.figures.servicer import FULL_NAME

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_FiguresServiceServicer_to_server(servicer, server))


def build_compute_values(settings: Settings) -> ComputeValues:
    """Wire the nightly computation to the stores."""
    from services.contracts.store.customers.customers import MongoCustomers
    from services.contracts.store.figures.value_sources import MongoValueSources
    from services.contracts.store.figures.values import (
        MongoCustomerValues,
        MongoValueModels,
        MongoValuePolicies,
        MongoValueRuns,
    )

    clock, forecaster = SystemClock(), LazyForecaster()
    sources, models, runs = MongoValueSources(settings.company_time_zone), MongoValueModels(), MongoValueRuns()
    return ComputeValues(
        policies=MongoValuePolicies(clock),
        models=models,
        sources=sources,
        runs=runs,
        fit_model=FitModel(sources=sources, models=models, forecaster=forecaster),
        judge_customers=JudgeCustomers(
            sources=sources,
            values=MongoCustomerValues(clock),
            customers=MongoCustomers(clock),
            runs=runs,
            forecaster=forecaster,
        ),
        clock=clock,
        time_zone=settings.company_time_zone,
        run_at=time.fromisoformat(settings.value_run_at),
    )


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    from services.chassis.scheduled import Job

    compute = build_compute_values(settings)
    return (
        Job(
            name="customer_values",
            every_seconds=_LOOK_EVERY_SECONDS,
            run=lambda lead: compute(token=lead.token, holds=lambda: lead.holds),
        ),
    )
