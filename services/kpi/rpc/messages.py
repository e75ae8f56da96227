"""Employees, figures and facts as messages, and requests as what the domain understands."""

from datetime import date

from membercare.kpi.v1 import employee_pb2, indicator_pb2
from membercare.kpi.v1 import kpi_service_pb2 as pb
from services.chassis.checks import line, month
from services.chassis.csv_rows import ImportMode, ImportReport, RowOutcome
from services.chassis.ids import check_id, optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp
from services.kpi.domain.employee import MOST_REF, MOST_WORDS, Employee
from services.kpi.domain.fact import Fact
from services.kpi.domain.indicator import Indicator, IndicatorValue, find_indicator
from services.kpi.ports import EmployeeFilter, FactFilter

MODES = EnumTable(ImportMode, pb.ImportMode)
MOST_ERRORS_LISTED = 1_000


def employee_to_pb(employee: Employee, today: date) -> employee_pb2.Employee:
    return employee_pb2.Employee(
        id=employee.id,
        external_ref=employee.external_ref,
        name=employee.name,
        position=employee.position,
        unit=employee.unit,
        subject=employee.subject,
        manager_id=employee.manager_on(today),
        etag=str(employee.version),
        create_time=to_timestamp(employee.create_time),
        update_time=to_timestamp(employee.update_time),
    )


def indicator_to_pb(indicator: Indicator) -> indicator_pb2.Indicator:
    return indicator_pb2.Indicator(
        key=indicator.key,
        name_en=indicator.name_en,
        name_zh=indicator.name_zh,
        formula_en=indicator.formula_en,
        formula_zh=indicator.formula_zh,
        unit=indicator.unit,
        minimum_sample=indicator.minimum_sample,
    )


def value_to_pb(value: IndicatorValue) -> indicator_pb2.IndicatorValue:
    low, high = value.interval or (None, None)
    return indicator_pb2.IndicatorValue(
        employee_id=value.employee_id,
        indicator=value.indicator.key,
        month=value.month,
        numerator=value.numerator,
        denominator=value.denominator,
        rate=value.rate,
        sufficient=value.sufficient,
        interval_low=low,
        interval_high=high,
    )


def fact_to_pb(fact: Fact) -> indicator_pb2.Fact:
    return indicator_pb2.Fact(
        id=fact.id,
        employee_id=fact.employee_id,
        indicator=fact.indicator,
        month=fact.month,
        numerator=fact.numerator,
        denominator=fact.denominator,
        evidence_id=fact.evidence_id,
        occurred_time=to_timestamp(fact.occurred_time),
    )


def report_to_pb(report: ImportReport) -> pb.ImportEmployeesResponse:
    return pb.ImportEmployeesResponse(
        rows=report.rows,
        created=report.outcomes.get(RowOutcome.CREATED, 0),
        updated=report.outcomes.get(RowOutcome.UPDATED, 0),
        unchanged=report.outcomes.get(RowOutcome.UNCHANGED, 0),
        errors=(
            pb.ImportRowError(line=error.line, column=error.column, code=error.code, message=error.message)
            for error in report.errors[:MOST_ERRORS_LISTED]
        ),
        failed=len(report.errors),
        stored=report.stored,
    )


def to_employee_filter(asked: pb.EmployeeFilter) -> EmployeeFilter:
    return EmployeeFilter(
        manager_id=optional_id(asked.manager_id, "emp", field="filter.manager_id"),
        unit=line(asked.unit, "filter.unit", most=MOST_WORDS),
        external_ref=line(asked.external_ref, "filter.external_ref", most=MOST_REF),
    )


def to_fact_filter(asked: pb.FactFilter) -> FactFilter:
    return FactFilter(
        employee_id=check_id(asked.employee_id, "emp", field="filter.employee_id"),
        indicator=find_indicator(asked.indicator).key if asked.indicator else "",
        month=month(asked.month, "filter.month") if asked.month else "",
    )
