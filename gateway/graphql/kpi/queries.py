"""Root fields that read employees, indicators and facts."""

from collections.abc import Sequence

import strawberry

from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page
from gateway.graphql.edges import EMPLOYEES
from gateway.graphql.kpi.types import Employee, Fact, Indicator
from gateway.graphql.roots import Info, listed, one, query
from gateway.graphql.scalars import Month
from membercare.kpi.v1 import indicator_pb2
from membercare.kpi.v1 import kpi_service_pb2 as pb


@strawberry.input(description="What a listed employee must match; absent fields match all.")
class EmployeeFilter:
    manager_id: strawberry.ID | None = strawberry.field(default=None, description="Reports to this employee today.")
    unit: str | None = None
    external_ref: str | None = None


@strawberry.input(description="What a listed fact must match.")
class FactFilter:
    employee_id: strawberry.ID
    indicator: str | None = None
    month: Month | None = None


@strawberry.type
class KpiQuery:
    employee = one(
        Employee, EMPLOYEES, prefix="emp", description="One employee; null if there is none that you may see."
    )

    @query(Connection[Employee], rpc="ListEmployees", description="Employees in the order of their import.")
    async def employees(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: EmployeeFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListEmployeesRequest, first=first, after=after, filter=filter)

    @query(list[Indicator], rpc="ListIndicators", description="What is measured.")
    async def indicators(self, info: Info) -> Sequence[indicator_pb2.Indicator]:
        reply = await info.context.call(info.context.clients.kpi.ListIndicators, pb.ListIndicatorsRequest())
        return reply.indicators

    @query(Connection[Fact], rpc="ListFacts", description="The facts behind an employee's figures.")
    async def facts(self, info: Info, filter: FactFilter, first: First = DEFAULT_FIRST, after: After = None) -> Page:
        return await listed(info.context, pb.ListFactsRequest, first=first, after=after, filter=filter)
