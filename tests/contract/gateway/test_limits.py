from collections.abc import Callable
from typing import Any

import pytest

from gateway.config import Settings
from gateway.signin import DevIssuer
from tests.fakes.suite import Client, FakeSuite, gateway_of

DEEP = "{ members { nodes { " + "customer { contracts { " * 6 + "id" + " } }" * 6 + " } } }"
SPREADS = (
    "{ ...F0 } "
    + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40))
    + " fragment F40 on Query { __typename }"
)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (DEEP, "QUERY_TOO_DEEP"),
        ("{ a" * 1400 + "}" * 1400, "QUERY_TOO_DEEP"),
        ("{ a" * 150 + "}" * 150, "QUERY_TOO_DEEP"),
        ("{ " + " ".join(f"a{n}: __typename" for n in range(21)) + " }", "QUERY_TOO_WIDE"),
        ("{ members { nodes { " + " ".join(f"a{n}: id" for n in range(31)) + " } } }", "QUERY_TOO_WIDE"),
        ("{ members { nodes { " + "id " * 501 + " } } }", "QUERY_TOO_WIDE"),
        ("{ __typename } fragment Unused on Query { " + "__typename " * 501 + " }", "QUERY_TOO_WIDE"),
        (SPREADS, "QUERY_TOO_WIDE"),
        ("{ __typename " + "@skip(if: false) " * 1000 + "}", "QUERY_TOO_LONG"),
        ("{ __typename }" + " " * 50_000, "QUERY_TOO_LONG"),
        ("{ members(first: 500) { nodes { touches(first: 100) { id } } } }", "QUERY_TOO_COSTLY"),
        ("{ members(first: 200) { nodes { touches { member { touches { id } } } } } }", "QUERY_TOO_COSTLY"),
        ("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_a_query_that_asks_too_much_is_refused_by_name(
    gateway: Client, company: FakeSuite, query: str, code: str
) -> None:
    answer = await gateway.ask(query)
    assert answer["errors"][0]["extensions"]["code"] == code
    assert "data" not in answer
    assert company.calls == {}


@pytest.mark.parametrize(
    ("query", "variables", "field"),
    [
        ("{ members(first: 501) { nodes { id } } }", {}, "members.first"),
        ("{ members(first: 0) { nodes { id } } }", {}, "members.first"),
        ("query ($n: Int!) { members(first: $n) { nodes { id } } }", {"n": -1}, "members.first"),
        ("query ($n: Int! = 900) { members(first: $n) { nodes { id } } }", {}, "members.first"),
        ("{ members { nodes { touches(first: 101) { id } } } }", {}, "Member.touches.first"),
        ("{ nodes(ids: []) { id } }", {}, "nodes.ids"),
    ],
)
async def test_a_page_size_out_of_range_is_refused_with_the_field(
    gateway: Client, company: FakeSuite, query: str, variables: dict[str, Any], field: str
) -> None:
    answer = await gateway.ask(query, variables)
    (error,) = answer["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": field}
    assert company.calls == {}


async def test_the_cost_of_a_query_counts_what_variables_ask_for(gateway: Client, company: FakeSuite) -> None:
    query = "query ($n: Int!, $m: Int!) { members(first: $n) { nodes { touches(first: $m) { id } } } }"
    assert await gateway.codes(query, {"n": 50, "m": 100}) == []
    assert await gateway.codes(query, {"n": 500, "m": 100}) == ["QUERY_TOO_COSTLY"]


async def test_the_budget_is_a_setting(
    settings: Callable[..., Settings], issuer: DevIssuer, company: FakeSuite
) -> None:
    async with gateway_of(settings(max_query_cost=10, max_query_depth=3), issuer) as client:
        assert await client.codes("{ members(first: 5) { nodes { id } } }") == []
        assert await client.codes("{ members(first: 11) { nodes { id } } }") == ["QUERY_TOO_COSTLY"]
        assert await client.codes("{ members { nodes { customer { id } } } }") == ["QUERY_TOO_DEEP"]


async def test_questions_about_the_schema_are_not_too_deep(gateway: Client) -> None:
    from graphql import get_introspection_query

    data = await gateway.data(get_introspection_query())
    assert data["__schema"]["queryType"]["name"] == "Query"


@pytest.mark.parametrize(
    ("query", "variables", "word"),
    [
        ("query ($id: ID!) { member(id: $id) { id } }", {}, "id"),
        ("query ($id: ID!) { member(id: $id) { id } }", {"id": ["x"]}, "ID"),
        ("query ($f: MemberFilter) { members(filter: $f) { nodes { id } } }", {"f": {"nobody": 1}}, "nobody"),
        ("query ($s: TouchState) { touches(filter: {state: $s}) { nodes { id } } }", {"s": "LOST"}, "LOST"),
        ("query ($d: Date) { visits(filter: {dueThrough: $d}) { nodes { id } } }", {"d": "2026-02-30"}, "2026-02-30"),
    ],
)
async def test_variables_of_the_wrong_shape_are_refused_by_name(
    gateway: Client, company: FakeSuite, query: str, variables: dict[str, Any], word: str
) -> None:
    answer = await gateway.ask(query, variables)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert word in answer["errors"][0]["message"]
    assert company.calls == {}


@pytest.mark.parametrize(
    "query",
    [
        '{ visits(filter: {dueThrough: "2026-02-30"}) { nodes { id } } }',
        "{ touches(filter: {state: LOST}) { nodes { id } } }",
        "{ members { nodes { id(x: 1) } } }",
        "mutation { createMember(input: {}) { __typename } }",
    ],
)
async def test_values_of_the_wrong_shape_in_the_text_are_refused(
    gateway: Client, company: FakeSuite, query: str
) -> None:
    assert await gateway.codes(query) == ["GRAPHQL_VALIDATION_FAILED"]
    assert company.calls == {}
