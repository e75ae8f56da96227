"""Root fields that read employees, indicators and facts."""

from collections.abc import Sequence

import strawberry

from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page, page_of
from gateway.graphql.edges import EMPLOYEES
from gateway.graphql.kpi.types import Employee, Fact, Indicator
from gateway.graphql.loaders import load_one
from gateway.graphql.roots import Info, query
from gateway.graphql.scalars import Month
from gateway.graphql.sources import filtered
from membercare.kpi.v1 import employee_pb2, indicator_pb2
from membercare.kpi.v1 import kpi_service_pb2 as pb
from services.chassis.ids import check_id


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
    @query(Employee, rpc="BatchGetEmployees", description="One employee; null if there is none that you may see.")
    async def employee(self, info: Info, id: strawberry.ID) -> employee_pb2.Employee | None:
        found: employee_pb2.Employee | None = await load_one(info.context, EMPLOYEES, check_id(id, "emp", "id"))
        return found

    @query(Connection[Employee], rpc="ListEmployees", description="Employees in the order of their import.")
    async def employees(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: EmployeeFilter | None = None
    ) -> Page:
        request = pb.ListEmployeesRequest(filter=filtered(filter, pb.EmployeeFilter), page_size=first, page_token=after)
        reply = await info.context.call(info.context.clients.kpi.ListEmployees, request)
        return page_of(reply.employees, reply.next_page_token, after)

    @query(list[Indicator], rpc="ListIndicators", description="What is measured.")
    async def indicators(self, info: Info) -> Sequence[indicator_pb2.Indicator]:
        reply = await info.context.call(info.context.clients.kpi.ListIndicators, pb.ListIndicatorsRequest())
        return reply.indicators

    @query(Connection[Fact], rpc="ListFacts", description="The facts behind an employee's figures.")
    async def facts(self, info: Info, filter: FactFilter, first: First = DEFAULT_FIRST, after: After = None) -> Page:
        request = pb.ListFactsRequest(filter=filtered(filter, pb.FactFilter), page_size=first, page_token=after)
        reply = await info.context.call(info.context.clients.kpi.ListFacts, request)
        return page_of(reply.facts, reply.next_page_token, after)
