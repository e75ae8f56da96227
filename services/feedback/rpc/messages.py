"""Cases as messages, and requests as what the domain understands."""

from membercare.feedback.v1 import case_pb2
from membercare.feedback.v1 import feedback_service_pb2 as pb
from services.chassis.ids import optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp
from services.feedback.domain.case import Case, CaseDetails, CaseState
from services.feedback.domain.deadline import CaseSeverity
from services.feedback.domain.kinds import CaseKind, CaseSource
from services.feedback.ports import CaseFilter

KINDS = EnumTable(CaseKind, case_pb2.CaseKind)
SEVERITIES = EnumTable(CaseSeverity, case_pb2.CaseSeverity)
STATES = EnumTable(CaseState, case_pb2.CaseState)
SOURCES = EnumTable(CaseSource, case_pb2.CaseSource)


def case_to_pb(case: Case) -> case_pb2.Case:
    return case_pb2.Case(
        id=case.id,
        number=case.number,
        kind=KINDS.number(case.kind),
        severity=SEVERITIES.number(case.severity),
        title=case.title,
        description=case.description,
        state=STATES.number(case.state),
        source=SOURCES.number(case.source),
        source_id=case.source_id,
        customer_id=case.customer_id,
        member_id=case.member_id,
        contract_id=case.contract_id,
        assignee_id=case.assignee_id,
        due_time=to_timestamp(case.due_time),
        opened_time=to_timestamp(case.opened_time),
        assigned_time=to_timestamp(case.assigned_time),
        closed_time=to_timestamp(case.closed_time),
        resolution=case.resolution,
        closed_on_time=case.closed_on_time,
        etag=str(case.version),
    )


def to_details(request: pb.OpenCaseRequest) -> CaseDetails:
    return CaseDetails(
        kind=KINDS.member(request.kind, "kind"),
        severity=SEVERITIES.member(request.severity, "severity") or CaseSeverity.NORMAL,
        title=request.title,
        description=request.description,
        customer_id=request.customer_id,
        member_id=request.member_id,
        contract_id=request.contract_id,
    )


def to_case_filter(asked: pb.CaseFilter) -> CaseFilter:
    return CaseFilter(
        state=STATES.member(asked.state, "filter.state"),
        kind=KINDS.member(asked.kind, "filter.kind"),
        assignee_id=optional_id(asked.assignee_id, "emp", field="filter.assignee_id"),
        customer_id=optional_id(asked.customer_id, "cus", field="filter.customer_id"),
        member_id=optional_id(asked.member_id, "mem", field="filter.member_id"),
        source=SOURCES.member(asked.source, "filter.source"),
    )
