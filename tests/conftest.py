"""The real servers that tests stand on: private, on free ports, gone when the run ends."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
from pymongo import MongoClient
from xdist.scheduler.loadscope import LoadScopeScheduling

from deploy.local import keys, rabbitmq
from deploy.local.mongod import Mongod
from deploy.local.rabbitmq import RabbitMQ
from deploy.local.sink_client import SinkProcess

hypothesis.settings.register_profile("suite", deadline=None)  # a busy machine is slow, and not wrong
hypothesis.settings.load_profile("suite")
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "false")  # we fork to start programs, never to call from them

NO_BROKER = (
    "RabbitMQ is not installed on this machine (Debian: apt-get install rabbitmq-server): AMQP tests did not run."
)
_LONGEST_FIRST = ("tests/e2e/", "tests/integration/demo/", "tests/integration/local/", "tests/integration/", "")
_amqp_skipped: list[str] = []
_figures: list[str] = []


@pytest.fixture(scope="session")
def mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mongod]:
    """A private MongoDB replica set of one; tests that kill it start their own."""
    server = Mongod(tmp_path_factory.mktemp("mongod")).start()
    yield server
    server.kill9()  # its data goes with the run


@pytest.fixture
def mortal_mongod(tmp_path: Path) -> Iterator[Mongod]:
    """A database for this test alone, which it may stop, freeze and kill; it ends with the test, even a failed one."""
    server = Mongod(tmp_path / "mongod").start()
    yield server
    server.kill9()


@pytest.fixture(scope="session")
def mongo_url(mongod: Mongod) -> str:
    """Where the tests' MongoDB is."""
    return mongod.url


@pytest.fixture(scope="session")
def mongo_client(mongo_url: str) -> Iterator[MongoClient[dict[str, Any]]]:
    """A client of the tests' own, to look behind the product's back."""
    with MongoClient[dict[str, Any]](mongo_url, tz_aware=True) as client:
        yield client


@pytest.fixture
def new_database_name(mongo_client: MongoClient[dict[str, Any]]) -> Iterator[Callable[[str], str]]:
    """Make names of databases that nobody has; they are dropped after the test."""
    made: list[str] = []

    def make(hint: str = "test") -> str:
        made.append(f"{hint}_{uuid4().hex[:12]}")
        return made[-1]

    yield make
    for name in made:
        mongo_client.drop_database(name)


@pytest.fixture
def database_name(new_database_name: Callable[[str], str]) -> str:
    """The name of an empty database for this test alone."""
    return new_database_name("test")


@pytest.fixture(scope="session")
def rabbitmq_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    """A private RabbitMQ; where the program is missing the test is skipped, or fails under REQUIRE_AMQP=1."""
    if not rabbitmq.is_installed():
        if os.environ.get("REQUIRE_AMQP") == "1":
            pytest.fail(f"REQUIRE_AMQP=1, but: {NO_BROKER}", pytrace=False)
        pytest.skip(NO_BROKER)
    broker = RabbitMQ(tmp_path_factory.mktemp("rabbitmq")).start()
    yield broker
    broker.kill9()
    broker.stop()


@pytest.fixture
def amqp_url(rabbitmq_broker: RabbitMQ) -> Iterator[str]:
    """The address of an empty virtual host for this test alone."""
    vhost = f"test-{uuid4().hex[:12]}"
    yield rabbitmq_broker.create_vhost(vhost)
    rabbitmq_broker.delete_vhost(vhost)


@pytest.fixture
def nobody_listens(mongo_client: MongoClient[dict[str, Any]]) -> Iterator[None]:
    """The embedded bus without subscribers: who subscribed in another test would still be sent what is said here."""
    mongo_client.drop_database("membercare_bus")
    yield
    mongo_client.drop_database("membercare_bus")


@pytest.fixture(params=["embedded", "amqp"])
def bus_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """What AMQP_URL says: empty for the bus inside the database, else a broker. The test runs on both."""
    if request.param == "amqp":
        yield request.getfixturevalue("amqp_url")
        return
    request.getfixturevalue("nobody_listens")
    yield ""


@pytest.fixture(scope="session")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SinkProcess]:
    """A mail sink that keeps what it accepts; name recipients of your own, it is shared."""
    server = SinkProcess(tmp_path_factory.mktemp("sink")).start()
    yield server
    server.kill9()


@pytest.fixture(scope="session")
def suite_keys(tmp_path_factory: pytest.TempPathFactory) -> keys.Keys:
    """The internal token's key pair and the development issuer's key, as files."""
    folder: Path = tmp_path_factory.mktemp("keys")
    return keys.ensure(folder)


@pytest.fixture
def unreadable(caplog: pytest.LogCaptureFixture) -> Callable[[], set[tuple[str, str]]]:
    """Returns what gives, as (collection, id), the records of which the log said that they cannot be read."""

    def told() -> set[tuple[str, str]]:
        fields = [getattr(each, "fields", {}) for each in caplog.records]
        return {(each["collection"], str(each["id"])) for each in fields if each.get("event") == "record_unreadable"}

    return told


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: next(at for at, folder in enumerate(_LONGEST_FIRST) if folder in item.nodeid))


class FileByFile(LoadScopeScheduling):
    """A worker takes whole files, and the end-to-end tests as one: each worker that needs a suite starts its own."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "tests/e2e" if file.startswith("tests/e2e/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Replace xdist's `loadgroup`, which reads marks that this pytest no longer shows it."""
    config.option.loadscopereorder = False  # by number of tests: the few long ones would come last
    return FileByFile(config, log)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember who was skipped for want of a broker, and the figures that tests want people to see."""
    if report.when == "call":
        _figures.extend(str(value) for name, value in report.user_properties if name == "figures")
    if report.skipped and NO_BROKER in str(report.longrepr):
        _amqp_skipped.append(report.nodeid)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in one line, where everybody looks, that half of the bus was not tested."""
    for line in _figures:
        terminalreporter.write_line(line)
    if _amqp_skipped:
        terminalreporter.write_line(f"{len(_amqp_skipped)} tests skipped. {NO_BROKER}", yellow=True, bold=True)
