from typing import Any

import pytest

from membercare.feedback.v1 import case_pb2
from membercare.feedback.v1 import feedback_service_pb2 as pb
from membercare.feedback.v1.feedback_service_pb2_grpc import FeedbackServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.feedback.builders import (
    ANNA,
    BEN,
    CUSTOMER,
    MEMBER,
    NO_CASE,
    OTHER_CUSTOMER,
    OTHER_MEMBER,
    a_closed,
    an_assigned,
    an_open,
)


@pytest.fixture
def ops(calling: Calling) -> FeedbackServiceStub:
    return calling.as_role(FeedbackServiceStub, "ops")


def listed(stub: FeedbackServiceStub, **wanted: Any) -> list[str]:
    found = stub.ListCases(pb.ListCasesRequest(filter=pb.CaseFilter(**wanted))).cases
    return sorted(case.id for case in found)


def test_every_filter_selects_what_it_says_and_together_they_narrow(ops: FeedbackServiceStub) -> None:
    inquiry = case_pb2.CASE_KIND_INQUIRY
    opened = an_open(ops, kind=inquiry, customer_id=CUSTOMER).id
    assigned = an_assigned(ops, ANNA, member_id=MEMBER).id
    closed = a_closed(ops, assignee_id=BEN, customer_id=CUSTOMER).id
    assert listed(ops) == sorted([opened, assigned, closed])
    assert listed(ops, state=case_pb2.CASE_STATE_OPEN) == [opened]
    assert listed(ops, state=case_pb2.CASE_STATE_CLOSED) == [closed]
    assert listed(ops, kind=inquiry) == [opened]
    assert listed(ops, assignee_id=ANNA) == [assigned]
    assert listed(ops, customer_id=CUSTOMER) == sorted([opened, closed])
    assert listed(ops, member_id=MEMBER) == [assigned]
    assert listed(ops, source=case_pb2.CASE_SOURCE_VISIT) == []
    assert listed(ops, source=case_pb2.CASE_SOURCE_STAFF, customer_id=CUSTOMER, kind=inquiry) == [opened]


@pytest.mark.parametrize(
    ("wanted", "reason", "at_fault"),
    [
        ({"filter": {"state": 99}}, "INVALID_FIELD", "filter.state"),
        ({"filter": {"kind": 99}}, "INVALID_FIELD", "filter.kind"),
        ({"filter": {"source": 99}}, "INVALID_FIELD", "filter.source"),
        ({"filter": {"assignee_id": CUSTOMER}}, "INVALID_ID", "filter.assignee_id"),
        ({"filter": {"customer_id": MEMBER}}, "INVALID_ID", "filter.customer_id"),
        ({"filter": {"member_id": "17"}}, "INVALID_ID", "filter.member_id"),
        ({"page_size": -1}, "INVALID_FIELD", "page_size"),
        ({"page_token": CUSTOMER}, "INVALID_ID", "page_token"),
    ],
)
def test_a_wrong_list_is_refused_with_the_fields_name(
    ops: FeedbackServiceStub, wanted: dict[str, Any], reason: str, at_fault: str
) -> None:
    refusal = refused(ops.ListCases, pb.ListCasesRequest(**wanted))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, reason, at_fault)


def test_pages_are_complete_and_without_repeats_while_cases_are_opened(ops: FeedbackServiceStub) -> None:
    before = {an_open(ops).id for _ in range(9)}
    seen: list[str] = []
    request = pb.ListCasesRequest(page_size=4)
    for _ in range(20):
        page = ops.ListCases(request)
        seen.extend(case.id for case in page.cases)
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
        an_open(ops)
    assert seen == sorted(set(seen))
    assert before <= set(seen)


def test_a_batch_returns_each_case_once_and_leaves_unknown_ids_out(ops: FeedbackServiceStub) -> None:
    one, two = an_open(ops).id, an_open(ops).id
    found = ops.BatchGetCases(pb.BatchGetCasesRequest(case_ids=[two, NO_CASE, one, two])).cases
    assert sorted(case.id for case in found) == sorted([one, two])


@pytest.mark.parametrize(
    ("ids", "reason"), [([], "INVALID_FIELD"), ([NO_CASE] * 501, "INVALID_FIELD"), ([CUSTOMER], "INVALID_ID")]
)
def test_a_batch_of_none_of_too_many_or_of_another_type_is_refused(
    ops: FeedbackServiceStub, ids: list[str], reason: str
) -> None:
    refusal = refused(ops.BatchGetCases, pb.BatchGetCasesRequest(case_ids=ids))
    assert (refusal.reason, refusal.field) == (reason, "case_ids")


def test_the_cases_of_many_members_come_at_once_newest_first_and_limited_for_each(ops: FeedbackServiceStub) -> None:
    many = sorted((an_open(ops, member_id=MEMBER).id for _ in range(3)), reverse=True)
    one = an_open(ops, member_id=OTHER_MEMBER).id
    nobody = "mem_00000000000000000000000009"
    request = pb.BatchListCasesByMemberRequest(member_ids=[nobody, OTHER_MEMBER, MEMBER], limit_per_member=2)
    found = ops.BatchListCasesByMember(request).results
    assert {each.member_id: [case.id for case in each.cases] for each in found} == {
        MEMBER: many[:2],
        OTHER_MEMBER: [one],
    }


def test_the_cases_of_many_customers_come_at_once(ops: FeedbackServiceStub) -> None:
    one, two = an_open(ops, customer_id=CUSTOMER).id, an_open(ops, customer_id=OTHER_CUSTOMER).id
    request = pb.BatchListCasesByCustomerRequest(customer_ids=[CUSTOMER, OTHER_CUSTOMER])
    found = ops.BatchListCasesByCustomer(request).results
    assert {each.customer_id: [case.id for case in each.cases] for each in found} == {
        CUSTOMER: [one],
        OTHER_CUSTOMER: [two],
    }


def test_the_cases_of_many_employees_come_at_once(ops: FeedbackServiceStub) -> None:
    an_open(ops)
    one, two = an_assigned(ops, ANNA).id, an_assigned(ops, BEN).id
    request = pb.BatchListCasesByEmployeeRequest(employee_ids=[BEN, ANNA])
    found = ops.BatchListCasesByEmployee(request).results
    assert {each.employee_id: [case.id for case in each.cases] for each in found} == {ANNA: [one], BEN: [two]}


def test_a_wrong_batch_of_owners_is_refused_with_the_fields_name(ops: FeedbackServiceStub) -> None:
    members = pb.BatchListCasesByMemberRequest(member_ids=[MEMBER], limit_per_member=-1)
    refusals = [
        refused(ops.BatchListCasesByMember, pb.BatchListCasesByMemberRequest()),
        refused(ops.BatchListCasesByMember, members),
        refused(ops.BatchListCasesByCustomer, pb.BatchListCasesByCustomerRequest(customer_ids=[MEMBER])),
        refused(ops.BatchListCasesByEmployee, pb.BatchListCasesByEmployeeRequest(employee_ids=[ANNA] * 501)),
    ]
    assert [(refusal.kind, refusal.field) for refusal in refusals] == [
        (Kind.INVALID, "member_ids"),
        (Kind.INVALID, "limit_per_member"),
        (Kind.INVALID, "customer_ids"),
        (Kind.INVALID, "employee_ids"),
    ]
