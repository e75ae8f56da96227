import asyncio
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from deploy.local.keys import Keys
from deploy.local.ports import is_free
from gateway.signin import DevIssuer
from membercare.care.v1 import care_service_pb2 as care
from tests.fakes.company import move_in
from tests.fakes.suite import FakeSuite
from tests.integration.gateway.process import ROOT, gateway, run
from tests.integration.waiting import wait_until

MEMBERS = {"query": "query Everybody { members(first: 1) { nodes { name } } }"}


@pytest.fixture
def headers(suite_keys: Keys) -> dict[str, str]:
    issuer = DevIssuer(suite_keys.dev_issuer.read_bytes())
    return {"authorization": f"Bearer {issuer.issue(subject='alice', roles=['ops'], now=datetime.now(UTC))}"}


def hanging(release: threading.Event) -> Callable[[Any], care.ListMembersResponse]:
    def hang(_: Any) -> care.ListMembersResponse:
        release.wait(20)
        return care.ListMembersResponse()

    return hang


def test_a_gateway_serves_says_ready_logs_and_drains(
    suite: FakeSuite, suite_keys: Keys, headers: dict[str, str]
) -> None:
    move_in(suite)
    with gateway(suite_keys, suite.addresses()) as process:
        answer = httpx.post(f"{process.url}/graphql", json=MEMBERS, headers={**headers, "x-request-id": "r-1"})
        assert answer.json() == {"data": {"members": {"nodes": [{"name": "Member 0"}]}}}
        assert httpx.get(f"{process.url}/health").json()["status"] == "serving"
        assert process.terminate() == 0
    assert [line["event"] for line in process.lines] == ["ready", "graphql", "stopped"]
    line = process.lines[1]
    assert (line["request_id"], line["operation"], line["kind"], line["status"], line["errors"]) == (
        "r-1",
        "Everybody",
        "query",
        200,
        [],
    )
    assert "alice" not in str(process.lines)


def test_a_request_under_way_is_finished_before_the_gateway_ends(
    suite: FakeSuite, suite_keys: Keys, headers: dict[str, str]
) -> None:
    move_in(suite)
    quick, asked, release = suite.care.answers["ListMembers"], threading.Event(), threading.Event()

    def slow(request: Any) -> Any:
        asked.set()
        release.wait(20)
        return quick(request)

    suite.care.answers["ListMembers"] = slow
    with gateway(suite_keys, suite.addresses()) as process, ThreadPoolExecutor() as elsewhere:
        answer = elsewhere.submit(httpx.post, f"{process.url}/graphql", json=MEMBERS, headers=headers)
        assert asked.wait(10)
        status = elsewhere.submit(process.terminate)
        wait_until(lambda: is_free(process.port))
        release.set()
        assert status.result() == 0
    assert answer.result().json() == {"data": {"members": {"nodes": [{"name": "Member 0"}]}}}


