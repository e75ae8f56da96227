"""Root fields that read recurring revenue, monthly statistics and customers' value."""

from collections.abc import Mapping, Sequence

import strawberry

from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page
from gateway.graphql.contracts.customers.enums import CustomerStage, CustomerTier
from gateway.graphql.contracts.figures.loaders import CUSTOMER_VALUES
from gateway.graphql.contracts.figures.types import (
    MonthlyStatistics,
    MonthlyStatisticsFile,
    RecurringRevenue,
    RevenueInterval,
)
from gateway.graphql.contracts.figures.value_types import CustomerValue, ValueModel, ValuePolicy
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, listed, one, query
from gateway.graphql.scalars import Date, DateTime, Month
from membercare.contracts.v1 import customer_value_pb2, figures_pb2
from membercare.contracts.v1 import figures_service_pb2 as pb

NODES: Mapping[str, Loader] = {}
"""By the prefix of an id: what `node(id)` finds here. A value has its customer's id, which finds the customer."""


@strawberry.input(description="What a listed value must match; absent fields match all.")
class CustomerValueFilter:
    tier: CustomerTier | None = None
    stage: CustomerStage | None = None
    risk_from: int | None = strawberry.field(default=None, description="Only risks from here on.")
    owner_id: strawberry.ID | None = strawberry.field(default=None, description="Only customers whom they own.")


@strawberry.type
class FiguresQuery:
    @query(
        list[RecurringRevenue],
        rpc="ReportRecurringRevenue",
        description="Recurring revenue by day or month, one for each currency. `knownAt` leaves out what was recorded "
        "later. Sales ask with their own employee id.",
    )
    async def recurring_revenue(
        self,
        info: Info,
        start_date: Date,
        end_date: Date,
        interval: RevenueInterval = RevenueInterval.MONTH,
        owner_id: strawberry.ID | None = None,
        known_at: DateTime | None = None,
    ) -> Sequence[figures_pb2.RecurringRevenue]:
        request = pb.ReportRecurringRevenueRequest(
            start_date=start_date,
            end_date=end_date,
            interval=pb.RevenueInterval.ValueType(interval),
            owner_id=owner_id or "",
            known_at=known_at,
        )
        reply = await info.context.call(info.context.clients.contracts.ReportRecurringRevenue, request)
        return reply.revenue

    @query(
        MonthlyStatistics,
        rpc="ReportMonth",
        description="Contracts signed, renewed and lost, warranties, chargeable services and recurring revenue of a "
        "month, by owner. Sales ask with their own employee id.",
    )
    async def monthly_statistics(
        self, info: Info, month: Month, owner_id: strawberry.ID | None = None, known_at: DateTime | None = None
    ) -> figures_pb2.MonthlyStatistics:
        request = pb.ReportMonthRequest(month=month, owner_id=owner_id or "", known_at=known_at)
        reply = await info.context.call(info.context.clients.contracts.ReportMonth, request)
        return reply.statistics

    @query(
        MonthlyStatisticsFile,
        rpc="ExportMonth",
        description="The same numbers as a workbook; the same bytes for the same month, owner and `knownAt`.",
    )
    async def monthly_statistics_file(
        self, info: Info, month: Month, owner_id: strawberry.ID | None = None, known_at: DateTime | None = None
    ) -> pb.ExportMonthResponse:
        request = pb.ExportMonthRequest(month=month, owner_id=owner_id or "", known_at=known_at)
        return await info.context.call(info.context.clients.contracts.ExportMonth, request)

    customer_value = one(
        CustomerValue,
        CUSTOMER_VALUES,
        prefix="cus",
        description="What a customer is worth, by the customer's id. Sales see the customers they own.",
    )

    @query(
        Connection[CustomerValue],
        rpc="ListCustomerValues",
        description="What customers are worth, in the order of their ids. Sales ask with their own employee id.",
    )
    async def customer_values(
        self,
        info: Info,
        filter: CustomerValueFilter | None = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Page:
        return await listed(info.context, pb.ListCustomerValuesRequest, first=first, after=after, filter=filter)

    @query(ValuePolicy, rpc="GetValuePolicy", description="By what rules customers' value is computed.")
    async def value_policy(self, info: Info) -> customer_value_pb2.ValuePolicy:
        reply = await info.context.call(info.context.clients.contracts.GetValuePolicy, pb.GetValuePolicyRequest())
        return reply.policy

    @query(ValueModel, rpc="GetValueModel", description="What the last fit over all customers found.")
    async def value_model(self, info: Info) -> customer_value_pb2.ValueModel:
        reply = await info.context.call(info.context.clients.contracts.GetValueModel, pb.GetValueModelRequest())
        return reply.model
