"""Root fields that change quotes and orders."""

from typing import Annotated, Any

import strawberry

from gateway.graphql.contracts.life_cycle.types import Contract
from gateway.graphql.contracts.money import MoneyInput
from gateway.graphql.contracts.periods import PeriodInput
from gateway.graphql.contracts.sales.enums import OrderMilestone
from gateway.graphql.contracts.sales.quote_types import Order, Quote
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of, transition
from gateway.graphql.scalars import BigInt, Date
from gateway.graphql.sending import send
from gateway.graphql.sources import message, packed
from membercare.contracts.v1 import order_pb2
from membercare.contracts.v1 import sales_service_pb2 as pb

_ActualDate = Annotated[
    Date | None, strawberry.argument(description="The day it happened; absent: today. Not in the future.")
]


@strawberry.input(description="One thing to offer.")
class QuoteLineInput:
    description: str = strawberry.field(description="1 to 200 characters.")
    unit_price: MoneyInput = strawberry.field(
        description="Of one unit for one period; without a period, for the whole term."
    )
    quantity: BigInt = strawberry.field(default=BigInt(1), description="1 to 1,000,000.")
    product_id: strawberry.ID | None = None
    discount_bps: int | None = strawberry.field(default=None, description="In hundredths of a percent, 0 to 10,000.")
    term: PeriodInput | None = strawberry.field(default=None, description="How long it lasts; absent: sold once.")
    period: PeriodInput | None = strawberry.field(
        default=None, description="How often the price is due within the term; absent: once for the whole term."
    )
    start_date: Date | None = strawberry.field(default=None, description="Absent: that of the quote.")
    asset_ids: list[strawberry.ID] | None = None
    service_types: list[str] | None = strawberry.field(
        default=None, description="The services that a contract would cover, such as `repair`."
    )


@strawberry.input(description="What a version of a quote says.")
class QuoteInput:
    title: str = strawberry.field(description="1 to 200 characters.")
    lines: list[QuoteLineInput] = strawberry.field(description="1 to 100, all in one currency.")
    start_date: Date = strawberry.field(description="First day of the deal.")
    sign_by: Date = strawberry.field(description="Last day on which it can be accepted: before any line begins.")
    discount_bps: int | None = strawberry.field(default=None, description="On everything, in hundredths of a percent.")
    note: str | None = strawberry.field(default=None, description="Conditions, for the customer.")


@strawberry.input(description="The day a milestone is planned for.")
class PlannedMilestoneInput:
    milestone: OrderMilestone
    date: Date


@strawberry.input(description="The serial numbers of what was delivered of one line.")
class DeliveredSerialsInput:
    line_id: strawberry.ID
    serials: list[str]
    free_maintenance_months: int | None = strawberry.field(
        default=None, description="Months free of charge from the delivery on; where the line has a product."
    )


@strawberry.input(description="Something that is wrong.")
class AcceptanceIssueInput:
    description: str = strawberry.field(description="1 to 1,000 characters.")
    line_id: strawberry.ID | None = strawberry.field(default=None, description="Absent: the whole order.")


@message(
    pb.CreateQuoteResponse,
    pb.ReviseQuoteResponse,
    pb.ApproveQuoteResponse,
    pb.SendQuoteResponse,
    pb.AcceptQuoteResponse,
    pb.VoidQuoteResponse,
    description="The quote after the change.",
)
class QuotePayload:
    quote: Quote


@message(
    pb.CreateOrderFromQuoteResponse,
    pb.PlanOrderResponse,
    pb.StartOrderProductionResponse,
    pb.ShipOrderResponse,
    pb.DeliverOrderResponse,
    pb.AcceptOrderResponse,
    pb.CancelOrderResponse,
    description="The order after the change.",
)
class OrderPayload:
    order: Order


@message(pb.CreateContractFromQuoteResponse, description="The contract of the quote.")
class QuotedContractPayload:
    contract: Contract


_QUOTE = result_of(QuotePayload, "QuoteResult")
_ORDER = result_of(OrderPayload, "OrderResult")
_CONTRACT = result_of(QuotedContractPayload, "QuotedContractResult")
_Plan = Annotated[
    list[PlannedMilestoneInput] | None, strawberry.argument(description="The days that milestones are planned for.")
]


def _plan(plan: list[PlannedMilestoneInput] | None) -> list[pb.PlannedMilestone]:
    return [packed(each, pb.PlannedMilestone) for each in plan or ()]


