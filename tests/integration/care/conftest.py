"""The care service's members over a real socket, on a real database."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.keys import Keys
from membercare.care.v1.care_service_pb2_grpc import CareServiceServicer, add_CareServiceServicer_to_server
from services.care.rpc.access import ACCESS
from services.care.rpc.members import MemberMethods
from services.care.store.members import ALIAS, MemberDocument, MongoMembers
from services.care.usecases.change_member import ChangeMember
from services.care.usecases.import_members import ImportMembers
from services.care.usecases.register_member import RegisterMember
from services.chassis import mongo
from services.chassis.clock import SystemClock
from services.chassis.identity import load_verifier
from services.chassis.migrations import migrate
from services.chassis.rpc_server import RpcServer, RpcService
from tests.integration.calling import Calling


class MembersOnly(MemberMethods, CareServiceServicer):
    """The methods that deal with members, without the rest of the service."""


@pytest.fixture(scope="session")
def care_database_name(mongo_url: str) -> Iterator[str]:
    name = f"care_{uuid4().hex[:12]}"
    mongo.connect(mongo_url, name, ALIAS)
    migrate(ALIAS, documents=[MemberDocument])
    yield name
    mongo.disconnect(ALIAS)


@pytest.fixture(scope="session")
def members_server(care_database_name: str, suite_keys: Keys) -> Iterator[RpcServer]:
    clock = SystemClock()
    members = MongoMembers(clock)
    servicer = MembersOnly(  # type: ignore[abstract]  # the other methods answer UNIMPLEMENTED
        members=members,
        register_member=RegisterMember(members, clock),
        change_member=ChangeMember(members, clock),
        import_members=ImportMembers(members, clock),
    )

    def register(server: grpc.Server) -> None:
        add_CareServiceServicer_to_server(servicer, server)

    service = RpcService(
        full_name="membercare.care.v1.CareService",
        register=register,
        access=ACCESS,
        verifier=load_verifier(suite_keys.internal_public),
        healthy=lambda: mongo.ping(ALIAS),
    )
    server = RpcServer(service, "127.0.0.1:0")
    server.start()
    yield server
    server.stop(grace=0)


@pytest.fixture
def database(care_database_name: str, mongo_client: MongoClient[dict[str, Any]]) -> Database[dict[str, Any]]:
    """Look behind the service's back; every test finds it empty."""
    found: Database[dict[str, Any]] = mongo_client[care_database_name]
    for name in found.list_collection_names():
        if name != "migrations":
            found[name].delete_many({})
    return found


@pytest.fixture
def calling(members_server: RpcServer, suite_keys: Keys, database: Database[dict[str, Any]]) -> Iterator[Calling]:
    with Calling(members_server.port, suite_keys) as made:
        yield made
