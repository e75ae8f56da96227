import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deploy.local.keys import Keys
from gateway.config import Settings
from gateway.signin import DevIssuer
from tests.fakes.suite import Client, FakeSuite, gateway_of
from tests.fakes.web import serve_json

MEMBERS = "{ members { nodes { id } } }"


def claims(**changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    good = {
        "iss": "membercare-development",
        "aud": "membercare-gateway",
        "sub": "alice",
        "roles": ["ops"],
        "iat": now,
        "exp": now + timedelta(hours=1),
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(keys: Keys, **changes: Any) -> str:
    return jwt.encode(claims(**changes), keys.dev_issuer.read_bytes(), algorithm="EdDSA")


async def ask(gateway: Client, token: str, *, query: str = MEMBERS) -> tuple[int, dict[str, Any]]:
    response = await gateway.http.post("/graphql", json={"query": query}, headers={"authorization": f"Bearer {token}"})
    return response.status_code, response.json()


async def test_the_caller_reaches_the_services_with_subject_and_roles(gateway: Client, company: FakeSuite) -> None:
    await gateway.data(MEMBERS, roles=("ops", "sales"))
    (caller,) = company.care.callers
    assert (caller.subject, caller.roles) == ("alice", frozenset({"ops", "sales"}))


async def test_the_viewer_is_who_signed_in(gateway: Client) -> None:
    data = await gateway.data("{ viewer { subject roles } }", roles=("sales", "ops"))
    assert data == {"viewer": {"subject": "alice", "roles": ["ops", "sales"]}}


async def test_an_expired_token_is_told_so(gateway: Client, suite_keys: Keys, company: FakeSuite) -> None:
    past = datetime.now(UTC) - timedelta(minutes=1)
    status, answer = await ask(gateway, signed(suite_keys, exp=past))
    assert status == 401
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert answer["errors"][0]["message"] == "The token has expired. Sign in again."
    assert company.calls == {}


async def test_a_remembered_token_expires_too(gateway: Client, suite_keys: Keys, company: FakeSuite) -> None:
    soon = datetime.now(UTC) - timedelta(seconds=9)  # within the leeway now, so it is accepted once
    token = signed(suite_keys, exp=soon)
    assert (await ask(gateway, token))[0] == 200
    soon_after = datetime.now(UTC) + timedelta(seconds=2)
    while datetime.now(UTC) < soon_after:
        status, _ = await ask(gateway, token)
        if status == 401:
            return
    pytest.fail("The token was still good.")


async def test_a_forged_token_is_refused(gateway: Client, company: FakeSuite) -> None:
    status, answer = await ask(gateway, jwt.encode(claims(), Ed25519PrivateKey.generate(), algorithm="EdDSA"))
    assert (status, answer["errors"][0]["message"]) == (401, "The token is not valid.")
    assert company.calls == {}


async def test_a_token_cannot_choose_how_it_is_checked(gateway: Client) -> None:
    for token in (
        jwt.encode(claims(), "", algorithm="none"),
        jwt.encode(claims(), "x" * 32, algorithm="HS256"),
    ):
        assert (await ask(gateway, token))[0] == 401


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"aud": "somebody-else"}, "The token is meant for somebody else (wrong audience)."),
        ({"iss": "https://evil.example"}, "The token is from an issuer that is not accepted here."),
        ({"exp": None}, "The token is not valid."),
        ({"sub": None}, "The token is not valid."),
    ],
)
async def test_a_token_with_wrong_claims_is_refused(
    gateway: Client, suite_keys: Keys, changes: dict[str, Any], message: str
) -> None:
    status, answer = await ask(gateway, signed(suite_keys, **changes))
    assert (status, answer["errors"][0]["message"]) == (401, message)


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic YTpi", "x", "Bearer " + "x" * 9000, "Bearer a.b.c"])
async def test_a_header_that_is_no_bearer_token_is_refused(gateway: Client, header: str) -> None:
    response = await gateway.http.post("/graphql", json={"query": MEMBERS}, headers={"authorization": header})
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


async def test_an_internal_token_is_no_sign_in(gateway: Client, company: FakeSuite, suite_keys: Keys) -> None:
    key = suite_keys.internal_private.read_bytes()
    token = jwt.encode(claims(iss="membercare-gateway", aud="membercare-services"), key, algorithm="EdDSA")
    assert (await ask(gateway, token))[0] == 401


