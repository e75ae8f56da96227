import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest

from deploy.local.keys import Keys
from deploy.local.mongod import Mongod
from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import a_customer, new_customer
from tests.integration.rpc_process import NOT_SERVING, ROOT, SERVING, RpcProcess
from tests.integration.waiting import wait_until


def test_a_service_that_starts_before_its_database_serves_once_that_answers_and_survives_its_outage(
    suite_keys: Keys, mortal_mongod: Mongod, tmp_path: Path
) -> None:
    mortal_mongod.stop()
    contracts = RpcProcess("contracts", mongo_url=mortal_mongod.url, keys=suite_keys, folder=tmp_path)
    with contracts, Calling(contracts.port, suite_keys) as calling:
        wait_until(lambda: contracts.health() == NOT_SERVING)
        assert "ready" not in contracts.events()

        mortal_mongod.start()
        contracts.migrate()
        wait_until(lambda: contracts.health() == SERVING)
        wait_until(lambda: "ready" in contracts.events())
        sales = calling.as_role(ContractsServiceStub, "sales")
        customer = a_customer(sales, request_id="r-1")

        mortal_mongod.kill9()
        wait_until(lambda: contracts.health() == NOT_SERVING)
        assert_every_call_is_refused_at_once(calling)

        mortal_mongod.start()
        wait_until(lambda: contracts.health() == SERVING)
        assert a_customer(sales, request_id="r-1") == customer
        assert list(sales.ListCustomers(pb.ListCustomersRequest()).customers) == [customer]
        contracts.process.send_signal(signal.SIGTERM)
        assert contracts.process.wait(15) == 0
    assert "stopped" in contracts.events()
    assert "fault" not in contracts.events()


def assert_every_call_is_refused_at_once(calling: Calling) -> None:
    """Many callers at once, so that none waits for another one's database driver to lose hope."""
    sales = calling.as_role(ContractsServiceStub, "sales")
    began = time.monotonic()
    with ThreadPoolExecutor(20) as pool:
        reads = [pool.submit(refused, sales.ListCustomers, pb.ListCustomersRequest()) for _ in range(20)]
        writes = [pool.submit(refused, sales.CreateCustomer, new_customer()) for _ in range(20)]
        refusals = [each.result() for each in (*reads, *writes)]
    assert {(refusal.kind, refusal.reason) for refusal in refusals} == {(Kind.UNAVAILABLE, "DATABASE_UNAVAILABLE")}
    assert time.monotonic() - began < 6


def test_a_call_that_the_outage_surprises_is_unavailable_and_no_fault(
    suite_keys: Keys, mortal_mongod: Mongod, tmp_path: Path
) -> None:
    contracts = RpcProcess("contracts", mongo_url=mortal_mongod.url, keys=suite_keys, folder=tmp_path)
    with contracts, Calling(contracts.port, suite_keys) as calling:
        wait_until(lambda: contracts.health() == SERVING)
        plain = calling.plain(ContractsServiceStub)  # no retries: this very call is looked at
        metadata = (("authorization", f"Bearer {calling.token('sales')}"),)
        mortal_mongod.kill9()
        refusal = refused(plain.ListCustomers, pb.ListCustomersRequest(), metadata=metadata, timeout=4)
        assert (refusal.kind, refusal.reason) == (Kind.UNAVAILABLE, "DATABASE_UNAVAILABLE")
        assert "fault" not in contracts.events()


def test_a_database_that_hangs_is_unavailable_before_the_caller_gives_up_and_then_at_once(
    suite_keys: Keys, mortal_mongod: Mongod, tmp_path: Path
) -> None:
    contracts = RpcProcess("contracts", mongo_url=mortal_mongod.url, keys=suite_keys, folder=tmp_path)
    with contracts, Calling(contracts.port, suite_keys) as calling:
        wait_until(lambda: contracts.health() == SERVING)
        plain = calling.plain(ContractsServiceStub)
        metadata = (("authorization", f"Bearer {calling.token('sales')}"),)
        plain.ListCustomers(pb.ListCustomersRequest(), metadata=metadata, timeout=5)
        with frozen(mortal_mongod.pid):
            refusal = refused(plain.ListCustomers, pb.ListCustomersRequest(), metadata=metadata, timeout=10)
            assert (refusal.kind, refusal.reason) == (Kind.UNAVAILABLE, "DATABASE_UNAVAILABLE")
            wait_until(lambda: contracts.health() == NOT_SERVING)
            assert_every_call_is_refused_at_once(calling)
        wait_until(lambda: contracts.health() == SERVING)
        plain.ListCustomers(pb.ListCustomersRequest(), metadata=metadata, timeout=5)
        assert "fault" not in contracts.events()


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """Hold every thread of a process: sending the signal returns earlier, and one more call may then be answered."""
    os.kill(pid, signal.SIGSTOP)
    wait_until(lambda: {_state(thread) for thread in Path(f"/proc/{pid}/task").iterdir()} == {"T"})
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _state(thread: Path) -> str:
    return (thread / "stat").read_text().rpartition(")")[2].split()[0]


def test_every_wrong_setting_is_named_at_once_and_the_process_ends_with_status_two() -> None:
    env = {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'protos/gen'}", "ENV": "staging", "LOG_LEVEL": "loud"}
    ended = subprocess.run(
        [sys.executable, "-m", "services.contracts", "rpc"],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "ENV='staging': must be one of development, production" in ended.stderr
    assert "LOG_LEVEL='loud'" in ended.stderr


def test_rpc_without_a_key_to_check_tokens_with_ends_with_status_two() -> None:
    env = {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'protos/gen'}"}
    for settings, expected in (
        ({}, "INTERNAL_TOKEN_PUBLIC_KEY_FILE is missing"),
        ({"INTERNAL_TOKEN_PUBLIC_KEY_FILE": "/nowhere.pem"}, "/nowhere.pem"),
        ({"INTERNAL_TOKEN_PUBLIC_KEY_FILE": __file__}, "INTERNAL_TOKEN_PUBLIC_KEY_FILE"),
    ):
        ended = subprocess.run(
            [sys.executable, "-m", "services.contracts", "rpc"],
            env={**env, **settings},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ended.returncode, expected in ended.stderr) == (2, True), ended.stderr


def test_a_role_that_does_not_exist_is_told_which_do() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "services.contracts", "dispatch"],
        env={"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'protos/gen'}"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr == "usage: python -m services.contracts rpc | consumers | jobs | migrate | replay --event ID\n"


def test_reflection_is_for_development_only(suite_keys: Keys, mongo_url: str, tmp_path: Path) -> None:
    path = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
    contracts = RpcProcess("contracts", mongo_url=mongo_url, keys=suite_keys, folder=tmp_path, ENV="production")
    with contracts:
        wait_until(lambda: contracts.health() == SERVING)
        ask: Any = contracts.channel.stream_stream(path)
        with pytest.raises(grpc.RpcError) as error:
            list(ask(iter([b""]), timeout=5))
        assert error.value.code() is grpc.StatusCode.UNIMPLEMENTED