@strawberry.type
class QuoteMutation:
    @mutation(_QUOTE, rpc="CreateQuote", description="Writes the first version of a quote.")
    async def create_quote(
        self, info: Info, opportunity_id: strawberry.ID, input: QuoteInput, request_id: RequestId = None
    ) -> Any:
        content = packed(input, pb.QuoteContent)
        return await send(
            info, pb.CreateQuoteRequest, opportunity_id=opportunity_id, content=content, request_id=request_id
        )

    @mutation(_QUOTE, rpc="ReviseQuote", description="Writes a new version, which supersedes the former.")
    async def revise_quote(
        self, info: Info, id: strawberry.ID, input: QuoteInput, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        content = packed(input, pb.QuoteContent)
        return await send(info, pb.ReviseQuoteRequest, quote_id=id, content=content, etag=etag, request_id=request_id)

    approve_quote = transition(
        _QUOTE, pb.ApproveQuoteRequest, key="quote_id", description="Draft to approved, by another than the author."
    )
    send_quote = transition(_QUOTE, pb.SendQuoteRequest, key="quote_id", description="Approved to sent.")

    @mutation(_QUOTE, rpc="AcceptQuote", description="Sent to accepted, once; the opportunity is won with it.")
    async def accept_quote(
        self,
        info: Info,
        id: strawberry.ID,
        accepted_by: Annotated[str, strawberry.argument(description="Who signed for the customer.")],
        quote_version: Annotated[
            int | None, strawberry.argument(description="The version that was signed; absent: the last one.")
        ] = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(
            info,
            pb.AcceptQuoteRequest,
            quote_id=id,
            accepted_by=accepted_by,
            quote_version=quote_version,
            etag=etag,
            request_id=request_id,
        )

    @mutation(_QUOTE, rpc="VoidQuote", description="Draft, approved or sent to void.")
    async def void_quote(
        self, info: Info, id: strawberry.ID, note: str, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        return await send(info, pb.VoidQuoteRequest, quote_id=id, note=note, etag=etag, request_id=request_id)

    @mutation(_CONTRACT, rpc="CreateContractFromQuote", description="Drafts the contract of an accepted quote, once.")
    async def create_contract_from_quote(
        self, info: Info, quote_id: strawberry.ID, request_id: RequestId = None
    ) -> Any:
        return await send(info, pb.CreateContractFromQuoteRequest, quote_id=quote_id, request_id=request_id)


@strawberry.type
class OrderMutation:
    @mutation(_ORDER, rpc="CreateOrderFromQuote", description="Takes the order of an accepted quote, once.")
    async def create_order_from_quote(
        self, info: Info, quote_id: strawberry.ID, plan: _Plan = None, request_id: RequestId = None
    ) -> Any:
        return await send(
            info, pb.CreateOrderFromQuoteRequest, quote_id=quote_id, plan=_plan(plan), request_id=request_id
        )

    @mutation(_ORDER, rpc="PlanOrder", description="Plans the days of milestones to come.")
    async def plan_order(
        self,
        info: Info,
        id: strawberry.ID,
        plan: list[PlannedMilestoneInput],
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(info, pb.PlanOrderRequest, order_id=id, plan=_plan(plan), etag=etag, request_id=request_id)

    @mutation(_ORDER, rpc="StartOrderProduction", description="Planned to in production.")
    async def start_order_production(
        self,
        info: Info,
        id: strawberry.ID,
        actual_date: _ActualDate = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(
            info,
            pb.StartOrderProductionRequest,
            order_id=id,
            actual_date=actual_date,
            etag=etag,
            request_id=request_id,
        )

    @mutation(_ORDER, rpc="ShipOrder", description="In production to shipped.")
    async def ship_order(
        self,
        info: Info,
        id: strawberry.ID,
        carrier: str | None = None,
        tracking_number: str | None = None,
        actual_date: _ActualDate = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(
            info,
            pb.ShipOrderRequest,
            order_id=id,
            carrier=carrier,
            tracking_number=tracking_number,
            actual_date=actual_date,
            etag=etag,
            request_id=request_id,
        )

    @mutation(_ORDER, rpc="DeliverOrder", description="Shipped to delivered.")
    async def deliver_order(
        self,
        info: Info,
        id: strawberry.ID,
        serials: list[DeliveredSerialsInput] | None = None,
        actual_date: _ActualDate = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(
            info,
            pb.DeliverOrderRequest,
            order_id=id,
            serials=[packed(each, pb.DeliveredSerials) for each in serials or ()],
            actual_date=actual_date,
            etag=etag,
            request_id=request_id,
        )

    @mutation(_ORDER, rpc="AcceptOrder", description="Delivered to accepted; what is wrong opens a case.")
    async def accept_order(
        self,
        info: Info,
        id: strawberry.ID,
        accepted_by: str,
        issues: list[AcceptanceIssueInput] | None = None,
        actual_date: _ActualDate = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(
            info,
            pb.AcceptOrderRequest,
            order_id=id,
            accepted_by=accepted_by,
            issues=[packed(each, order_pb2.AcceptanceIssue) for each in issues or ()],
            actual_date=actual_date,
            etag=etag,
            request_id=request_id,
        )

    @mutation(_ORDER, rpc="CancelOrder", description="Planned or in production to cancelled.")
    async def cancel_order(
        self, info: Info, id: strawberry.ID, reason: str, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        return await send(info, pb.CancelOrderRequest, order_id=id, reason=reason, etag=etag, request_id=request_id)