async def test_somebody_unknown_gets_no_data_but_may_ask_about_the_schema(gateway: Client, company: FakeSuite) -> None:
    query = """{
      __typename viewer { subject } members { nodes { id } } node(id: "cus_1") { id } __schema { queryType { name } }
    }"""
    response = await gateway.http.post("/graphql", json={"query": query})
    answer = response.json()
    assert answer["data"] == {
        "__typename": "Query",
        "viewer": None,
        "members": None,
        "node": None,
        "__schema": {"queryType": {"name": "Query"}},
    }
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"UNAUTHENTICATED"}
    assert company.calls == {}


async def test_a_mutation_of_somebody_unknown_is_refused(gateway: Client, company: FakeSuite) -> None:
    query = 'mutation { closeCase(id: "cas_1", resolution: "x") { __typename } }'
    answer = (await gateway.http.post("/graphql", json={"query": query})).json()
    assert answer["data"] == {"closeCase": None}
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert company.calls == {}


@pytest.fixture
def oidc(settings: Callable[..., Settings]) -> Callable[[str], Settings]:
    """Production settings with an OpenID provider."""

    def make(jwks_url: str) -> Settings:
        return settings(
            env="production",
            dev_issuer_key_file=None,
            oidc_issuer="https://id.example",
            oidc_audience="membercare",
            oidc_jwks_url=jwks_url,
        )

    return make


async def test_a_token_of_the_openid_provider_signs_in(
    oidc: Callable[[str], Settings], issuer: DevIssuer, company: FakeSuite
) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key = {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key())), "kid": "k1", "use": "sig"}
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    theirs = claims(iss="https://id.example", aud="membercare", sub="bob")
    with serve_json({"/keys": {"keys": [key]}}) as provider:
        async with gateway_of(oidc(f"{provider.url}/keys"), issuer) as client:
            good = jwt.encode(theirs, pem, algorithm="RS256", headers={"kid": "k1"})
            status, answer = await ask(client, good, query="{ viewer { subject roles } }")
            assert (status, answer["data"]) == (200, {"viewer": {"subject": "bob", "roles": ["ops"]}})
            await ask(client, good)
            assert provider.asked == ["/keys"]
            unknown_key = jwt.encode(theirs, pem, algorithm="RS256", headers={"kid": "k2"})
            assert (await ask(client, unknown_key))[0] == 401


async def test_the_built_in_issuer_is_refused_in_production(
    oidc: Callable[[str], Settings], issuer: DevIssuer, suite_keys: Keys, company: FakeSuite
) -> None:
    async with gateway_of(oidc("http://127.0.0.1:1/keys"), issuer) as client:
        status, answer = await ask(client, signed(suite_keys))
    assert (status, answer["errors"][0]["message"]) == (401, "The token is from an issuer that is not accepted here.")


async def test_a_provider_that_is_away_is_told_as_503(
    oidc: Callable[[str], Settings], issuer: DevIssuer, suite_keys: Keys, company: FakeSuite
) -> None:
    async with gateway_of(oidc("http://127.0.0.1:1/keys"), issuer) as client:
        status, answer = await ask(client, signed(suite_keys, iss="https://id.example"))
    assert (status, answer["errors"][0]["extensions"]["code"]) == (503, "SERVICE_UNAVAILABLE")


async def test_somebody_unknown_may_not_ask_about_the_schema_in_production(
    oidc: Callable[[str], Settings], issuer: DevIssuer, company: FakeSuite
) -> None:
    async with gateway_of(oidc("http://127.0.0.1:1/keys"), issuer) as client:
        for query in (
            "{ __schema { types { name } } }",
            '{ ...X } fragment X on Query { __type(name: "Query") { name } }',
        ):
            answer = (await client.http.post("/graphql", json={"query": query})).json()
            assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
            assert "data" not in answer


async def test_errors_hint_at_names_of_the_schema_only_while_developing(
    gateway: Client, oidc: Callable[[str], Settings], issuer: DevIssuer, company: FakeSuite
) -> None:
    query = {"query": "{ membrs { nodes { id } } }"}
    hint = "Did you mean 'members'"
    assert hint in (await gateway.http.post("/graphql", json=query)).json()["errors"][0]["message"]
    async with gateway_of(oidc("http://127.0.0.1:1/keys"), issuer) as client:
        assert hint not in (await client.http.post("/graphql", json=query)).text
