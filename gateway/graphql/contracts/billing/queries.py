"""Root fields that read billing schedules, price changes and exports for accounting."""

from collections.abc import Mapping
from typing import Annotated

import strawberry

from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page, page_of
from gateway.graphql.contracts.billing.price_types import CoTermination, PriceIndex, PriceRun
from gateway.graphql.contracts.billing.types import (
    BillingDelivery,
    BillingExportFormat,
    BillingFile,
    BillingLine,
    BillingLineExplanation,
    BillingLineState,
    ParkedBillingPage,
)
from gateway.graphql.edges import BILLING_LINES, PRICE_INDEXES, PRICE_RUNS
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, listed, one, query
from gateway.graphql.scalars import Date
from gateway.graphql.sources import packed
from membercare.contracts.v1 import billing_service_pb2 as pb

NODES: Mapping[str, Loader] = {"bil": BILLING_LINES, "idx": PRICE_INDEXES, "esc": PRICE_RUNS}
"""By the prefix of an id: what `node(id)` finds here."""

LimitOfFile = Annotated[
    int | None, strawberry.argument(description="How many lines one file holds at most, up to 5,000; absent: 1,000.")
]
AfterFile = Annotated[
    str | None, strawberry.argument(description="`nextPageToken` of the page before. Absent: from the first.")
]

CommonEnd = Annotated[
    Date | None, strawberry.argument(description="The common last day. Absent: the latest of their ends.")
]


@strawberry.input(description="What a billing line must match; absent fields match all.")
class BillingLineFilter:
    contract_id: strawberry.ID | None = None
    customer_id: strawberry.ID | None = None
    state: BillingLineState | None = None
    due_from: Date | None = strawberry.field(default=None, description="Due on this day or later.")
    due_until: Date | None = strawberry.field(default=None, description="Due on this day or earlier.")


@strawberry.type
class BillingQuery:
    billing_line = one(BillingLine, BILLING_LINES, prefix="bil", description="One billing line; null if there is none.")

    @query(Connection[BillingLine], rpc="ListBillingLines", description="Billing lines in the order of due dates.")
    async def billing_lines(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: BillingLineFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListBillingLinesRequest, first=first, after=after, filter=filter)

    @query(BillingLineExplanation, rpc="ExplainBillingLine", description="How a billing line came to be, in words.")
    async def explain_billing_line(self, info: Info, id: strawberry.ID) -> pb.ExplainBillingLineResponse:
        request = pb.ExplainBillingLineRequest(billing_line_id=id)
        return await info.context.call(info.context.clients.contracts.ExplainBillingLine, request)

    @query(BillingFile, rpc="ExportBillingLines", description="Billing lines as a file for accounting; those due.")
    async def export_billing_lines(
        self,
        info: Info,
        filter: BillingLineFilter | None = None,
        format: BillingExportFormat = BillingExportFormat.CSV,
        limit: LimitOfFile = None,
        page_token: AfterFile = None,
    ) -> pb.ExportBillingLinesResponse:
        request = pb.ExportBillingLinesRequest(
            filter=packed(filter, pb.BillingLineFilter) if filter else None,
            format=pb.BillingExportFormat.ValueType(format),
            page_size=limit or 0,
            page_token=page_token or "",
        )
        return await info.context.call(info.context.clients.contracts.ExportBillingLines, request)

    @query(
        Connection[BillingDelivery],
        rpc="ListBillingDeliveries",
        description="Handings over to the accounting system's webhook, newest first.",
    )
    async def billing_deliveries(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, undelivered: bool = False
    ) -> Page:
        request = pb.ListBillingDeliveriesRequest(page_size=first, page_token=after or "", undelivered=undelivered)
        reply = await info.context.call(info.context.clients.contracts.ListBillingDeliveries, request)
        return page_of(reply.billing_deliveries, reply.next_page_token, after=after)

    @query(ParkedBillingPage, rpc="ListParkedBilling", description="Contracts whose billing cannot be computed.")
    async def parked_billing(
        self, info: Info, first: First = DEFAULT_FIRST, after: AfterFile = None
    ) -> pb.ListParkedBillingResponse:
        request = pb.ListParkedBillingRequest(page_size=first, page_token=after or "")
        return await info.context.call(info.context.clients.contracts.ListParkedBilling, request)

    price_index = one(PriceIndex, PRICE_INDEXES, prefix="idx", description="One price index; null if there is none.")

    price_run = one(PriceRun, PRICE_RUNS, prefix="esc", description="One price run; null if there is none.")

    @query(Connection[PriceIndex], rpc="ListPriceIndexes", description="Price indices in the order of their creation.")
    async def price_indexes(self, info: Info, first: First = DEFAULT_FIRST, after: After = None) -> Page:
        return await listed(info.context, pb.ListPriceIndexesRequest, first=first, after=after, filter=None)

    @query(Connection[PriceRun], rpc="ListPriceRuns", description="Price runs in the order of their creation.")
    async def price_runs(self, info: Info, first: First = DEFAULT_FIRST, after: After = None) -> Page:
        return await listed(info.context, pb.ListPriceRunsRequest, first=first, after=after, filter=None)

    @query(CoTermination, rpc="PreviewCoTermination", description="What it costs to let contracts end on one day.")
    async def preview_co_termination(
        self, info: Info, contract_ids: list[strawberry.ID], end_date: CommonEnd = None
    ) -> pb.PreviewCoTerminationResponse:
        request = pb.PreviewCoTerminationRequest(contract_ids=contract_ids, end_date=end_date or "")
        return await info.context.call(info.context.clients.contracts.PreviewCoTermination, request)
