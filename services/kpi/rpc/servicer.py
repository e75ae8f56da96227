"""The methods of KpiService: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.kpi.v1 import employee_pb2
from membercare.kpi.v1 import kpi_service_pb2 as pb
from membercare.kpi.v1.kpi_service_pb2_grpc import KpiServiceServicer
from services.chassis.checks import batch, civil_date, line, month, page_size
from services.chassis.csv_rows import ImportMode, checked_offset
from services.chassis.identity import current_caller
from services.chassis.ids import check_id, optional_id
from services.kpi.domain.employee import Employee
from services.kpi.domain.indicator import INDICATORS
from services.kpi.domain.visibility import visible_to
from services.kpi.ports import Employees
from services.kpi.rpc.messages import (
    MODES,
    employee_to_pb,
    fact_to_pb,
    indicator_to_pb,
    report_to_pb,
    to_employee_filter,
    to_fact_filter,
    value_to_pb,
)
from services.kpi.usecases.import_employees import ImportEmployees
from services.kpi.usecases.see_figures import CompanyDay, SeeFacts, SeeValues
from services.kpi.usecases.see_line import SeeReportingLine

FULL_NAME = pb.DESCRIPTOR.services_by_name["KpiService"].full_name
_MOST_EVENT_ID = 100


@dataclass(frozen=True, kw_only=True)
class KpiServicer(KpiServiceServicer):
    """The directory is read from the store; figures, facts and lines through use cases that know who may see them."""

    employees: Employees
    import_employees: ImportEmployees
    see_line: SeeReportingLine
    see_values: SeeValues
    see_facts: SeeFacts
    today: CompanyDay

    def ImportEmployees(
        self, request: pb.ImportEmployeesRequest, context: grpc.ServicerContext
    ) -> pb.ImportEmployeesResponse:
        report = self.import_employees(
            request.content,
            dry_run=request.dry_run,
            mode=MODES.member(request.mode, "mode") or ImportMode.GOOD_ROWS,
            line_offset=checked_offset(request.line_offset),
        )
        return report_to_pb(report)

    def GetEmployee(self, request: pb.GetEmployeeRequest, context: grpc.ServicerContext) -> pb.GetEmployeeResponse:
        employee = self.employees.get(check_id(request.employee_id, "emp", field="employee_id"))
        return pb.GetEmployeeResponse(employee=self._entry(employee))

    def BatchGetEmployees(
        self, request: pb.BatchGetEmployeesRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetEmployeesResponse:
        found = self.employees.batch_get(batch(request.employee_ids, "employee_ids", prefix="emp"))
        return pb.BatchGetEmployeesResponse(employees=map(self._entry, found))

    def ListEmployees(
        self, request: pb.ListEmployeesRequest, context: grpc.ServicerContext
    ) -> pb.ListEmployeesResponse:
        page = self.employees.page(
            to_employee_filter(request.filter),
            today=self.today(),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "emp", field="page_token"),
        )
        return pb.ListEmployeesResponse(employees=map(self._entry, page.items), next_page_token=page.next_token)

    def GetReportingLine(
        self, request: pb.GetReportingLineRequest, context: grpc.ServicerContext
    ) -> pb.GetReportingLineResponse:
        employee_id = check_id(request.employee_id, "emp", field="employee_id")
        as_of = civil_date(request.as_of, "as_of") if request.as_of else None
        managers = self.see_line(current_caller(), employee_id, as_of)
        line_of_managers = employee_pb2.ReportingLine(employee_id=employee_id, managers=map(self._entry, managers))
        return pb.GetReportingLineResponse(line=line_of_managers)

    def ListIndicators(
        self, request: pb.ListIndicatorsRequest, context: grpc.ServicerContext
    ) -> pb.ListIndicatorsResponse:
        return pb.ListIndicatorsResponse(indicators=map(indicator_to_pb, INDICATORS.values()))

    def BatchGetIndicatorValues(
        self, request: pb.BatchGetIndicatorValuesRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetIndicatorValuesResponse:
        values = self.see_values(
            current_caller(),
            batch(request.employee_ids, "employee_ids", prefix="emp"),
            indicator=request.indicator,
            month=month(request.month, "month"),
        )
        return pb.BatchGetIndicatorValuesResponse(values=map(value_to_pb, values))

    def ListFacts(self, request: pb.ListFactsRequest, context: grpc.ServicerContext) -> pb.ListFactsResponse:
        page = self.see_facts(
            current_caller(),
            to_fact_filter(request.filter),
            size=page_size(request.page_size),
            after=line(request.page_token, "page_token", most=_MOST_EVENT_ID),
        )
        return pb.ListFactsResponse(facts=map(fact_to_pb, page.items), next_page_token=page.next_token)

    def _entry(self, employee: Employee) -> employee_pb2.Employee:
        return employee_to_pb(visible_to(current_caller(), employee), self.today())
