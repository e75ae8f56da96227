import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from membercare.kpi.v1 import kpi_service_pb2 as pb
from membercare.kpi.v1.kpi_service_pb2_grpc import KpiServiceStub
from services.chassis.errors import Kind
from services.kpi.rpc.access import ACCESS
from tests.integration.calling import Calling, refused
from tests.integration.kpi.builders import file_of

ROLES = (
    *("ops", "approver", "agent", "technician", "legal", "sales"),
    *("manager", "hr", "employee", "auditor", "admin", "respondent"),
)
METHODS = [method.name for method in pb.DESCRIPTOR.services_by_name["KpiService"].methods]
ROOT = Path(__file__).parents[3]


def empty_request(method: str) -> Any:
    return getattr(pb, f"{method}Request")()


def test_every_method_says_who_may_call_it_and_nothing_else_is_in_the_table() -> None:
    assert sorted(ACCESS) == sorted(METHODS)
    assert all(roles and roles <= set(ROLES) for roles in ACCESS.values())


@pytest.mark.parametrize("method", METHODS)
def test_a_role_that_is_not_in_the_table_is_refused(calling: Calling, method: str) -> None:
    for role in sorted(set(ROLES) - ACCESS[method]):
        refusal = refused(getattr(calling.as_role(KpiServiceStub, role), method), empty_request(method))
        assert (refusal.kind, refusal.reason) == (Kind.FORBIDDEN, "FORBIDDEN"), role


@pytest.mark.parametrize("method", METHODS)
def test_a_role_of_the_table_is_let_through(calling: Calling, method: str) -> None:
    for role in sorted(ACCESS[method]):
        stub = calling.as_role(KpiServiceStub, role)
        if method in {"ListEmployees", "ListIndicators"}:
            getattr(stub, method)(empty_request(method))
        else:
            assert refused(getattr(stub, method), empty_request(method)).kind is Kind.INVALID, role


def test_a_refused_role_imports_nothing(calling: Calling, database: Database[dict[str, Any]]) -> None:
    manager = calling.as_role(KpiServiceStub, "manager")
    request = pb.ImportEmployeesRequest(content=file_of("1,Anna,,,,,"))
    assert refused(manager.ImportEmployees, request).kind is Kind.FORBIDDEN
    assert database["employees"].count_documents({}) == 0


def test_what_a_consumer_process_imports_holds_no_grpc() -> None:
    program = (
        "import sys; from services.kpi import __main__, app; from services.kpi.config import Settings;"
        "assert not {'pymongo', 'mongoengine', 'grpc'} & set(sys.modules), 'too early';"
        "app.build_consumers(Settings()); assert 'grpc' not in sys.modules"
    )
    environment = {"PYTHONPATH": "protos/gen", "PATH": "/usr/bin:/bin"}
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
