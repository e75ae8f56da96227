"""Root fields that read warranties that end, renewals and their forecast."""

from collections.abc import Mapping, Sequence

import strawberry

from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page
from gateway.graphql.contracts.renewals.enums import CallCategory, NoticeState, RenewalStage
from gateway.graphql.contracts.renewals.loaders import RENEWALS, WARRANTY_EXPIRIES
from gateway.graphql.contracts.renewals.report_types import (
    AttachRate,
    CancellationCheck,
    NoticePolicy,
    RenewalForecastAccuracy,
    RenewalForecastLine,
    RenewalPipelineCell,
    RenewalSignal,
    RenewalSnapshotWeek,
    StuckRenewalPage,
)
from gateway.graphql.contracts.renewals.types import Renewal, WarrantyExpiry
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, listed, one, query
from gateway.graphql.scalars import Date, DateTime, Month
from membercare.contracts.v1 import renewals_service_pb2 as pb

NODES: Mapping[str, Loader] = {"ren": RENEWALS, "wty": WARRANTY_EXPIRIES}
"""By the prefix of an id: what `node(id)` finds here."""


@strawberry.input(description="What a listed renewal must match; absent fields match all.")
class RenewalFilter:
    contract_id: strawberry.ID | None = None
    customer_id: strawberry.ID | None = None
    owner_id: strawberry.ID | None = None
    stage: RenewalStage | None = None
    month: Month | None = strawberry.field(default=None, description="The month in which the term ends.")
    category: CallCategory | None = None
    needs_leader: bool | None = strawberry.field(
        default=None, description="Only those about which the leader is asked."
    )
    notice_state: NoticeState | None = None
    open_only: bool | None = strawberry.field(default=None, description="Only those without an outcome.")


@strawberry.input(description="What a listed group of ending warranties must match; absent fields match all.")
class WarrantyExpiryFilter:
    customer_id: strawberry.ID | None = None
    owner_id: strawberry.ID | None = None
    month: Month | None = None


@strawberry.type
class WarrantyQuery:
    warranty_expiry = one(
        WarrantyExpiry, WARRANTY_EXPIRIES, prefix="wty", description="One group of ending warranties; null if none."
    )

    @query(Connection[WarrantyExpiry], rpc="ListWarrantyExpiries", description="Groups of ending warranties.")
    async def warranty_expiries(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: WarrantyExpiryFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListWarrantyExpiriesRequest, first=first, after=after, filter=filter)

    @query(
        AttachRate,
        rpc="ReportAttachRate",
        description="How many assets contracts took over from their warranty, by the rule of `monthlyStatistics`.",
    )
    async def attach_rate(
        self, info: Info, month: Month, known_at: DateTime | None = None
    ) -> pb.ReportAttachRateResponse:
        request = pb.ReportAttachRateRequest(month=month, known_at=known_at)
        return await info.context.call(info.context.clients.contracts.ReportAttachRate, request)


@strawberry.type
class RenewalReportQuery:
    @query(list[RenewalPipelineCell], rpc="ReportRenewalPipeline", description="Renewals by month and owner.")
    async def renewal_pipeline(
        self, info: Info, first_month: Month, last_month: Month, owner_id: strawberry.ID | None = None
    ) -> Sequence[pb.PipelineCell]:
        request = pb.ReportRenewalPipelineRequest(
            first_month=first_month, last_month=last_month, owner_id=owner_id or ""
        )
        reply = await info.context.call(info.context.clients.contracts.ReportRenewalPipeline, request)
        return reply.cells

    @query(
        list[RenewalForecastLine],
        rpc="ReportRenewalForecast",
        description="What is expected by month and category, as of now or as the snapshot of an ISO week had it.",
    )
    async def renewal_forecast(
        self,
        info: Info,
        first_month: Month,
        last_month: Month,
        owner_id: strawberry.ID | None = None,
        week: str | None = None,
    ) -> Sequence[pb.ForecastLine]:
        request = pb.ReportRenewalForecastRequest(
            first_month=first_month, last_month=last_month, owner_id=owner_id or "", week=week or ""
        )
        reply = await info.context.call(info.context.clients.contracts.ReportRenewalForecast, request)
        return reply.lines

    @query(
        RenewalForecastAccuracy,
        rpc="ReportForecastAccuracy",
        description="Forecasts made so many weeks (13 unless told) before the terms' ends, held against what came.",
    )
    async def renewal_forecast_accuracy(
        self, info: Info, first_month: Month, last_month: Month, weeks_before: int | None = None
    ) -> pb.ReportForecastAccuracyResponse:
        request = pb.ReportForecastAccuracyRequest(
            first_month=first_month, last_month=last_month, weeks_before=weeks_before or 0
        )
        return await info.context.call(info.context.clients.contracts.ReportForecastAccuracy, request)

    @query(list[RenewalSnapshotWeek], rpc="ListRenewalSnapshots", description="The weeks that were kept, newest first.")
    async def renewal_snapshots(self, info: Info) -> Sequence[pb.RenewalSnapshotWeek]:
        request = pb.ListRenewalSnapshotsRequest()
        reply = await info.context.call(info.context.clients.contracts.ListRenewalSnapshots, request)
        return reply.weeks


@strawberry.type
class RenewalsQuery(WarrantyQuery, RenewalReportQuery):
    renewal = one(Renewal, RENEWALS, prefix="ren", description="One renewal; null if there is none.")

    @query(Connection[Renewal], rpc="ListRenewals", description="Renewals, in the order of their ids.")
    async def renewals(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: RenewalFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListRenewalsRequest, first=first, after=after, filter=filter)

    @query(
        CancellationCheck,
        rpc="CheckCancellation",
        description="What a cancellation that reached us on a day (today unless told) would bring about.",
    )
    async def check_cancellation(
        self, info: Info, contract_id: strawberry.ID, received_date: Date | None = None
    ) -> pb.CheckCancellationResponse:
        request = pb.CheckCancellationRequest(contract_id=contract_id, received_date=received_date or "")
        return await info.context.call(info.context.clients.contracts.CheckCancellation, request)

    @query(
        list[RenewalSignal],
        rpc="ListRenewalSignals",
        description="What was heard of a customer in the last two years, newest first.",
    )
    async def renewal_signals(self, info: Info, customer_id: strawberry.ID) -> Sequence[pb.RenewalSignal]:
        request = pb.ListRenewalSignalsRequest(customer_id=customer_id)
        reply = await info.context.call(info.context.clients.contracts.ListRenewalSignals, request)
        return reply.signals

    @query(list[NoticePolicy], rpc="ListNoticePolicies", description="What laws ask before a contract goes on.")
    async def notice_policies(self, info: Info) -> Sequence[pb.NoticePolicy]:
        request = pb.ListNoticePoliciesRequest()
        reply = await info.context.call(info.context.clients.contracts.ListNoticePolicies, request)
        return reply.policies

    @query(
        StuckRenewalPage, rpc="ListStuckRenewals", description="Contracts whose renewal could not be computed, and why."
    )
    async def stuck_renewals(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> pb.ListStuckRenewalsResponse:
        request = pb.ListStuckRenewalsRequest(page_size=first, page_token=after or "")
        return await info.context.call(info.context.clients.contracts.ListStuckRenewals, request)
