"""Dispatch processes and a mail server that are killed while mail leaves by two servers: everybody gets one."""

from collections import Counter
from pathlib import Path

from deploy.local.keys import Keys
from deploy.local.sink_client import SinkProcess
from services.care.domain.providers.kinds import ProviderKind
from services.care.store.providers.providers import MongoProviders
from services.chassis.clock import SystemClock
from services.chassis.ids import new_id
from tests.integration.care.greetings import Greetings, solar
from tests.integration.rpc_process import RpcProcess
from tests.integration.waiting import wait_until
from tests.unit.care.providers import a_provider

PEOPLE = 160
MISSED = {"mail_server_away", "mail_connection_lost", "provider_does_not_answer"}
"""What a dispatcher logs that sends by a server, or asks one, which is gone."""


def kept(*sinks: SinkProcess) -> Counter[str]:
    return Counter(each["to"] for sink in sinks for each in sink.messages())


def wait_for(least: int, *sinks: SinkProcess) -> None:
    wait_until(lambda: kept(*sinks).total() >= least)


def sent(greetings: Greetings) -> int:
    return greetings.database["touches"].count_documents({"state": "TOUCH_STATE_SENT"})


def plan(greetings: Greetings) -> list[str]:
    """Plan a greeting for each of so many members whose birthday is today; return their addresses."""
    now = SystemClock().now()
    greetings.clock.set(now)
    born, zone = solar(f"1988-{now:%m-%d}"), "Etc/UTC"
    members = [greetings.member(birthday=born, time_zone=zone) for _ in range(PEOPLE)]
    assert greetings.plan(greetings.running(send_at="00:00")).touches == PEOPLE
    return [each.email for each in members]


def register(greetings: Greetings, sink: SinkProcess, *, priority: int) -> None:
    told = {"host": "127.0.0.1", "port": str(sink.smtp_port), "tls": "none", "lookup_url": sink.http_url}
    key = new_id("prv", greetings.clock.now())
    provider = a_provider(ProviderKind.SMTP, id=key, settings=told, priority=priority, per_second=40)
    MongoProviders(greetings.clock).add(provider.checked(), request_key="")


async def test_dispatchers_and_a_mail_server_that_are_killed_lose_nobody_and_double_nobody(
    greetings: Greetings, mongo_url: str, suite_keys: Keys, tmp_path: Path
) -> None:
    sinks = first, second = SinkProcess(tmp_path / "first"), SinkProcess(tmp_path / "second")
    settings = {"CARE_DATABASE": greetings.database.name, "DISPATCH_LEASE_SECONDS": "2"}
    settings |= {"SMTP_URL": "smtp://127.0.0.1:9", "SMTP_LOOKUP_URL": second.http_url}
    care = RpcProcess("care", mongo_url=mongo_url, keys=suite_keys, folder=tmp_path, **settings)
    try:
        for sink in sinks:
            sink.start()
        wanted = plan(greetings)
        register(greetings, first, priority=90)
        register(greetings, second, priority=10)
        for least in (20, 60):
            dispatcher = care.start("dispatch")
            wait_for(least, *sinks)
            dispatcher.kill()
            dispatcher.wait()
        care.start("dispatch")
        wait_for(100, *sinks)
        first.kill9()
        wait_until(lambda: sent(greetings) == PEOPLE or any(word in care.log_file.read_text() for word in MISSED))
        first.start()
        wait_until(lambda: sent(greetings) == PEOPLE, seconds=120)
        assert kept(*sinks) == Counter(wanted)
        assert all(kept(sink) for sink in sinks)
    finally:
        care.kill()
        for sink in sinks:
            sink.kill9()
