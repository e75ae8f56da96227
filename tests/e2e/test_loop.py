"""The loop of the product, through GraphQL alone: contract, visit, case, fact, and back by one query."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from deploy.local.suite import Suite
from tests.e2e.graphql import GraphQL
from tests.e2e.patient import until

pytestmark = pytest.mark.timeout(400)  # the first test here starts a suite, which has deadlines of its own

CREATE_CUSTOMER = """mutation($i: CustomerInput!) {
  createCustomer(input: $i) { ... on CustomerPayload { customer { id } } ...Refused }
}"""
CREATE_MEMBER = """mutation($i: MemberInput!) {
  createMember(input: $i) { ... on MemberPayload { member { id } } ...Refused }
}"""
CREATE_CONTRACT = """mutation($i: ContractInput!) {
  createContract(input: $i) { ... on ContractPayload { contract { id } } ...Refused }
}"""
SUBMIT = """mutation($id: ID!) {
  submitContract(id: $id) { ... on ContractPayload { contract { state } } ...Refused }
}"""
APPROVE = """mutation($id: ID!) {
  approveContract(id: $id) { ... on ContractPayload { contract { state } } ...Refused }
}"""
SIGN = """mutation($id: ID!) {
  signContract(id: $id) { ... on ContractPayload { contract { state } } ...Refused }
}"""
ACTIVATE = """mutation($id: ID!) {
  activateContract(id: $id) { ... on ContractPayload { contract { state } } ...Refused }
}"""
AMEND = """mutation($id: ID!, $i: AmendmentInput!) {
  amendContract(id: $id, input: $i) {
    ... on ContractPayload { contract { versions { recordedTime price { amount } } } } ...Refused
  }
}"""
HELD = """query($id: ID!, $day: Date, $at: DateTime) {
  contract(id: $id, asOf: $day, knownAt: $at) { state price { amount } }
}"""
IMPORT_EMPLOYEES = """mutation($csv: String!) {
  importEmployees(csv: $csv) { ... on ImportEmployeesPayload { created } ...Refused }
}"""
EMPLOYEE = "query($ref: String!) { employees(filter: {externalRef: $ref}) { nodes { id } } }"
VISITS = "query($id: ID!) { member(id: $id) { visits { id state dueDate contract { id } } } }"
COMPLETE = """mutation($id: ID!) {
  completeVisit(id: $id, outcome: DISSATISFIED, satisfaction: 1, words: "还是漏水") {
    ... on VisitPayload { visit { state } } ...Refused
  }
}"""
CASES = "query($id: ID!) { member(id: $id) { cases { id state kind description source } } }"
ASSIGN = """mutation($id: ID!, $to: ID!) {
  assignCase(id: $id, assigneeId: $to) { ... on CasePayload { case { state } } ...Refused }
}"""
CLOSE = """mutation($id: ID!) {
  closeCase(id: $id, resolution: "Mended") { ... on CasePayload { case { state closedOnTime } } ...Refused }
}"""
INDICATOR = """query($id: ID!, $month: Month!) {
  employee(id: $id) { indicator(key: "cases_closed_on_time", month: $month) { numerator denominator rate sufficient } }
}"""
JOINED = """query($of: String!) { members(first: 50, filter: {namePrefix: $of}) { nodes {
  id name customer { id name contracts { id state endDate } }
  touches { id state } visits { id state } cases { id state }
} } }"""


@pytest.fixture
def somebody(suite: Suite) -> Iterator[GraphQL]:
    with GraphQL(suite, "admin", "ops", "sales", "agent", "hr", subject="somebody") as graphql:
        yield graphql


@pytest.fixture
def lawyer(suite: Suite) -> Iterator[GraphQL]:
    """Another person: four eyes."""
    with GraphQL(suite, "legal", subject="lawyer") as graphql:
        yield graphql


def today() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()


def _contracted_member(graphql: GraphQL, lawyer: GraphQL, *, name: str = "王女士") -> tuple[str, str]:
    customer = graphql.mutate(CREATE_CUSTOMER, i={"kind": "PERSON", "name": name})["customer"]["id"]
    member = graphql.mutate(CREATE_MEMBER, i={"name": name, "customerId": customer})["member"]["id"]
    terms: dict[str, Any] = {
        "customerId": customer,
        "title": "Care",
        "startDate": (today() - timedelta(days=100)).isoformat(),
        "endDate": (today() + timedelta(days=264)).isoformat(),
    }
    price = {"currencyCode": "CNY", "minorUnits": "120000"}
    contract = graphql.mutate(CREATE_CONTRACT, i=terms | {"price": price})["contract"]["id"]
    assert graphql.mutate(SUBMIT, id=contract) == {"contract": {"state": "IN_REVIEW"}}
    assert graphql.mutate(APPROVE, id=contract)["code"] == "REVIEWER_IS_AUTHOR"
    assert lawyer.mutate(APPROVE, id=contract) == {"contract": {"state": "APPROVED"}}
    assert graphql.mutate(SIGN, id=contract) == {"contract": {"state": "SIGNED"}}
    assert graphql.mutate(ACTIVATE, id=contract) == {"contract": {"state": "ACTIVE"}}
    return member, contract


def test_a_contract_leads_to_a_visit_a_bad_visit_to_a_case_and_a_closed_case_to_a_fact(
    somebody: GraphQL, lawyer: GraphQL
) -> None:
    reference = uuid4().hex
    somebody.mutate(IMPORT_EMPLOYEES, csv=f"external_ref,name\n{reference},Zhao Lei\n")
    (employee,) = somebody.data(EMPLOYEE, ref=reference)["employees"]["nodes"]
    member, contract = _contracted_member(somebody, lawyer)

    until(lambda: bool(somebody.data(VISITS, id=member)["member"]["visits"]), seconds=20, what="a visit is owed")
    (visit,) = somebody.data(VISITS, id=member)["member"]["visits"]
    assert (visit["state"], visit["contract"]) == ("DUE", {"id": contract})

    assert somebody.mutate(COMPLETE, id=visit["id"]) == {"visit": {"state": "COMPLETED"}}
    until(lambda: bool(somebody.data(CASES, id=member)["member"]["cases"]), seconds=20, what="a case is opened")
    (case,) = somebody.data(CASES, id=member)["member"]["cases"]
    assert (case["state"], case["kind"], case["description"]) == ("OPEN", "COMPLAINT", "还是漏水")

    assert somebody.mutate(ASSIGN, id=case["id"], to=employee["id"]) == {"case": {"state": "ASSIGNED"}}
    assert somebody.mutate(CLOSE, id=case["id"]) == {"case": {"state": "CLOSED", "closedOnTime": True}}
    month = f"{datetime.now(UTC).astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m}"

    def indicator() -> dict[str, Any]:
        value: dict[str, Any] = somebody.data(INDICATOR, id=employee["id"], month=month)["employee"]["indicator"]
        return value

    until(lambda: str(indicator()["denominator"]) == "1", seconds=20, what="the case counts for whoever closed it")
    assert indicator() | {"numerator": 1, "denominator": 1} == {
        "numerator": 1,
        "denominator": 1,
        "rate": 1.0,
        "sufficient": False,
    }


def test_one_query_joins_all_services_with_one_call_per_level(somebody: GraphQL, lawyer: GraphQL) -> None:
    name = f"Wang {uuid4().hex}"
    for _ in range(3):
        _contracted_member(somebody, lawyer, name=name)
    answered = somebody.answer(JOINED, of=name)
    assert "errors" not in answered
    members = answered["data"]["members"]["nodes"]
    assert [member["customer"]["contracts"][0]["state"] for member in members] == ["ACTIVE"] * 3
    calls = somebody.calls(answered["request_id"], least=6)
    assert calls == [
        "BatchGetCustomers",
        "BatchListCasesByMember",
        "BatchListContractsByCustomer",
        "BatchListTouchesByMember",
        "BatchListVisitsByMember",
        "ListMembers",
    ]


def test_a_service_that_is_down_nulls_its_own_fields_and_the_rest_answers(
    somebody: GraphQL, lawyer: GraphQL, embedded_suite: Suite, suite: Suite
) -> None:
    member, _ = _contracted_member(somebody, lawyer)
    suite.take_down("feedback-rpc")
    try:
        answered = somebody.answer(
            "query($id: ID!) { member(id: $id) { name customer { name } cases { id } } }", id=member
        )
    finally:
        suite.bring_up("feedback-rpc")
    assert answered["data"]["member"] == {"name": "王女士", "customer": {"name": "王女士"}, "cases": None}
    (error,) = answered["errors"]
    assert error["path"] == ["member", "cases"]
    assert error["extensions"]["code"] == "SERVICE_UNAVAILABLE"
    until(lambda: somebody.answer(CASES, id=member).get("errors") is None, seconds=20, what="cases answer again")


def test_refusals_arrive_as_members_of_the_union_with_code_and_field(somebody: GraphQL, lawyer: GraphQL) -> None:
    refusal = somebody.mutate(CREATE_CUSTOMER, i={"kind": "PERSON", "name": ""})
    assert (refusal["code"], refusal["field"]) == ("INVALID_FIELD", "name")
    member, contract = _contracted_member(somebody, lawyer)
    assert somebody.mutate(SIGN, id=contract)["code"] == "CONTRACT_TRANSITION_REFUSED"
    assert somebody.mutate(SIGN, id=member)["code"] == "INVALID_ID"
    assert somebody.mutate(SIGN, id="con_00000000000000000000000000")["code"] == "CONTRACT_NOT_FOUND"


def test_an_amendment_holds_from_its_day_on_and_what_held_before_can_be_asked_for(
    somebody: GraphQL, lawyer: GraphQL
) -> None:
    _, contract = _contracted_member(somebody, lawyer)
    yesterday = (today() - timedelta(days=1)).isoformat()
    terms = {
        "effectiveDate": today().isoformat(),
        "reason": "two machines more",
        "title": "Care, and more",
        "endDate": (today() + timedelta(days=264)).isoformat(),
        "price": {"currencyCode": "CNY", "minorUnits": "150000"},
    }
    amended = somebody.mutate(AMEND, id=contract, i=terms)["contract"]
    assert [version["price"]["amount"] for version in amended["versions"]] == ["1200.00", "1500.00"]
    known = amended["versions"][1]["recordedTime"]
    for asked, price in (
        ({}, "1500.00"),
        ({"day": yesterday}, "1200.00"),
        ({"day": yesterday, "at": known}, "1200.00"),
    ):
        assert somebody.data(HELD, id=contract, **asked)["contract"] == {
            "price": {"amount": price},
            "state": "ACTIVE",
        }, asked
    before = amended["versions"][0]["recordedTime"]
    assert somebody.data(HELD, id=contract, at=before)["contract"] == {"price": {"amount": "1200.00"}, "state": "DRAFT"}


def test_a_reader_may_not_write(suite: Suite) -> None:
    with GraphQL(suite, "auditor") as auditor:
        mutation = "mutation($i: CustomerInput!) { createCustomer(input: $i) { __typename } }"
        answered = auditor.answer(mutation, i={"kind": "PERSON", "name": "Nobody"})
        assert answered["data"] == {"createCustomer": {"__typename": "ForbiddenError"}}
        assert auditor.calls(answered["request_id"], least=0) == []
