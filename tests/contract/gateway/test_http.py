"""GraphQL over HTTP, as the audits of the npm package graphql-http check it, and what they do not check."""

import json
from typing import Any

import httpx
import pytest

from tests.fakes.suite import Client, FakeSuite

JSON, GRAPHQL = "application/json", "application/graphql-response+json"
CHARSET = "; charset=utf-8"


async def post(gateway: Client, body: Any, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    return await gateway.http.post("/graphql", content=content, headers={"content-type": JSON, **headers})


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0.1, {JSON}", JSON),
        (f"{GRAPHQL}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL),
        (f"text/html, {JSON};q=0.5", JSON),
    ],
)
async def test_the_answer_has_the_type_that_the_client_prefers(
    gateway: Client, accept: str | None, answered: str
) -> None:
    headers = {"accept": accept} if accept else {}
    request = gateway.http.build_request("POST", "/graphql", json={"query": "{ __typename }"}, headers=headers)
    if accept is None:
        del request.headers["accept"]
    response = await gateway.http.send(request)
    assert (response.status_code, response.headers["content-type"]) == (200, answered + CHARSET)
    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("accept", ["text/html", "application/xml", f"{JSON};q=0", f"{JSON}; charset=latin1"])
async def test_a_client_that_takes_neither_type_is_told_406(gateway: Client, accept: str) -> None:
    response = await post(gateway, {"query": "{ __typename }"}, accept=accept)
    assert response.status_code == 406
    assert response.json()["errors"][0]["extensions"]["code"] == "NOT_ACCEPTABLE"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=latin1",
        "",
    ],
)
async def test_a_body_that_a_foreign_page_could_send_is_refused_with_415(gateway: Client, content_type: str) -> None:
    response = await post(gateway, {"query": "{ __typename }"}, **{"content-type": content_type})
    assert response.status_code == 415
    assert response.json()["errors"][0]["extensions"]["code"] == "UNSUPPORTED_MEDIA_TYPE"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods_are_told_405_and_which_are_allowed(gateway: Client, method: str) -> None:
    response = await gateway.http.request(method, "/graphql")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'"query"',
        b"{}",
        b'{"query": null}',
        b'{"query": 0}',
        b'{"query": ["{}"]}',
        b'{"query": "   "}',
        b'{"query": "{ __typename }", "operationName": {}}',
        b'{"query": "{ __typename }", "variables": "x"}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "extensions": 0}',
        b'{"qeury": "{ __typename }"}',
    ],
)
@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
async def test_what_is_no_graphql_request_is_told_400(gateway: Client, body: bytes, accept: str) -> None:
    response = await post(gateway, body, accept=accept)
    assert response.status_code == 400
    assert "data" not in response.json()
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_nulls_stand_for_parameters_left_out(gateway: Client) -> None:
    body = {"query": "{ __typename }", "operationName": None, "variables": None, "extensions": None}
    assert (await post(gateway, body)).json() == {"data": {"__typename": "Query"}}


async def test_several_operations_in_one_request_are_refused(gateway: Client) -> None:
    response = await post(gateway, [{"query": "{ __typename }"}])
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BATCHING_REFUSED"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nobody }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", "BAD_USER_INPUT"),
        ("query ($id: ID!) { member(id: $id) { id } }", "BAD_USER_INPUT"),
    ],
)
async def test_a_callers_own_mistake_keeps_its_text(gateway: Client, query: str, code: str) -> None:
    old, new = await post(gateway, {"query": query}, accept=JSON), await post(gateway, {"query": query}, accept=GRAPHQL)
    assert (old.status_code, new.status_code) == (200, 400)
    assert old.json() == new.json()
    assert "data" not in new.json()
    (error,) = new.json()["errors"]
    assert error["extensions"]["code"] == code
    assert error["message"] != "Internal error."


async def test_an_operation_is_chosen_by_name(gateway: Client) -> None:
    body = {"query": "query A { a: __typename } query B { b: __typename }", "operationName": "B"}
    assert (await post(gateway, body)).json() == {"data": {"b": "Query"}}


async def test_queries_may_be_asked_by_get(gateway: Client, company: FakeSuite) -> None:
    parameters = {
        "query": "query Q($first: Int!) { members(first: $first) { nodes { name } } }",
        "variables": '{"first": 1}',
        "operationName": "Q",
        "extensions": "",
    }
    response = await gateway.http.get("/graphql", params=parameters, headers=gateway.headers())
    assert response.json() == {"data": {"members": {"nodes": [{"name": "Member 0"}]}}}


async def test_mutations_by_get_are_told_405_and_change_nothing(gateway: Client, company: FakeSuite) -> None:
    query = 'mutation { signContract(id: "con_1") { __typename } }'
    response = await gateway.http.get("/graphql", params={"query": query}, headers=gateway.headers())
    assert response.status_code == 405
    assert response.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"
    assert company.calls == {}


@pytest.mark.parametrize("variables", ["{", "[]", '"x"'])
async def test_variables_in_the_address_that_are_no_object_are_told_400(gateway: Client, variables: str) -> None:
    response = await gateway.http.get("/graphql", params={"query": "{ __typename }", "variables": variables})
    assert response.status_code == 400


async def test_a_request_id_is_taken_over_passed_on_and_returned(gateway: Client, company: FakeSuite) -> None:
    headers = {**gateway.headers(), "x-request-id": "page-17.b"}
    response = await gateway.http.post("/graphql", json={"query": "{ members { nodes { id } } }"}, headers=headers)
    assert response.headers["x-request-id"] == "page-17.b"
    assert company.care.request_ids == ["page-17.b"]
    assert company.care.callers[0].request_id == "page-17.b"


@pytest.mark.parametrize("sent", ["", "a b", "x" * 65, 'a"b', "<script>"])
async def test_a_request_id_that_is_none_is_replaced(gateway: Client, sent: str) -> None:
    response = await post(gateway, {"query": "{ __typename }"}, **{"x-request-id": sent})
    assert response.headers["x-request-id"] != sent
    assert len(response.headers["x-request-id"]) == 26


async def test_every_answer_has_a_request_id_and_is_not_cached(gateway: Client) -> None:
    for response in (await post(gateway, b"{"), await post(gateway, {"query": "{ __typename }"})):
        assert len(response.headers["x-request-id"]) == 26
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_large_body_of_somebody_unknown_is_told_413(gateway: Client) -> None:
    body = {"query": "{ __typename }", "variables": {"x": "a" * 300_000}}
    response = await post(gateway, body)
    assert response.status_code == 413
    assert response.json()["errors"][0]["extensions"]["code"] == "BODY_TOO_LARGE"
    signed = await post(gateway, body, **gateway.headers())
    assert signed.status_code == 200


async def test_a_body_without_a_length_is_counted_while_it_comes(gateway: Client) -> None:
    async def endless() -> Any:
        for _ in range(300):
            yield b" " * 1024

    response = await gateway.http.post("/graphql", content=endless(), headers={"content-type": JSON})
    assert response.status_code == 413
