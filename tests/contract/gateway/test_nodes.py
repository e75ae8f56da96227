from typing import Any

import pytest

from gateway.graphql.schema import schema
from gateway.graphql.viewer import LOADERS
from membercare.care.v1 import care_service_pb2 as care
from tests.fakes.company import a_touch, a_visit, an_id
from tests.fakes.suite import Client, FakeSuite

NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Member { name customer { name } } } }"


async def test_an_id_finds_its_thing_whatever_it_is(gateway: Client, company: FakeSuite) -> None:
    company.care.answers["BatchGetTouches"] = lambda request: care.BatchGetTouchesResponse(
        touches=[a_touch(1, an_id("mem", 1)) for _ in request.touch_ids]
    )
    company.care.answers["BatchGetVisits"] = lambda request: care.BatchGetVisitsResponse(
        visits=[a_visit(1, an_id("mem", 1)) for _ in request.visit_ids]
    )
    for prefix, name in (
        ("cus", "Customer"),
        ("con", "Contract"),
        ("mem", "Member"),
        ("cmp", "Campaign"),
        ("tch", "Touch"),
        ("vis", "Visit"),
        ("cas", "Case"),
        ("emp", "Employee"),
    ):
        key = an_id(prefix, 1)
        data = await gateway.data("query ($id: ID!) { node(id: $id) { __typename id } }", {"id": key})
        assert data["node"] == {"__typename": name, "id": key}


def test_every_type_that_is_a_node_can_be_found() -> None:
    core = schema()
    nodes = {kind.name for kind in core.get_possible_types(core.type_map["Node"])}  # type: ignore[arg-type]
    assert len(LOADERS) == len(nodes) > 8


async def test_many_ids_come_in_order_with_one_call_for_each_type(gateway: Client, company: FakeSuite) -> None:
    ids = [an_id("mem", 2), an_id("cas", 1), an_id("mem", 999), an_id("mem", 1), an_id("mem", 2)]
    data = await gateway.data(NODES, {"ids": ids})
    assert [each and each["id"] for each in data["nodes"]] == [ids[0], ids[1], None, ids[3], ids[4]]
    assert data["nodes"][0]["customer"] == {"name": "Customer 2"}
    assert company.calls == {"BatchGetMembers": 1, "BatchGetCases": 1, "BatchGetCustomers": 1}


@pytest.mark.parametrize(
    "key", ["", "x", "mem", "mem_", "mem_1", "xyz_01JD0000000000000000000000", "mem_" + "u" * 26, "mem_\n"]
)
async def test_what_is_no_id_is_refused(gateway: Client, company: FakeSuite, key: str) -> None:
    answer = await gateway.ask("query ($id: ID!) { node(id: $id) { id } }", {"id": key})
    assert answer["data"] == {"node": None}
    assert answer["errors"][0]["extensions"] == {"code": "INVALID_ID", "field": "id"}
    assert company.calls == {}


async def test_a_bad_id_among_good_ones_spoils_only_its_own_place(gateway: Client, company: FakeSuite) -> None:
    answer = await gateway.ask(NODES, {"ids": [an_id("mem", 1), "nonsense", an_id("mem", 2)]})
    assert [each and each["name"] for each in answer["data"]["nodes"]] == ["Member 1", None, "Member 2"]
    assert [error["path"] for error in answer["errors"]] == [["nodes", 1]]


@pytest.mark.parametrize(
    ("field", "prefix"),
    [
        ("customer", "cus"),
        ("contract", "con"),
        ("member", "mem"),
        ("campaign", "cmp"),
        ("touch", "tch"),
        ("visit", "vis"),
        ("case", "cas"),
        ("employee", "emp"),
    ],
)
async def test_the_id_of_another_type_is_refused(gateway: Client, company: FakeSuite, field: str, prefix: str) -> None:
    foreign = an_id("mem" if prefix != "mem" else "cus", 1)
    answer = await gateway.ask(f"query ($id: ID!) {{ {field}(id: $id) {{ id }} }}", {"id": foreign})
    assert answer["data"] == {field: None}
    assert answer["errors"][0]["extensions"] == {"code": "INVALID_ID", "field": "id"}
    assert f"{prefix}_" in answer["errors"][0]["message"]
    assert company.calls == {}


async def test_an_unknown_id_is_null_without_an_error(gateway: Client, company: FakeSuite) -> None:
    assert await gateway.data("query ($id: ID!) { member(id: $id) { id } }", {"id": an_id("mem", 999)}) == {
        "member": None
    }


async def test_things_asked_by_several_names_travel_in_one_call(gateway: Client, company: FakeSuite) -> None:
    variables: dict[str, Any] = {"a": an_id("mem", 1), "b": an_id("mem", 2)}
    query = "query ($a: ID!, $b: ID!) { a: member(id: $a) { name } b: member(id: $b) { name } }"
    assert await gateway.data(query, variables) == {"a": {"name": "Member 1"}, "b": {"name": "Member 2"}}
    assert company.calls == {"BatchGetMembers": 1}
