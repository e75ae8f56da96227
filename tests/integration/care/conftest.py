"""The care service over a real socket, on a real database."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo import AsyncMongoClient, MongoClient
from pymongo.database import Database

from deploy.local.keys import Keys
from deploy.local.sink_client import SinkProcess
from gateway.config import Settings as GatewaySettings
from gateway.signin import DevIssuer
from services.care import app
from services.care.config import Settings
from services.care.consumers import CareConsumers
from services.care.domain.channels import Channel
from services.chassis import mongo
from services.chassis.rpc_server import RpcServer
from tests.fakes.clock import FrozenClock
from tests.fakes.suite import Client, gateway_of
from tests.integration.calling import Calling
from tests.integration.care.calling_back import CallingBack
from tests.integration.care.channels import Channels
from tests.integration.care.confirming import Confirming
from tests.integration.care.greetings import Greetings, smtp_mailer, utc
from tests.integration.care.keeping import Keeping
from tests.integration.care.receiving import SECRETS
from tests.integration.emptying import empty
from tests.integration.gateway.process import GatewayProcess
from tests.integration.gateway.process import gateway as gateway_process


@pytest.fixture(scope="session")
def care_settings(
    mongo_url: str, suite_keys: Keys, sink: SinkProcess, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    link_keys = tmp_path_factory.mktemp("links") / "links.key"
    link_keys.write_text(f"{'k' * 32}\n")
    return Settings(
        public_url="https://care.example",
        channel_prices="CNY email=500 sms=45000",
        link_key_file=link_keys,
        mongo_url=mongo_url,
        smtp_url=sink.smtp_url,
        provider_secrets_dir=tmp_path_factory.mktemp("provider_secrets"),
        care_database=f"care_{uuid4().hex[:12]}",
        internal_token_public_key_file=suite_keys.internal_public,
    )


@pytest.fixture(scope="session")
def care_database_name(care_settings: Settings) -> Iterator[str]:
    app.migrate(care_settings)
    yield care_settings.care_database
    mongo.disconnect(app.ALIAS)


@pytest.fixture(scope="session")
def care_server(care_settings: Settings, care_database_name: str) -> Iterator[RpcServer]:
    server = RpcServer(app.build_service(care_settings), "127.0.0.1:0")
    server.start()
    yield server
    server.stop(grace=0)


@pytest.fixture
def database(care_database_name: str, mongo_client: MongoClient[dict[str, Any]]) -> Database[dict[str, Any]]:
    """Look behind the service's back; every test finds it empty."""
    found: Database[dict[str, Any]] = mongo_client[care_database_name]
    empty(found, but=("migrations",))
    return found


@pytest.fixture
def calling(care_server: RpcServer, suite_keys: Keys, database: Database[dict[str, Any]]) -> Iterator[Calling]:
    with Calling(care_server.port, suite_keys) as made:
        yield made


@pytest.fixture
def consumers(care_settings: Settings, calling: Calling) -> CareConsumers:
    """Hear what other services say, as the consumers process does."""
    service: CareConsumers = app.build_consumers(care_settings).service
    return service


@pytest.fixture
async def gateway(calling: Calling, suite_keys: Keys, tmp_path: Path) -> AsyncIterator[Client]:
    """The gateway in front of the real service, open to words of a mail provider; the other services are away."""
    away, secrets = "127.0.0.1:1", tmp_path / "receipt_secrets"
    secrets.write_text(SECRETS)
    settings = GatewaySettings(
        care_address=calling.address,
        contracts_address=away,
        feedback_address=away,
        kpi_address=away,
        internal_token_private_key_file=suite_keys.internal_private,
        dev_issuer_key_file=suite_keys.dev_issuer,
        receipt_secrets_file=secrets,
    )
    async with gateway_of(settings, DevIssuer(suite_keys.dev_issuer.read_bytes())) as client:
        yield client


@pytest.fixture(scope="session")
def door(care_server: RpcServer, suite_keys: Keys) -> Iterator[GatewayProcess]:
    """A gateway process in front of the real service; the other services are away."""
    addresses = {f"{name}_address": "127.0.0.1:1" for name in ("contracts", "feedback", "kpi")}
    with gateway_process(suite_keys, addresses | {"care_address": f"127.0.0.1:{care_server.port}"}) as process:
        yield process


@pytest.fixture
def caller(
    door: GatewayProcess, greetings: Greetings, sms: Keeping, calling: Calling, care_settings: Settings
) -> CallingBack:
    """A provider of SMS that calls back at the door of a gateway process."""
    return CallingBack(greetings, care_settings, door.url)


@pytest.fixture
async def greetings(database: Database[dict[str, Any]], mongo_url: str, sink: SinkProcess) -> AsyncIterator[Greetings]:
    """A campaign's whole way from member to mail server; it is 10 in the morning in Shanghai."""
    mailer = smtp_mailer(sink.smtp_url)
    async with AsyncMongoClient[dict[str, Any]](mongo_url, tz_aware=True) as client:
        yield Greetings(database, client, FrozenClock(utc("2026-11-22 02:00")), mailer)
    await mailer.close()


@pytest.fixture
def sms(greetings: Greetings) -> Keeping:
    """Set up SMS, with a provider that accepts everything."""
    keeping = Keeping()
    greetings.others[Channel.SMS] = keeping
    return keeping


@pytest.fixture
def mail(greetings: Greetings) -> Keeping:
    """Put a provider that accepts everything in place of the mail server."""
    keeping = Keeping()
    greetings.mailer = keeping
    return keeping


@pytest.fixture
def confirming(calling: Calling, greetings: Greetings, care_settings: Settings, sink: SinkProcess) -> Confirming:
    """Somebody may be asked to confirm a consent."""
    return Confirming(calling, greetings, care_settings, sink)


@pytest.fixture
async def channels(
    database: Database[dict[str, Any]], mongo_url: str, tmp_path: Path
) -> AsyncIterator[Callable[[], Channels]]:
    """Make the channels of dispatchers: each call is another process on the same database; it is noon in UTC."""
    made: list[Channels] = []
    clock = FrozenClock(utc("2026-11-22 12:00"))
    async with AsyncMongoClient[dict[str, Any]](mongo_url, tz_aware=True) as client:

        def make() -> Channels:
            made.append(Channels(client[database.name], clock, tmp_path))
            return made[-1]

        yield make
        for each in made:
            await each.board.close()
