"""The feedback service over a real socket, on a real database."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.keys import Keys
from services.chassis import mongo
from services.chassis.rpc_server import RpcServer
from services.feedback import app
from services.feedback.config import Settings
from services.feedback.consumers import FeedbackConsumers
from services.feedback.store import ALIAS
from tests.integration.calling import Calling


@pytest.fixture(scope="session")
def feedback_settings(mongo_url: str, suite_keys: Keys) -> Settings:
    return Settings(
        mongo_url=mongo_url,
        feedback_database=f"feedback_{uuid4().hex[:12]}",
        internal_token_public_key_file=suite_keys.internal_public,
    )


@pytest.fixture(scope="session")
def feedback_server(feedback_settings: Settings) -> Iterator[RpcServer]:
    app.migrate(feedback_settings)
    server = RpcServer(app.build_service(feedback_settings), "127.0.0.1:0")
    server.start()
    yield server
    server.stop(grace=0)
    mongo.disconnect(ALIAS)


@pytest.fixture
def calling(feedback_server: RpcServer, suite_keys: Keys, database: Database[dict[str, Any]]) -> Iterator[Calling]:
    with Calling(feedback_server.port, suite_keys) as made:
        yield made


@pytest.fixture
def database(feedback_settings: Settings, mongo_client: MongoClient[dict[str, Any]]) -> Database[dict[str, Any]]:
    """Look behind the service's back; every test finds it empty."""
    found = mongo_client[feedback_settings.feedback_database]
    for name in ("cases", "case_numbers", "merged_customers", "erased_members", "parked"):
        found[name].delete_many({})
    return found


@pytest.fixture
def consumers(feedback_settings: Settings, calling: Calling) -> FeedbackConsumers:
    """Hear what other services say, as the consumers process does."""
    service: FeedbackConsumers = app.build_consumers(feedback_settings).service
    return service
