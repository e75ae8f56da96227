from tests.fakes.company import an_id
from tests.fakes.suite import Client, FakeSuite

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
