"""Files and events that name only what matters to a test."""

from typing import Any

from membercare.kpi.v1 import employee_pb2
from membercare.kpi.v1 import kpi_service_pb2 as pb
from membercare.kpi.v1.kpi_service_pb2_grpc import KpiServiceStub
from tests.integration.golden import heard

NOBODY = "emp_00000000000000000000000000"
HEADER = "external_ref,name,position,unit,subject,manager_ref,manager_since"


def file_of(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


def imported(stub: KpiServiceStub, content: bytes, **options: Any) -> dict[str, Any]:
    reply = stub.ImportEmployees(pb.ImportEmployeesRequest(content=content, **options), timeout=60)
    figures = {
        field: getattr(reply, field) for field in ("rows", "created", "updated", "unchanged", "failed", "stored")
    }
    return figures | {"errors": [(error.line, error.column, error.code) for error in reply.errors]}


def report(*, rows: int, stored: bool = True, **figures: Any) -> dict[str, Any]:
    nothing = {"created": 0, "updated": 0, "unchanged": 0, "failed": 0, "errors": []}
    return nothing | {"rows": rows, "stored": stored} | figures


def staff(stub: KpiServiceStub, **wanted: Any) -> dict[str, employee_pb2.Employee]:
    """Return the employees listed, by number, read in pages of two."""
    found: list[employee_pb2.Employee] = []
    token = ""
    while True:
        request = pb.ListEmployeesRequest(filter=pb.EmployeeFilter(**wanted), page_size=2, page_token=token)
        page = stub.ListEmployees(request)
        found += page.employees
        token = page.next_page_token
        if not token:
            assert [each.id for each in found] == sorted({each.id for each in found})
            return {each.external_ref: each for each in found}


def a_company(stub: KpiServiceStub) -> dict[str, employee_pb2.Employee]:
    """Chief above Anna and Otto, Anna above Bert, Bert above Carl; each signs in with the name in small letters."""
    imported(
        stub,
        file_of(
            "1,Chief,CEO,All,chief,,",
            "2,Anna,Head,Care,anna,1,",
            "3,Bert,Lead,Care,bert,2,",
            "4,Carl,Agent,Care,carl,3,",
            "5,Otto,Head,Sales,otto,1,",
        ),
    )
    return {each.name: each for each in staff(stub).values()}


def case_closed(number: int = 1, **data: Any) -> dict[str, Any]:
    """What feedback says of a case that was closed on time on 5 May 2026; each number is another event and case."""
    mine = {"case_id": f"cas_{number:026d}"} | data
    return heard("feedback.case_closed", **mine) | {"id": f"evt_{number:026d}"}
