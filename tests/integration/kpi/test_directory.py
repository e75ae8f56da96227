from typing import Any

import pytest

from membercare.kpi.v1 import kpi_service_pb2 as pb
from membercare.kpi.v1.kpi_service_pb2_grpc import KpiServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.kpi.builders import NOBODY, a_company, file_of, imported, staff

CASE = "cas_00000000000000000000000000"


def line_of(stub: KpiServiceStub, employee_id: str, *, as_of: str = "") -> list[str]:
    reply = stub.GetReportingLine(pb.GetReportingLineRequest(employee_id=employee_id, as_of=as_of))
    assert reply.line.employee_id == employee_id
    return [manager.name for manager in reply.line.managers]


def test_an_employee_is_read_alone_in_a_batch_and_in_lists(hr: KpiServiceStub) -> None:
    people = a_company(hr)
    anna = people["Anna"]
    assert hr.GetEmployee(pb.GetEmployeeRequest(employee_id=anna.id)).employee == anna
    batch = pb.BatchGetEmployeesRequest(employee_ids=[anna.id, NOBODY, people["Otto"].id])
    assert {each.name for each in hr.BatchGetEmployees(batch).employees} == {"Anna", "Otto"}
    assert list(staff(hr, unit="Care")) == [each for each in staff(hr) if each in {"2", "3", "4"}]
    assert list(staff(hr, external_ref="5")) == ["5"]
    assert sorted(staff(hr, manager_id=people["Chief"].id)) == ["2", "5"]
    assert staff(hr, unit="Nowhere") == {}


def test_unknown_and_foreign_ids_are_refused(hr: KpiServiceStub) -> None:
    unknown = refused(hr.GetEmployee, pb.GetEmployeeRequest(employee_id=NOBODY))
    assert (unknown.kind, unknown.reason) == (Kind.NOT_FOUND, "EMPLOYEE_NOT_FOUND")
    for request, field in (
        (pb.GetEmployeeRequest(employee_id=CASE), "employee_id"),
        (pb.GetEmployeeRequest(), "employee_id"),
    ):
        refusal = refused(hr.GetEmployee, request)
        assert (refusal.reason, refusal.field) == ("INVALID_ID", field)
    assert refused(hr.BatchGetEmployees, pb.BatchGetEmployeesRequest()).field == "employee_ids"
    too_many = pb.BatchGetEmployeesRequest(employee_ids=[f"emp_{number:026d}" for number in range(501)])
    assert refused(hr.BatchGetEmployees, too_many).field == "employee_ids"
    assert refused(hr.ListEmployees, pb.ListEmployeesRequest(page_token="1")).field == "page_token"
    wrong_filter = pb.ListEmployeesRequest(filter=pb.EmployeeFilter(manager_id="anna"))
    assert refused(hr.ListEmployees, wrong_filter).field == "filter.manager_id"


def test_who_was_her_manager_on_3_march(hr: KpiServiceStub) -> None:
    people = a_company(hr)
    imported(hr, file_of("4,Carl,Agent,Care,carl,5,2026-03-04"))
    carl = people["Carl"].id
    assert line_of(hr, carl, as_of="2026-03-03") == ["Bert", "Anna", "Chief"]
    assert line_of(hr, carl, as_of="2026-03-04") == ["Otto", "Chief"]
    assert line_of(hr, carl) == ["Otto", "Chief"]
    assert line_of(hr, people["Chief"].id) == []


@pytest.mark.parametrize("as_of", ["3 March", "2026-02-30", "2026-3-3", "2026-03"])
def test_a_day_that_does_not_exist_is_refused(hr: KpiServiceStub, as_of: str) -> None:
    request = pb.GetReportingLineRequest(employee_id=NOBODY, as_of=as_of)
    refusal = refused(hr.GetReportingLine, request)
    assert (refusal.reason, refusal.field) == ("INVALID_FIELD", "as_of")


def test_the_line_of_nobody_is_not_found(hr: KpiServiceStub) -> None:
    assert refused(hr.GetReportingLine, pb.GetReportingLineRequest(employee_id=NOBODY)).reason == "EMPLOYEE_NOT_FOUND"


def test_all_staff_see_the_directory_and_nobody_sees_how_others_sign_in(calling: Calling, hr: KpiServiceStub) -> None:
    people = a_company(hr)
    carl = calling.as_subject(KpiServiceStub, "carl", "employee")
    seen = {each.name: each for each in staff(carl).values()}
    assert {name: each.subject for name, each in seen.items()} == {
        "Chief": "", "Anna": "", "Bert": "", "Carl": "carl", "Otto": "",
    }  # fmt: skip
    assert (seen["Anna"].unit, seen["Anna"].position, seen["Anna"].manager_id) == ("Care", "Head", people["Chief"].id)
    assert line_of(carl, people["Otto"].id) == ["Chief"]
    batch = carl.BatchGetEmployees(pb.BatchGetEmployeesRequest(employee_ids=[people["Anna"].id])).employees
    assert [each.subject for each in batch] == [""]
    line = carl.GetReportingLine(pb.GetReportingLineRequest(employee_id=people["Carl"].id)).line
    assert [each.subject for each in line.managers] == ["", "", ""]


@pytest.mark.parametrize(
    ("subject", "roles", "may"),
    [
        ("carl", ["employee"], {"Carl"}),
        ("anna", ["manager"], {"Anna", "Bert", "Carl"}),
        ("anna", ["agent"], set()),
        ("stranger", ["manager", "employee"], set()),
        ("stranger", ["auditor"], {"Chief", "Anna", "Bert", "Carl", "Otto"}),
    ],
)
def test_the_line_of_another_day_is_seen_by_those_who_see_the_figures(
    calling: Calling, hr: KpiServiceStub, subject: str, roles: list[str], may: set[str]
) -> None:
    people = a_company(hr)
    stub: Any = calling.as_subject(KpiServiceStub, subject, *roles)
    for name, employee in people.items():
        request = pb.GetReportingLineRequest(employee_id=employee.id, as_of="2020-01-01")
        if name in may:
            stub.GetReportingLine(request)
        else:
            assert refused(stub.GetReportingLine, request).kind is Kind.FORBIDDEN, name
