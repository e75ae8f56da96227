import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local import leash, state
from deploy.local.ports import free_port

READY_SECONDS = 100.0


def command(*arguments: str, data: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.local", *arguments, "--data", str(data)],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, subprocess.Popen[bytes]]]:
    """`make run` as a person starts it, on a port of its own."""
    data = tmp_path_factory.mktemp("run")
    env = {**os.environ, "GATEWAY_ADDRESS": f"127.0.0.1:{free_port()}"}
    screen = data / "screen.txt"
    command = [sys.executable, "-m", "deploy.local", "up", "--data", str(data)]
    process = leash.spawn(command, env=env, stdout=screen, stderr=screen)
    ends = time.monotonic() + READY_SECONDS
    while not (data / state.FILE).exists():
        assert process.poll() is None, (data / "screen.txt").read_text()
        assert time.monotonic() < ends, (data / "screen.txt").read_text()
        time.sleep(0.1)
    yield data, process
    try:
        assert_stop_drains_and_leaves_nothing_behind(data, process)  # at the end, however the tests were shuffled
    finally:
        process.kill()
        process.wait()


def assert_stop_drains_and_leaves_nothing_behind(data: Path, process: subprocess.Popen[bytes]) -> None:
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) >= 14
    assert command("down", data=data).stdout == "Everything has ended. The data stays.\n"
    assert process.wait(timeout=10) == 0
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []


def test_a_token_of_a_running_suite_signs_in(running: tuple[Path, subprocess.Popen[bytes]]) -> None:
    data, _ = running
    token = command("token", "--role", "ops", data=data).stdout.strip()
    request = urllib.request.Request(
        state.read(data)["graphql"],
        data=json.dumps({"query": "{ members(first: 1) { edges { node { id } } } }"}).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert json.load(answer) == {"data": {"members": {"edges": []}}}


def test_a_second_run_says_where_the_first_is(running: tuple[Path, subprocess.Popen[bytes]]) -> None:
    data, process = running
    second = command("up", data=data)
    assert second.returncode == 1
    assert f"already runs on {data} at {state.read(data)['gateway']} (process {process.pid})" in second.stdout


def test_no_token_is_made_outside_of_development(running: tuple[Path, subprocess.Popen[bytes]]) -> None:
    refused = command("token", data=running[0], ENV="production")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "ENV is not development" in refused.stderr


def test_an_unknown_role_is_answered_with_those_that_exist(running: tuple[Path, subprocess.Popen[bytes]]) -> None:
    refused = command("token", "--role", "king", data=running[0])
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "no role king" in refused.stderr
    assert "approver" in refused.stderr


def test_an_empty_inbox_says_so(running: tuple[Path, subprocess.Popen[bytes]]) -> None:
    assert command("inbox", data=running[0]).stdout.startswith("Nothing was sent yet")


def test_an_event_that_is_not_parked_cannot_be_replayed(running: tuple[Path, subprocess.Popen[bytes]]) -> None:
    refused = command("replay", "--event", "evt_unknown", data=running[0])
    assert refused.returncode == 1
    assert "No event evt_unknown is parked" in refused.stderr


def test_ctrl_c_ends_every_process_and_keeps_the_data(tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.mktemp("interrupted")
    env = {**os.environ, "GATEWAY_ADDRESS": f"127.0.0.1:{free_port()}"}
    screen = data / "screen.txt"
    command = [sys.executable, "-m", "deploy.local", "up", "--data", str(data)]
    process = leash.spawn(command, env=env, stdout=screen, stderr=screen)
    supervisor = psutil.Process(process.pid)
    ends = time.monotonic() + READY_SECONDS
    while len(supervisor.children(recursive=True)) < 5 and time.monotonic() < ends:
        time.sleep(0.05)
    children = supervisor.children(recursive=True)
    process.send_signal(signal.SIGINT)  # in the middle of the start
    assert process.wait(timeout=60) == 1
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
    assert (data / "mongod" / "db").is_dir()
    assert not state.is_running(data)


def test_a_port_that_is_taken_is_named_with_its_program(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = command("up", data=tmp_path, GATEWAY_ADDRESS=f"127.0.0.1:{port}")
    assert refused.returncode == 1
    assert f"Port {port} is taken by" in refused.stdout
    assert f"GATEWAY_ADDRESS=127.0.0.1:{port + 1}" in refused.stdout
    assert not (tmp_path / "mongod").exists()


@pytest.mark.parametrize("name", ["token", "inbox"])
def test_a_command_without_a_suite_says_how_to_start_one(name: str, tmp_path: Path) -> None:
    refused = command(name, data=tmp_path / "nowhere")
    assert refused.returncode == 1
    assert "make run DATA=" in refused.stderr
    assert not (tmp_path / "nowhere").exists()
