"""The contracts service over a real socket, on a real database."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.keys import Keys
from gateway.config import Settings as GatewaySettings
from gateway.signin import DevIssuer
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.chassis import mongo
from services.chassis.rpc_server import RpcServer
from services.contracts import app
from services.contracts.app import ALIAS
from services.contracts.app.renewals import RenewalJobs, build_jobs
from services.contracts.config import Settings
from services.contracts.consumers import ContractsConsumers
from tests.fakes.clock import FrozenClock
from tests.fakes.suite import Client, gateway_of
from tests.integration.calling import Calling
from tests.integration.emptying import empty

NOWHERE = "127.0.0.1:1"


@pytest.fixture(scope="session")
def contracts_settings(mongo_url: str, suite_keys: Keys) -> Settings:
    return Settings(
        mongo_url=mongo_url,
        contracts_database=f"contracts_{uuid4().hex[:12]}",
        internal_token_public_key_file=suite_keys.internal_public,
        price_list_seconds=0,  # every test publishes prices of its own
    )


@pytest.fixture(scope="session")
def contracts_server(contracts_settings: Settings) -> Iterator[RpcServer]:
    app.migrate(contracts_settings)
    server = RpcServer(app.build_service(contracts_settings), "127.0.0.1:0")
    server.start()
    yield server
    server.stop(grace=0)
    mongo.disconnect(ALIAS)


@pytest.fixture
def calling(contracts_server: RpcServer, suite_keys: Keys, database: Database[dict[str, Any]]) -> Iterator[Calling]:
    with Calling(contracts_server.port, suite_keys) as made:
        yield made


@pytest.fixture
def database(contracts_settings: Settings, mongo_client: MongoClient[dict[str, Any]]) -> Database[dict[str, Any]]:
    """Look behind the service's back; every test finds it empty."""
    found = mongo_client[contracts_settings.contracts_database]
    empty(found)
    return found


@pytest.fixture
def consumers(calling: Calling, contracts_settings: Settings) -> ContractsConsumers:
    """Hear what other services say, as the consumers process does."""
    service: ContractsConsumers = app.build_consumers(contracts_settings).service
    return service


@pytest.fixture
def sales(calling: Calling) -> ContractsServiceStub:
    return calling.as_subject(ContractsServiceStub, "li.wen", "sales")


@pytest.fixture
def legal(calling: Calling) -> ContractsServiceStub:
    """Another person than `sales`: four eyes."""
    return calling.as_subject(ContractsServiceStub, "zhou.min", "legal")


@pytest.fixture
async def gateway(calling: Calling, suite_keys: Keys) -> AsyncIterator[Client]:
    """A real gateway in front of the service; the other services are down."""
    settings = GatewaySettings(
        contracts_address=calling.address,
        care_address=NOWHERE,
        feedback_address=NOWHERE,
        kpi_address=NOWHERE,
        internal_token_private_key_file=suite_keys.internal_private,
        dev_issuer_key_file=suite_keys.dev_issuer,
    )
    async with gateway_of(settings, DevIssuer(suite_keys.dev_issuer.read_bytes())) as client:
        yield client


@pytest.fixture
def clock() -> FrozenClock:
    """The day on which tests of what is due begin."""
    return FrozenClock(datetime(2026, 11, 22, 4, 0, tzinfo=UTC))


@pytest.fixture
def renewal_jobs(
    contracts_server: RpcServer, contracts_settings: Settings, clock: FrozenClock, database: Database[dict[str, Any]]
) -> RenewalJobs:
    """What is done about renewals, on an empty database."""
    return build_jobs(contracts_settings, clock)
