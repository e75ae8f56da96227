"""Employees, indicators and facts as types of the schema."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.edges import (
    AS_OF,
    CASES_BY_EMPLOYEE,
    EMPLOYEES,
    FIRST,
    INDICATOR_AND_MONTH,
    INDICATOR_VALUES,
    REPORTING_LINE,
)
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import DateTime, Month
from gateway.graphql.sources import message
from membercare.kpi.v1 import employee_pb2, indicator_pb2

if TYPE_CHECKING:
    from gateway.graphql.feedback.types import Case


@message(indicator_pb2.Indicator, description="What is measured.")
class Indicator:
    key: str = strawberry.field(description="Stable key, for example `cases_closed_on_time`.")
    name_en: str
    name_zh: str
    formula_en: str = strawberry.field(description="The formula in words, in English.")
    formula_zh: str = strawberry.field(description="The formula in words, in Simplified Chinese.")
    unit: str = strawberry.field(description="`ratio`.")
    minimum_sample: int = strawberry.field(description="Below this sample size a value is not judged.")


@message(indicator_pb2.IndicatorValue, description="An indicator for one employee and month.")
class IndicatorValue:
    employee_id: strawberry.ID
    indicator: str
    month: Month
    numerator: int
    denominator: int = strawberry.field(description="The sample size n.")
    rate: float | None = strawberry.field(description="numerator / denominator; null: no facts.")
    sufficient: bool = strawberry.field(description="If false the sample is too small and the rate must not be judged.")
    interval_low: float | None = strawberry.field(description="Lower end of the 95 % Wilson interval.")
    interval_high: float | None = strawberry.field(description="Upper end of the 95 % Wilson interval.")


@message(employee_pb2.ReportingLine, description="Whom somebody reported to on a day.")
class ReportingLine:
    employee_id: strawberry.ID
    managers: list["Employee"] = strawberry.field(description="The direct manager first.")


@message(employee_pb2.Employee, description="One of our own staff.")
class Employee(Node):
    external_ref: str = strawberry.field(description="The number of the employee in the company's own system.")
    name: str
    position: str | None
    unit: str | None = strawberry.field(description="Department or team.")
    subject: str | None = strawberry.field(description="Subject in the sign-in token; null: cannot sign in as staff.")
    manager_id: strawberry.ID | None = strawberry.field(description="The manager as of today.")
    etag: str
    create_time: DateTime
    update_time: DateTime
    manager: "Employee | None" = joined(EMPLOYEES, key="manager_id", description="The manager as of today.")
    cases: list[Annotated["Case", strawberry.lazy("gateway.graphql.feedback.types")]] | None = joined(
        CASES_BY_EMPLOYEE, key="id", arguments=FIRST, description="Cases the employee works or worked on, newest first."
    )
    indicator: IndicatorValue | None = joined(
        INDICATOR_VALUES,
        key="id",
        arguments=INDICATOR_AND_MONTH,
        description="An indicator for one month; null if the caller may not see it.",
    )
    reporting_line: ReportingLine | None = joined(
        REPORTING_LINE,
        key="id",
        arguments=AS_OF,
        description="Whom the employee reported to on a day. Only below a single employee.",
    )


@message(indicator_pb2.Fact, description="One thing that counts for an employee, with its evidence.")
class Fact:
    id: strawberry.ID = strawberry.field(description="The id of the event that brought it.")
    employee_id: strawberry.ID
    indicator: str
    month: Month = strawberry.field(description="The month it counts for, in the company's time zone.")
    numerator: int
    denominator: int
    evidence_id: strawberry.ID | None = strawberry.field(description="What proves it: pass it to `node(id:)`.")
    occurred_time: DateTime | None
    employee: Employee | None = joined(EMPLOYEES, key="employee_id", description="For whom it counts.")
