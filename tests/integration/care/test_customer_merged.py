"""A doublet was merged in contracts: members and visits follow to the customer that stays."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local import leash
from deploy.local.keys import Keys
from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.care.app.segments import build_link_contracts
from services.care.config import Settings
from services.care.consumers import CareConsumers
from services.chassis.buses import open_bus
from services.chassis.envelope import Envelope
from services.chassis.errors import InvalidId
from tests.integration.calling import Calling
from tests.integration.care.greetings import Greetings
from tests.integration.golden import heard
from tests.integration.rpc_process import RpcProcess
from tests.integration.waiting import wait_until

FIRST, SECOND, THIRD, OTHER = (f"cus_0000000000000000000000000{last}" for last in "1234")
CONTRACT = "con_00000000000000000000000001"


def merged(customer_id: str, into_id: str) -> dict[str, Any]:
    return heard("contracts.customer_merged", customer_id=customer_id, into_id=into_id)


def customers_of(database: Database[dict[str, Any]], name: str) -> list[str]:
    return [each["customer_id"] for each in database[name].find().sort("_id")]


def test_members_and_visits_of_a_doublet_become_the_survivors_and_members_say_so_once(
    consumers: CareConsumers, greetings: Greetings, calling: Calling, database: Database[dict[str, Any]]
) -> None:
    mine, theirs = greetings.member(customer_id=FIRST), greetings.member(customer_id=OTHER)
    consumers.on_contract_activated(heard("contracts.contract_activated", customer_id=FIRST, contract_id=CONTRACT))
    before = {each["_id"]: each for each in database["members"].find()}
    for _ in range(2):
        consumers.on_customer_merged(merged(FIRST, SECOND))
    assert customers_of(database, "visits") == [SECOND]
    agent = calling.as_role(CareServiceStub, "agent")
    page = agent.ListMembers(pb.ListMembersRequest(filter=pb.MemberFilter(customer_id=SECOND)))
    assert [each.id for each in page.members] == [mine.id]
    after = {each["_id"]: each for each in database["members"].find()}
    assert after[theirs.id] == before[theirs.id]
    assert after[mine.id]["version"] == before[mine.id]["version"] + 1
    assert [each["type"] for each in after[mine.id]["outbox"]].count("member_changed") == 1
    assert after[mine.id]["outbox"][-1]["data"]["customer_id"] == SECOND


@pytest.mark.parametrize("order", [((FIRST, SECOND), (SECOND, THIRD)), ((SECOND, THIRD), (FIRST, SECOND))])
def test_merges_of_one_family_end_at_the_same_customer_in_whatever_order_they_are_heard(
    consumers: CareConsumers,
    greetings: Greetings,
    database: Database[dict[str, Any]],
    order: tuple[tuple[str, str], ...],
) -> None:
    for customer_id in (FIRST, SECOND, THIRD):
        greetings.member(customer_id=customer_id)
    for doublet, survivor in order:
        consumers.on_customer_merged(merged(doublet, survivor))
    assert customers_of(database, "members") == [THIRD, THIRD, THIRD]


def test_a_contract_of_the_doublet_that_comes_into_force_later_owes_its_visit_to_the_survivor(
    consumers: CareConsumers, greetings: Greetings, database: Database[dict[str, Any]]
) -> None:
    member = greetings.member(customer_id=SECOND)
    consumers.on_customer_merged(merged(FIRST, SECOND))
    consumers.on_contract_activated(heard("contracts.contract_activated", customer_id=FIRST, contract_id=CONTRACT))
    (visit,) = database["visits"].find()
    assert (visit["customer_id"], visit["member_id"]) == (SECOND, member.id)


def test_a_merge_of_what_is_no_customer_is_refused_and_moves_nobody(
    consumers: CareConsumers, greetings: Greetings, database: Database[dict[str, Any]]
) -> None:
    greetings.member(customer_id=FIRST)
    for wrong in (merged(CONTRACT, SECOND), merged(FIRST, ""), merged("", SECOND)):
        with pytest.raises(InvalidId):
            consumers.on_customer_merged(wrong)
    assert customers_of(database, "members") == [FIRST]


def test_a_merge_that_is_said_twice_on_the_bus_moves_the_members(
    mongo_url: str,
    bus_url: str,
    database: Database[dict[str, Any]],
    database_name: str,
    suite_keys: Keys,
    tmp_path: Path,
    mongo_client: MongoClient[dict[str, Any]],
    greetings: Greetings,
) -> None:
    settings = {"CARE_DATABASE": database_name, "AMQP_URL": bus_url}
    process = RpcProcess("care", mongo_url=mongo_url, keys=suite_keys, folder=tmp_path, **settings)
    process.migrate()
    heard_by = mongo_client[database_name]
    greetings.member(customer_id=FIRST)
    heard_by["members"].insert_many(database["members"].find())
    envelope = Envelope.from_dict(merged(FIRST, SECOND))

    async def say_twice() -> None:
        bus = open_bus(amqp_url=bus_url, mongo_url=mongo_url)
        try:
            assert [await bus.publish(envelope), await bus.publish(envelope)] == [True, True]
        finally:
            await bus.close()

    hearing = process.start("consumers")
    try:
        asyncio.run(say_twice())
        wait_until(lambda: customers_of(heard_by, "members") == [SECOND], 40)
    finally:
        code = leash.stop(hearing, 15)
    assert (code, heard_by["parked"].count_documents({})) == (0, 0)


def test_who_is_registered_with_the_id_of_a_customer_that_is_gone_belongs_to_the_one_that_stays(
    consumers: CareConsumers, greetings: Greetings, database: Database[dict[str, Any]]
) -> None:
    consumers.on_contract_activated(heard("contracts.contract_activated", customer_id=FIRST, contract_id=CONTRACT))
    for doublet, survivor in ((FIRST, SECOND), (SECOND, THIRD)):
        consumers.on_customer_merged(merged(doublet, survivor))
    late = greetings.member(customer_id=FIRST)
    link = build_link_contracts(Settings(), greetings.clock)
    for _ in range(2):
        link(lambda: True)
    found = database["members"].find_one({"_id": late.id}) or {}
    assert (found["customer_id"], [each["id"] for each in found["contracts"]]) == (THIRD, [CONTRACT])
