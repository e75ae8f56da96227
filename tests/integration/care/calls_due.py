"""Calls that are due, and agents who ask for them."""

from datetime import date, timedelta
from typing import Any

from membercare.care.v1 import visits_service_pb2 as pb
from membercare.care.v1.visits_service_pb2_grpc import VisitsServiceStub
from services.care.app.visits import build_plan_call
from services.care.config import Settings
from services.care.domain.visits.call_task import CallTask
from services.care.domain.visits.kinds import VisitKind
from services.chassis.clock import SystemClock
from tests.integration.calling import Calling

LINDA, OMAR, PAUL = (f"emp_0000000000000000000000000{last}" for last in "123")
CUSTOMER = "cus_00000000000000000000000001"
NOWHERE = "vis_00000000000000000000000000"
ALWAYS = Settings(call_from="00:00", call_until="23:59", company_time_zone="UTC")
YESTERDAY = SystemClock().now().date() - timedelta(days=1)


def planned(count: int = 1, *, due: date = YESTERDAY, **fields: Any) -> list[str]:
    plan = build_plan_call(ALWAYS, SystemClock())
    common: dict[str, Any] = {"kind": VisitKind.AFTER_DELIVERY, "due": due, "customer_id": CUSTOMER} | fields
    return [plan(CallTask(key=("test", str(due), str(fields), str(number)), **common)) for number in range(count)]


def agent(calling: Calling, subject: str = "linda") -> VisitsServiceStub:
    return calling.as_subject(VisitsServiceStub, subject, "agent")


def next_of(calling: Calling, employee: str, *, subject: str) -> str:
    return agent(calling, subject).NextCall(pb.NextCallRequest(agent_id=employee)).visit.id
