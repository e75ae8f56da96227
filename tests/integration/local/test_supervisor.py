import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psutil
import pytest

from deploy.local import leash, state
from deploy.local.child import Program, StartFailed
from deploy.local.processes import Places
from deploy.local.state import AlreadyRunning, NotRunning
from deploy.local.suite import Suite
from deploy.local.supervisor import Wanted
from tests.integration.waiting import wait_until

TINY = str(Path(__file__).with_name("tiny.py"))
Adapt = Callable[[Wanted], Wanted]


def tiny_set(**behaviours: str) -> Adapt:
    """Run these instead of the services; names like care_rpc stand for care-rpc."""

    def programs(places: Places, env: Mapping[str, str]) -> list[Program]:
        return [
            Program(
                name=name.replace("_", "-"),
                command=[sys.executable, "-u", TINY, behaviour],
                env=env,
                stop_seconds=1.0,
            )
            for name, behaviour in behaviours.items()
        ]

    return lambda wanted: dataclasses.replace(wanted, programs=programs, migrations=lambda _: [])


@pytest.fixture
def start(tmp_path: Path, mongo_url: str) -> Iterator[Callable[..., Suite]]:
    """Start a suite of tiny processes on the tests' own database; ended after the test."""
    made: list[Suite] = []

    def begin(**behaviours: str) -> Suite:
        made.append(Suite(tmp_path, mongo_url=mongo_url, wanted=tiny_set(**behaviours)))
        return made[-1].start()

    yield begin
    for suite in made:
        suite.stop(kill=True)


def children_of_this_process() -> set[tuple[int, str]]:
    """Return the direct ones: what other children start, like a broker that asks for the free disk, comes and goes."""
    return {(child.pid, child.name()) for child in psutil.Process().children()}


def test_a_suite_serves_says_where_and_leaves_nothing_behind(start: Callable[..., Suite], tmp_path: Path) -> None:
    before = children_of_this_process()
    suite = start(gateway="serve", care_rpc="serve")
    assert set(suite.pids()) == {"gateway", "care-rpc", "sink"}
    said = state.read(tmp_path)
    assert said["processes"] == suite.pids()
    assert said["gateway"] == suite.gateway_url
    suite.stop()
    assert children_of_this_process() == before
    assert '"stopped"' in suite.log("care-rpc")
    with pytest.raises(NotRunning):
        state.read(tmp_path)


def test_a_killed_process_is_restarted_and_published_anew(start: Callable[..., Suite], tmp_path: Path) -> None:
    suite = start(care_jobs="serve")
    killed = suite.pids()["care-jobs"]
    suite.kill9("care-jobs")
    pid = suite.wait_until_restarted("care-jobs", than=killed, seconds=10)
    assert pid != killed
    assert state.read(tmp_path)["processes"]["care-jobs"] == pid


def test_what_is_taken_down_stays_down_until_it_is_brought_up(start: Callable[..., Suite]) -> None:
    suite = start(care_jobs="serve", care_rpc="serve")
    suite.take_down("care-jobs", kill=True)
    time.sleep(0.5)
    assert "care-jobs" not in suite.pids()
    suite.bring_up("care-jobs")
    assert "care-jobs" in suite.pids()


def test_a_second_suite_on_the_same_data_is_refused_and_the_first_goes_on(
    start: Callable[..., Suite], tmp_path: Path, mongo_url: str
) -> None:
    first = start(gateway="serve")
    with pytest.raises(AlreadyRunning, match="already runs"):
        Suite(tmp_path, mongo_url=mongo_url, wanted=tiny_set(gateway="serve")).start()
    assert state.read(tmp_path)["processes"] == first.pids()


def test_a_process_that_ignores_the_request_to_end_is_killed(start: Callable[..., Suite]) -> None:
    before = children_of_this_process()
    suite = start(care_dispatch="stubborn")
    suite.stop()
    assert children_of_this_process() == before


def test_wrong_settings_end_the_start_with_their_words_and_leave_nothing_behind(start: Callable[..., Suite]) -> None:
    before = children_of_this_process()
    with pytest.raises(StartFailed, match="SPEED is missing"):
        start(care_rpc="wrong-settings", care_jobs="serve")
    assert children_of_this_process() == before


class Interrupted(BaseException):
    """As the time limit of a test does it, or Ctrl-C."""


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let SIGUSR1 interrupt the test: test runners keep SIGINT from their workers."""

    def interrupt(*_: object) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGUSR1, interrupt)
    yield
    signal.signal(signal.SIGUSR1, before)


@pytest.mark.usefixtures("interruptible")
def test_a_start_that_is_interrupted_leaves_nothing_behind(start: Callable[..., Suite], tmp_path: Path) -> None:
    before = children_of_this_process()
    log, main = tmp_path / "logs/care-rpc.log", threading.get_ident()

    def interrupt() -> None:
        wait_until(lambda: log.exists() and log.read_text() == "alive\n", 30)
        signal.pthread_kill(main, signal.SIGUSR1)

    interrupting = threading.Thread(target=interrupt)
    interrupting.start()
    with pytest.raises(Interrupted):
        start(care_rpc="never-ready", care_jobs="serve")
    interrupting.join()
    assert children_of_this_process() == before
    with pytest.raises(NotRunning):
        state.read(tmp_path)


def test_a_migration_that_does_not_end_is_given_up_with_its_words(tmp_path: Path, mongo_url: str) -> None:
    before = children_of_this_process()

    def stuck(wanted: Wanted) -> Wanted:
        endless = Program(name="care-migrate", command=[sys.executable, "-u", TINY, "never-ready"])
        return dataclasses.replace(
            tiny_set(care_rpc="serve")(wanted), migrations=lambda _: [endless], ready_seconds=2.0
        )

    with pytest.raises(StartFailed, match=r"care-migrate was not done after 2 s(.*\n)*.*alive"):
        Suite(tmp_path, mongo_url=mongo_url, wanted=stuck).start()
    assert children_of_this_process() == before


def test_a_process_that_always_ends_before_it_serves_is_given_up(start: Callable[..., Suite]) -> None:
    with pytest.raises(StartFailed, match=r"care-rpc ended with exit code 7.*\n.*no luck"):
        start(care_rpc="luckless")


def test_nothing_outlives_a_supervisor_that_is_killed(tmp_path: Path, mongo_url: str) -> None:
    script = (
        "import sys, time, pathlib; from deploy.local.suite import Suite;"
        "from tests.integration.local.test_supervisor import tiny_set;"
        f"Suite(pathlib.Path({str(tmp_path)!r}), mongo_url={mongo_url!r},"
        "wanted=tiny_set(care_rpc='serve', care_jobs='stubborn')).start(); print('up', flush=True); time.sleep(60)"
    )
    supervisor = leash.spawn([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == b"up\n"
    children = [psutil.Process(pid) for pid in state.read(tmp_path)["processes"].values()]
    assert len(children) == 3
    os.kill(supervisor.pid, signal.SIGKILL)
    supervisor.wait()
    supervisor.stdout.close()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
    assert not state.is_running(tmp_path)
