"""The kpi service over a real socket, on a real database."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.keys import Keys
from membercare.kpi.v1.kpi_service_pb2_grpc import KpiServiceStub
from services.chassis import mongo
from services.chassis.clock import SystemClock
from services.chassis.inbox import Inbox
from services.chassis.rpc_server import RpcServer
from services.kpi import app
from services.kpi.config import Settings
from services.kpi.consumers import KpiConsumers
from services.kpi.store import ALIAS, MongoFacts
from services.kpi.usecases.record_fact import RecordFact
from tests.integration.calling import Calling


@pytest.fixture(scope="session")
def kpi_settings(mongo_url: str, suite_keys: Keys) -> Settings:
    return Settings(
        mongo_url=mongo_url,
        kpi_database=f"kpi_{uuid4().hex[:12]}",
        internal_token_public_key_file=suite_keys.internal_public,
    )


@pytest.fixture(scope="session")
def kpi_server(kpi_settings: Settings) -> Iterator[RpcServer]:
    app.migrate(kpi_settings)
    server = RpcServer(app.build_service(kpi_settings), "127.0.0.1:0")
    server.start()
    yield server
    server.stop(grace=0)
    mongo.disconnect(ALIAS)


@pytest.fixture
def calling(kpi_server: RpcServer, suite_keys: Keys, database: Database[dict[str, Any]]) -> Iterator[Calling]:
    with Calling(kpi_server.port, suite_keys) as made:
        yield made


@pytest.fixture
def database(kpi_settings: Settings, mongo_client: MongoClient[dict[str, Any]]) -> Database[dict[str, Any]]:
    """Look behind the service's back; every test finds it empty."""
    found: Database[dict[str, Any]] = mongo_client[kpi_settings.kpi_database]
    for name in ("employees", "facts", "parked"):
        found[name].delete_many({})
    return found


@pytest.fixture
def hr(calling: Calling) -> KpiServiceStub:
    return calling.as_role(KpiServiceStub, "hr")


@pytest.fixture
def consumers(calling: Calling) -> KpiConsumers:
    clock = SystemClock()
    return KpiConsumers(Inbox(), RecordFact(MongoFacts(clock), clock, "Asia/Shanghai"))