def test_a_gateway_starts_while_every_service_is_down(suite_keys: Keys, headers: dict[str, str]) -> None:
    nobody = {f"{name}_address": "127.0.0.1:1" for name in ("contracts", "care", "feedback", "kpi")}
    with gateway(suite_keys, nobody) as process:
        began = time.monotonic()
        health = httpx.get(f"{process.url}/health")
        assert time.monotonic() - began < 2
        assert (health.status_code, health.json()["status"]) == (200, "degraded")
        answer = httpx.post(f"{process.url}/graphql", json=MEMBERS, headers=headers).json()
        assert answer["data"] == {"members": None}
        assert answer["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"


def test_a_service_that_comes_later_is_found(suite: FakeSuite, suite_keys: Keys, headers: dict[str, str]) -> None:
    move_in(suite)
    port = suite.care.port
    suite.care.stop()
    with gateway(suite_keys, suite.addresses()) as process:
        url = f"{process.url}/graphql"
        assert httpx.post(url, json=MEMBERS, headers=headers).json()["data"] == {"members": None}
        suite.care.start_again(port)
        wait_until(lambda: httpx.post(url, json=MEMBERS, headers=headers).json().get("errors") is None)


async def test_a_request_that_nobody_waits_for_is_cancelled_downstream(
    suite: FakeSuite, suite_keys: Keys, headers: dict[str, str]
) -> None:
    release = threading.Event()
    suite.care.answers["ListMembers"] = hanging(release)
    with gateway(suite_keys, suite.addresses()) as process:
        async with httpx.AsyncClient() as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.post(f"{process.url}/graphql", json=MEMBERS, headers=headers, timeout=0.5)
        await asyncio.to_thread(wait_until, lambda: suite.care.cancelled == ["ListMembers"])
        release.set()
        process.terminate()
    assert [line["status"] for line in process.lines if line["event"] == "graphql"] == [499]


def test_a_request_that_takes_too_long_is_given_up(suite: FakeSuite, suite_keys: Keys, headers: dict[str, str]) -> None:
    release = threading.Event()
    suite.care.answers["ListMembers"] = hanging(release)
    with gateway(suite_keys, suite.addresses(), REQUEST_SECONDS="0.5") as process:
        answer = httpx.post(f"{process.url}/graphql", json=MEMBERS, headers=headers)
        release.set()
    assert answer.json()["errors"][0]["extensions"]["code"] == "DEADLINE_EXCEEDED"
    assert "x-request-id" in answer.headers


def test_wrong_settings_are_told_all_at_once() -> None:
    ended = run(CARE_ADDRESS="nowhere", ENV="test", REQUEST_SECONDS="soon")
    assert ended.returncode == 2
    for word in (
        "CONTRACTS_ADDRESS is missing",
        "FEEDBACK_ADDRESS",
        "KPI_ADDRESS",
        "ENV='test'",
        "REQUEST_SECONDS",
        "INTERNAL_TOKEN_PRIVATE_KEY_FILE",
    ):
        assert word in ended.stderr
    assert ended.stdout == ""


ADDRESSES = {f"{name}_ADDRESS": "127.0.0.1:1" for name in ("CONTRACTS", "CARE", "FEEDBACK", "KPI")}


def test_settings_that_do_not_go_together_are_told_all_at_once(suite_keys: Keys) -> None:
    ended = run(
        **{**ADDRESSES, "CARE_ADDRESS": "nowhere"},
        ENV="production",
        INTERNAL_TOKEN_PRIVATE_KEY_FILE="/nowhere.pem",
        DEV_ISSUER_KEY_FILE=str(suite_keys.dev_issuer),
        INBOX_URL="http://127.0.0.1:1",
        MAX_QUERY_COST="0",
    )
    assert ended.returncode == 2
    for word in (
        "CARE_ADDRESS",
        "/nowhere.pem",
        "OIDC_ISSUER",
        "OIDC_AUDIENCE",
        "OIDC_JWKS_URL",
        "DEV_ISSUER_KEY_FILE",
        "INBOX_URL",
        "MAX_QUERY_COST",
    ):
        assert word in ended.stderr


def test_a_key_of_the_wrong_kind_is_a_wrong_setting(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text("nonsense")
    ended = run(**ADDRESSES, INTERNAL_TOKEN_PRIVATE_KEY_FILE=str(key))
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr


def test_a_port_that_is_taken_ends_the_gateway(suite_keys: Keys) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        key = str(suite_keys.internal_private)
        ended = run(**ADDRESSES, GATEWAY_ADDRESS=address, INTERNAL_TOKEN_PRIVATE_KEY_FILE=key)
    assert ended.returncode not in {0, 2}
    assert '"ready"' not in ended.stdout


def test_a_token_is_printed_while_developing(suite_keys: Keys) -> None:
    arguments = ("token", "--role", "ops", "--role", "approver", "--subject", "alice")
    ended = run(*arguments, DEV_ISSUER_KEY_FILE=str(suite_keys.dev_issuer))
    assert ended.returncode == 0
    public = load_pem_private_key(suite_keys.dev_issuer.read_bytes(), None).public_key()
    claims = jwt.decode(ended.stdout.strip(), public, algorithms=["EdDSA"], audience="membercare-gateway")  # type: ignore[arg-type]
    assert (claims["sub"], claims["roles"]) == ("alice", ["approver", "ops"])
    assert timedelta(seconds=claims["exp"] - claims["iat"]) == timedelta(hours=8)


@pytest.mark.parametrize(
    ("changes", "roles", "word"),
    [
        ({"ENV": "production"}, ["ops"], "ENV is production"),
        ({"DEV_ISSUER_KEY_FILE": ""}, ["ops"], "DEV_ISSUER_KEY_FILE"),
        ({"DEV_ISSUER_KEY_FILE": "/nowhere"}, ["ops"], "DEV_ISSUER_KEY_FILE"),
        ({}, ["king"], "king"),
    ],
)
def test_a_token_is_refused_otherwise(suite_keys: Keys, changes: dict[str, str], roles: list[str], word: str) -> None:
    environment = {"DEV_ISSUER_KEY_FILE": str(suite_keys.dev_issuer), **changes}
    ended = run("token", "--subject", "alice", *(part for role in roles for part in ("--role", role)), **environment)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert word in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_schema_is_printed_without_any_setting() -> None:
    ended = run("schema")
    assert ended.returncode == 0
    assert ended.stdout == (ROOT / "gateway" / "schema.graphql").read_text()


def test_the_gateway_imports_no_service() -> None:
    code = (
        "import sys; sys.path[:0] = ['.', 'protos/gen']; import gateway.app, gateway.server; "
        "print(sorted(name for name in sys.modules if name.startswith('services.') and '.chassis' not in name))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
