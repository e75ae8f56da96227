"""Whatever is sent, the answer is JSON with a code, and never a fault of ours."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from graphql import GraphQLObjectType, get_named_type, is_required_argument
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from gateway.config import Settings
from gateway.graphql.schema import schema
from gateway.signin import DevIssuer
from tests.fakes.suite import FakeSuite, gateway_of

QUIET = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
VALUES = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats(allow_nan=False, allow_infinity=False)
    | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
WORDS = some.sampled_from(
    [
        "{",
        "}",
        "(",
        ")",
        ":",
        "$",
        "...",
        "on",
        "query",
        "mutation",
        "fragment",
        "members",
        "nodes",
        "node",
        "first",
        "id",
        "Member",
        "touches",
        "customer",
        "filter",
        "@skip",
        "if",
        "true",
        "1",
        "-1",
        '"mem_1"',
        "ids",
        "[",
        "]",
        "signContract",
        "__typename",
        "__schema",
        "\u0000",
        "#",
        '"""',
    ]
)


Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(settings: Callable[..., Settings], company: FakeSuite, issuer: DevIssuer) -> Iterator[Ask]:
    """Asks one gateway from ordinary code, so that many examples meet the same one."""
    with asyncio.Runner() as runner:
        gateway_context = gateway_of(settings(), issuer)
        gateway = runner.run(gateway_context.__aenter__())
        signed = gateway.headers("admin", "hr", "ops")

        def ask(method: str, headers: dict[str, str] | None = None, **request: Any) -> httpx.Response:
            return runner.run(
                gateway.http.request(method, "/graphql", headers={**signed, **(headers or {})}, **request)
            )

        yield ask
        runner.run(gateway_context.__aexit__(None, None, None))


def sound(answer: httpx.Response) -> None:
    body = answer.json()
    assert answer.status_code < 500, body
    codes = {error["extensions"]["code"] for error in body.get("errors", ())}
    assert "INTERNAL" not in codes, body
    assert codes or "data" in body


@QUIET
@given(body=some.binary(max_size=80) | VALUES.map(repr).map(str.encode))
def test_any_bytes_get_an_answer(ask: Ask, body: bytes) -> None:
    sound(ask("POST", content=body, headers={"content-type": "application/json"}))


@QUIET
@given(query=VALUES | some.just("{ __typename }"), variables=VALUES, operation=VALUES, extensions=VALUES)
def test_any_json_gets_an_answer(ask: Ask, query: Any, variables: Any, operation: Any, extensions: Any) -> None:
    body = {"query": query, "variables": variables, "operationName": operation, "extensions": extensions}
    sound(ask("POST", json=body))


@QUIET
@given(words=some.lists(WORDS, max_size=25))
def test_any_text_gets_an_answer(ask: Ask, words: list[str]) -> None:
    sound(ask("POST", json={"query": " ".join(words)}))


PARAMETERS = some.sampled_from(["query", "variables", "operationName", "extensions", "x"])
HEADER = some.text(alphabet=[chr(number) for number in range(32, 127)], max_size=40)


@QUIET
@given(header=HEADER, parameters=some.dictionaries(PARAMETERS, some.text(max_size=20)))
def test_any_address_and_any_header_get_an_answer(ask: Ask, header: str, parameters: dict[str, str]) -> None:
    headers = {"accept": header, "x-request-id": header}
    sound(ask("GET", params=parameters or {"query": ""}, headers=headers))


def _fields_with_an_id() -> list[str]:
    query = schema().query_type
    assert isinstance(query, GraphQLObjectType)
    return sorted(
        name
        for name, field in query.fields.items()
        if "id" in getattr(get_named_type(field.type), "fields", ())
        and [key for key, argument in field.args.items() if is_required_argument(argument)] == ["id"]
    )


@QUIET
@given(field=some.sampled_from(_fields_with_an_id()), key=some.text(max_size=40))
def test_any_id_is_refused_or_unknown(ask: Ask, field: str, key: str) -> None:
    answer = ask("POST", json={"query": f"query ($id: ID!) {{ {field}(id: $id) {{ id }} }}", "variables": {"id": key}})
    sound(answer)
    assert answer.json()["data"] == {field: None}
