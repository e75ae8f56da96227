from collections.abc import Callable

from gateway.config import Settings
from gateway.signin import DevIssuer
from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import members_service_pb2 as members
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from tests.fakes.company import a_customer, a_member, a_touch, an_id
from tests.fakes.suite import Client, FakeSuite, gateway_of

WHOLE_MEMBER = """
query ($first: Int!) {
  members(first: $first) {
    nodes {
      id name
      customer { id name contracts { id state price { amount } } }
      touches { id state }
      visits { id dueDate }
      cases { id number }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""


async def test_fifty_members_with_everything_cost_one_call_for_each_edge(gateway: Client, company: FakeSuite) -> None:
    data = await gateway.data(WHOLE_MEMBER, {"first": 50})
    nodes = data["members"]["nodes"]
    assert len(nodes) == 50
    assert nodes[7]["customer"]["name"] == "Customer 2"
    assert [each["id"] for each in nodes[7]["customer"]["contracts"]] == [an_id("con", n) for n in (20, 21, 22)]
    assert nodes[7]["customer"]["contracts"][0] == {
        "id": an_id("con", 20),
        "state": "ACTIVE",
        "price": {"amount": "1280.50"},
    }
    assert nodes[7]["touches"] == [{"id": an_id("tch", 7), "state": "SENT"}]
    assert nodes[7]["visits"] == [{"id": an_id("vis", 7), "dueDate": "2026-11-29"}]
    assert nodes[7]["cases"] == [{"id": an_id("cas", 7), "number": "2026-000007"}]
    assert data["members"]["pageInfo"] == {"hasNextPage": False, "endCursor": an_id("mem", 49)}
    assert company.calls == {
        "ListMembers": 1,
        "BatchGetCustomers": 1,
        "BatchListContractsByCustomer": 1,
        "BatchListTouchesByMember": 1,
        "BatchListVisitsByMember": 1,
        "BatchListCasesByMember": 1,
    }
    assert len(company.contracts.asked["BatchGetCustomers"][0].customer_ids) == 5


async def test_a_second_run_of_the_same_text_asks_again(gateway: Client, company: FakeSuite) -> None:
    await gateway.data(WHOLE_MEMBER, {"first": 50})
    await gateway.data(WHOLE_MEMBER, {"first": 50})
    assert set(company.calls.values()) == {2}


async def test_edges_that_end_in_the_same_things_share_one_call(gateway: Client, company: FakeSuite) -> None:
    query = (
        """{ members(first: 3) { nodes { visits { owner { name } } cases { assignee { name manager { name } } } } } }"""
    )
    data = await gateway.data(query)
    node = data["members"]["nodes"][0]
    assert node["visits"][0]["owner"] == {"name": "Employee 1"}
    assert node["cases"][0]["assignee"] == {"name": "Employee 2", "manager": {"name": "Employee 1"}}
    assert company.calls["BatchGetEmployees"] <= 2
    asked = [key for request in company.kpi.asked["BatchGetEmployees"] for key in request.employee_ids]
    assert sorted(asked) == [an_id("emp", 1), an_id("emp", 2)]


async def test_the_limit_of_a_nested_list_travels_to_the_service(gateway: Client, company: FakeSuite) -> None:
    await gateway.data("{ members(first: 2) { nodes { a: touches(first: 3) { id } b: touches { id } } } }")
    limits = sorted(request.limit_per_member for request in company.care.asked["BatchListTouchesByMember"])
    assert limits == [3, 20]


async def test_more_keys_than_a_batch_takes_travel_in_several_calls(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["BatchListMembersByCustomer"] = lambda request: care.BatchListMembersByCustomerResponse(
        results=[
            care.CustomerMembers(customer_id=key, members=[a_member(100 * number + each) for each in range(60)])
            for number, key in enumerate(request.customer_ids)
        ]
    )
    suite.care.answers["BatchListTouchesByMember"] = lambda _: care.BatchListTouchesByMemberResponse()
    suite.contracts.answers["ListCustomers"] = lambda _: _customers(10)
    query = "{ customers(first: 10) { nodes { members(first: 60) { touches(first: 1) { id } } } } }"
    data = await gateway.data(query)
    assert sum(len(node["members"]) for node in data["customers"]["nodes"]) == 600
    sizes = sorted(len(request.member_ids) for request in suite.care.asked["BatchListTouchesByMember"])
    assert sizes == [100, 500]


async def test_what_is_not_there_is_null_or_empty(gateway: Client, suite: FakeSuite) -> None:
    lonely = a_member(1)
    lonely.ClearField("customer_id")
    suite.care.answers["BatchGetMembers"] = lambda _: care.BatchGetMembersResponse(members=[lonely])
    suite.care.answers["BatchListTouchesByMember"] = lambda _: care.BatchListTouchesByMemberResponse()
    query = "query ($id: ID!) { member(id: $id) { customer { id } contracts { id } touches { id } externalRef } }"
    data = await gateway.data(query, {"id": lonely.id})
    assert data["member"] == {"customer": None, "contracts": [], "touches": [], "externalRef": None}
    assert "BatchGetCustomers" not in suite.calls


async def test_a_join_that_is_skipped_is_not_fetched(gateway: Client, company: FakeSuite) -> None:
    query = """
    query ($with: Boolean!) {
      members(first: 2) { nodes { id customer @include(if: $with) { id } ... @skip(if: true) { touches { id } } } }
    }
    """
    data = await gateway.data(query, {"with": False})
    assert data["members"]["nodes"][0] == {"id": an_id("mem", 0)}
    assert company.calls == {"ListMembers": 1}
    await gateway.data(query, {"with": True})
    assert company.calls == {"ListMembers": 2, "BatchGetCustomers": 1}


async def test_joins_are_found_in_fragments_and_below_edges(gateway: Client, company: FakeSuite) -> None:
    query = """
    { members(first: 2) { edges { cursor node { ...Who } } } }
    fragment Who on Member { name ... on Node { id } customer { name } }
    """
    data = await gateway.data(query)
    assert data["members"]["edges"][1] == {
        "cursor": an_id("mem", 1),
        "node": {"name": "Member 1", "id": an_id("mem", 1), "customer": {"name": "Customer 1"}},
    }
    assert company.calls == {"ListMembers": 1, "BatchGetCustomers": 1}


async def test_a_service_that_is_down_nulls_its_own_fields_only(
    settings: Callable[..., Settings], issuer: DevIssuer, company: FakeSuite
) -> None:
    async with gateway_of(settings(feedback_address="127.0.0.1:1"), issuer) as client:
        answer = await client.ask("{ members(first: 2) { nodes { name customer { name } cases { id } } } }")
    assert answer["data"]["members"]["nodes"] == [
        {"name": "Member 0", "customer": {"name": "Customer 0"}, "cases": None},
        {"name": "Member 1", "customer": {"name": "Customer 1"}, "cases": None},
    ]
    assert [error["path"] for error in answer["errors"]] == [
        ["members", "nodes", 0, "cases"],
        ["members", "nodes", 1, "cases"],
    ]
    assert answer["errors"][0]["extensions"] == {"code": "SERVICE_UNAVAILABLE", "service": "feedback"}
    assert answer["errors"][0]["message"] == "The feedback service is not available. Retry later."


async def test_campaigns_come_with_their_progress_in_one_call(gateway: Client, company: FakeSuite) -> None:
    data = await gateway.data("{ campaigns { nodes { name progress { total counts { state reason count } } } } }")
    progress = {"total": 5, "counts": [{"state": "SKIPPED", "reason": "NO_BIRTHDAY", "count": 2}]}
    assert data["campaigns"]["nodes"] == [{"name": "Birthdays", "progress": progress}] * 2
    assert company.calls == {"ListCampaigns": 1, "BatchGetCampaignProgress": 1}


async def test_the_ledger_of_one_campaign_is_a_page(gateway: Client, company: FakeSuite) -> None:
    query = """
    query ($id: ID!) {
      campaign(id: $id) { touches(first: 2, state: SENT) { nodes { member { name } } pageInfo { hasNextPage } } }
    }
    """
    data = await gateway.data(query, {"id": an_id("cmp", 1)})
    assert data["campaign"]["touches"]["nodes"] == [{"member": {"name": "Member 0"}}, {"member": {"name": "Member 1"}}]
    assert data["campaign"]["touches"]["pageInfo"] == {"hasNextPage": True}
    (request,) = company.care.asked["ListTouches"]
    assert (request.filter.campaign_id, request.filter.state, request.page_size) == (an_id("cmp", 1), 2, 2)


async def test_the_timeline_of_one_member_is_a_page_whose_things_come_in_one_call_for_each_kind(
    gateway: Client, company: FakeSuite
) -> None:
    entries = [
        members.TimelineEntry(id=f"{number}.touch.x", kind=members.TIMELINE_KIND_TOUCH, touch_id=an_id("tch", number))
        for number in (3, 2)
    ]
    heard = members.TimelineEntry(id="1.act.case_opened", kind=members.TIMELINE_KIND_ACT, act="case_opened")
    company.care.answers["ListMemberTimeline"] = lambda _: members.ListMemberTimelineResponse(
        entries=[*entries, heard], next_page_token=heard.id
    )
    company.care.answers["BatchGetTouches"] = lambda request: care.BatchGetTouchesResponse(
        touches=[a_touch(int(key[-3:]), an_id("mem", 1)) for key in request.touch_ids]
    )
    query = """
    query ($id: ID!) {
      member(id: $id) {
        timeline(first: 3, after: "9.visit.x") {
          nodes { kind act touch { id } visit { id } }
          pageInfo { hasNextPage hasPreviousPage endCursor }
        }
      }
    }
    """
    data = await gateway.data(query, {"id": an_id("mem", 1)})
    assert data["member"]["timeline"] == {
        "nodes": [
            {"kind": "TOUCH", "act": None, "touch": {"id": an_id("tch", 3)}, "visit": None},
            {"kind": "TOUCH", "act": None, "touch": {"id": an_id("tch", 2)}, "visit": None},
            {"kind": "ACT", "act": "case_opened", "touch": None, "visit": None},
        ],
        "pageInfo": {"hasNextPage": True, "hasPreviousPage": True, "endCursor": heard.id},
    }
    (request,) = company.care.asked["ListMemberTimeline"]
    assert request == members.ListMemberTimelineRequest(member_id=an_id("mem", 1), page_size=3, page_token="9.visit.x")
    assert company.calls == {"BatchGetMembers": 1, "ListMemberTimeline": 1, "BatchGetTouches": 1}
    refused = await gateway.ask("{ members { nodes { timeline { nodes { id } } } } }")
    assert refused["errors"][0]["extensions"]["code"] == "QUERY_TOO_COSTLY"


async def test_the_ledger_below_a_list_of_campaigns_is_refused(gateway: Client, company: FakeSuite) -> None:
    answer = await gateway.ask("{ campaigns { nodes { touches { nodes { id } } } } }")
    assert answer["errors"][0]["extensions"]["code"] == "QUERY_TOO_COSTLY"
    assert "single Campaign" in answer["errors"][0]["message"]
    assert company.calls == {}


async def test_employees_come_with_manager_and_indicator(gateway: Client, company: FakeSuite) -> None:
    query = """
    { employees { nodes {
      name manager { name } indicator(key: "cases_closed_on_time", month: "2026-11") { rate numerator sufficient }
    } } }
    """
    data = await gateway.data(query)
    assert data["employees"]["nodes"][1] == {
        "name": "Employee 2",
        "manager": {"name": "Employee 1"},
        "indicator": {"rate": 0.75, "numerator": 3, "sufficient": False},
    }
    assert company.calls == {"ListEmployees": 1, "BatchGetEmployees": 1, "BatchGetIndicatorValues": 1}
    (request,) = company.kpi.asked["BatchGetIndicatorValues"]
    assert (request.indicator, request.month) == ("cases_closed_on_time", "2026-11")


async def test_a_reporting_line_is_asked_for_a_day(gateway: Client, company: FakeSuite) -> None:
    query = """
    query ($id: ID!) { employee(id: $id) { reportingLine(asOf: "2026-02-28") { managers { name manager { name } } } } }
    """
    data = await gateway.data(query, {"id": an_id("emp", 2)})
    assert data["employee"]["reportingLine"]["managers"] == [{"name": "Employee 1", "manager": {"name": "Employee 0"}}]
    assert company.kpi.asked["GetReportingLine"][0].as_of == "2026-02-28"


def _customers(count: int) -> contracts.ListCustomersResponse:
    return contracts.ListCustomersResponse(customers=[a_customer(number) for number in range(count)])
