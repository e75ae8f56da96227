from typing import Any

import pytest

from membercare.care.v1 import care_service_pb2 as care
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.feedback.v1 import feedback_service_pb2 as feedback
from membercare.kpi.v1 import indicator_pb2
from membercare.kpi.v1 import kpi_service_pb2 as kpi
from tests.fakes.company import (
    NOON,
    a_campaign,
    a_case,
    a_contract,
    a_customer,
    a_member,
    a_touch,
    a_visit,
    an_employee,
    an_id,
)
from tests.fakes.suite import Client, FakeSuite

A_FACT = indicator_pb2.Fact(
    id="evt-1",
    employee_id=an_id("emp", 1),
    indicator="cases_closed_on_time",
    month="2026-11",
    numerator=1,
    denominator=1,
    evidence_id=an_id("cas", 1),
    occurred_time=NOON,
)
LISTS: list[tuple[str, str, str, str, Any, Any, dict[str, Any]]] = [
    ("contracts", "customers",
     '{kind: PERSON, ownerId: "emp_1", tag: "t", namePrefix: "A", externalRef: "E"}', "customers",
     contracts.ListCustomersResponse, a_customer(1),
     {"kind": 3, "owner_id": "emp_1", "tag": "t", "name_prefix": "A", "external_ref": "E"}),
    ("contracts", "contracts", '{customerId: "cus_1", state: ACTIVE, ownerId: "emp_1"}', "contracts",
     contracts.ListContractsResponse, a_contract(1, 1), {"customer_id": "cus_1", "state": 3, "owner_id": "emp_1"}),
    ("care", "members", '{customerId: "cus_1", namePrefix: "A", externalRef: "E", birthdayCalendar: LUNAR}', "members",
     care.ListMembersResponse, a_member(1),
     {"customer_id": "cus_1", "name_prefix": "A", "external_ref": "E", "birthday_calendar": 2}),
    ("care", "campaigns", "{state: RUNNING}", "campaigns", care.ListCampaignsResponse, a_campaign(1), {"state": 4}),
    ("care", "touches", '{campaignId: "cmp_1", memberId: "mem_1", state: SKIPPED}', "touches", care.ListTouchesResponse,
     a_touch(1, "mem_1"), {"campaign_id": "cmp_1", "member_id": "mem_1", "state": 4}),
    ("care", "visits", '{state: DUE, ownerId: "emp_1", customerId: "cus_1", dueThrough: "2026-12-01"}', "visits",
     care.ListVisitsResponse, a_visit(1, "mem_1"),
     {"state": 1, "owner_id": "emp_1", "customer_id": "cus_1", "due_through": "2026-12-01"}),
    ("feedback", "cases",
     '{state: OPEN, kind: INQUIRY, assigneeId: "emp_1", customerId: "cus_1", memberId: "mem_1", source: VISIT}',
     "cases", feedback.ListCasesResponse, a_case(1),
     {"state": 1, "kind": 3, "assignee_id": "emp_1", "customer_id": "cus_1", "member_id": "mem_1", "source": 2}),
    ("kpi", "employees", '{managerId: "emp_1", unit: "U", externalRef: "E"}', "employees", kpi.ListEmployeesResponse,
     an_employee(1), {"manager_id": "emp_1", "unit": "U", "external_ref": "E"}),
    ("kpi", "facts", '{employeeId: "emp_1", indicator: "i", month: "2026-11"}', "facts", kpi.ListFactsResponse, A_FACT,
     {"employee_id": "emp_1", "indicator": "i", "month": "2026-11"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "field", "filter_text", "items", "response", "item", "filtered"), LISTS, ids=[each[1] for each in LISTS]
)
async def test_a_list_is_a_connection_with_filter_and_keyset_cursors(  # noqa: PLR0913, PLR0917
    gateway: Client,
    suite: FakeSuite,
    service: str,
    field: str,
    filter_text: str,
    items: str,
    response: Any,
    item: Any,
    filtered: dict[str, Any],
) -> None:
    rpc = response.DESCRIPTOR.name.removesuffix("Response")
    suite.all[service].answers[rpc] = lambda _: response(**{items: [item], "next_page_token": item.id})
    query = f"""{{
      {field}(first: 1, after: "before", filter: {filter_text}) {{
        nodes {{ id }} edges {{ cursor node {{ id }} }}
        pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
      }}
    }}"""
    data = await gateway.data(query)
    assert data[field] == {
        "nodes": [{"id": item.id}],
        "edges": [{"cursor": item.id, "node": {"id": item.id}}],
        "pageInfo": {"hasNextPage": True, "hasPreviousPage": True, "startCursor": item.id, "endCursor": item.id},
    }
    (request,) = suite.all[service].asked[rpc]
    assert (request.page_size, request.page_token) == (1, "before")
    assert request.filter == type(request.filter)(**filtered)


async def test_an_empty_list_is_a_page_without_cursors(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["ListMembers"] = lambda _: care.ListMembersResponse()
    data = await gateway.data(
        "{ members { nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"
    )
    assert data["members"] == {
        "nodes": [],
        "edges": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }
    (request,) = suite.care.asked["ListMembers"]
    assert (request.page_size, request.page_token, request.HasField("filter")) == (50, "", False)


async def test_pages_lead_through_the_whole_list(gateway: Client, suite: FakeSuite) -> None:
    everybody = [a_member(number) for number in range(5)]

    def page(request: Any) -> Any:
        rest = [member for member in everybody if member.id > request.page_token]
        more = rest[: request.page_size]
        return care.ListMembersResponse(members=more, next_page_token=more[-1].id if len(rest) > len(more) else "")

    suite.care.answers["ListMembers"] = page
    query = """query ($after: String) {
      members(first: 2, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } }
    }"""
    seen, after = [], None
    while True:
        data = (await gateway.data(query, {"after": after}))["members"]
        seen += [node["name"] for node in data["nodes"]]
        after = data["pageInfo"]["endCursor"]
        if not data["pageInfo"]["hasNextPage"]:
            break
    assert seen == [f"Member {number}" for number in range(5)]
    assert len(suite.care.asked["ListMembers"]) == 3


async def test_values_are_shown_as_people_write_them(gateway: Client, suite: FakeSuite) -> None:
    contract = a_contract(1, 1)
    contract.price.currency_code, contract.price.minor_units = "JPY", 9_007_199_254_740_993
    suite.contracts.answers["BatchGetContracts"] = lambda _: contracts.BatchGetContractsResponse(contracts=[contract])
    query = """query ($id: ID!) {
      contract(id: $id) {
        createTime signedTime startDate terminationReason ownerId price { currencyCode minorUnits amount }
      }
    }"""
    data = await gateway.data(query, {"id": contract.id})
    assert data["contract"] == {
        "createTime": "2026-11-22T12:00:00.000Z",
        "signedTime": None,
        "startDate": "2026-01-01",
        "terminationReason": None,
        "ownerId": None,
        "price": {"currencyCode": "JPY", "minorUnits": "9007199254740993", "amount": "9007199254740993"},
    }


async def test_indicators_are_listed_in_two_languages(gateway: Client, company: FakeSuite) -> None:
    data = await gateway.data("{ indicators { key nameEn nameZh } }", roles=("hr",))
    assert data == {"indicators": [{"key": "cases_closed_on_time", "nameEn": "Cases", "nameZh": "按时结案"}]}


async def test_an_explanation_is_asked_for_in_both_languages(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["ExplainMember"] = lambda _: care.ExplainMemberResponse(
        verdict="NO_EMAIL_CONSENT", explanation_en="No.", explanation_zh="否。"
    )
    query = '{ explainMember(campaignId: "cmp_1", memberId: "mem_1") { verdict explanationEn explanationZh nextDate } }'
    assert await gateway.data(query) == {
        "explainMember": {
            "verdict": "NO_EMAIL_CONSENT",
            "explanationEn": "No.",
            "explanationZh": "否。",
            "nextDate": None,
        }
    }
    (request,) = suite.care.asked["ExplainMember"]
    assert (request.campaign_id, request.member_id) == ("cmp_1", "mem_1")
