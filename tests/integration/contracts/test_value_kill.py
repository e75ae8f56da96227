import os
import signal
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.local import leash
from deploy.local.keys import Keys
from membercare.contracts.v1 import customer_pb2
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from tests.integration.calling import Calling
from tests.integration.contracts.builders import new_customer
from tests.integration.contracts.figures_builders import buy_again
from tests.integration.contracts.values_asked import TODAY
from tests.integration.rpc_process import SERVING, RpcProcess
from tests.integration.waiting import wait_until

MANY = 230


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("nobody_listens")
def test_a_run_that_is_killed_is_ended_by_the_next_leader_and_every_tier_is_said_once(
    suite_keys: Keys, mongo_url: str, mongo_client: MongoClient[dict[str, Any]], database_name: str, tmp_path: Path
) -> None:
    settings = {"CONTRACTS_DATABASE": database_name}
    contracts = RpcProcess("contracts", mongo_url=mongo_url, keys=suite_keys, folder=tmp_path, **settings)
    contracts.migrate()
    database = mongo_client[database_name]
    with contracts, Calling(contracts.port, suite_keys) as calling:
        wait_until(lambda: contracts.health() == SERVING)
        sales = calling.as_role(ContractsServiceStub, "sales")
        customers = [sales.CreateCustomer(new_customer(name=f"N{number}")).customer for number in range(MANY)]
        buy_again(database, [each.id for each in customers], today=TODAY)

        first = contracts.start("jobs")
        wait_until(lambda: database["customer_values"].count_documents({}) > 0, 100)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        second = contracts.start("jobs")
        wait_until(lambda: (database["value_runs"].find_one() or {}).get("last_day"), 100)
        wait_until(lambda: database["customer_values"].count_documents({"outbox.0": {"$exists": True}}) == 0, 100)
        assert leash.stop(second, 15) == 0

    assert database["customer_values"].count_documents({}) == MANY
    assert database["value_failures"].count_documents({}) == 0
    said = [each["envelope"] for each in database["unrouted"].find({"envelope.type": "customer_value_changed"})]
    assert sorted(each["subject"] for each in said) == sorted(each.id for each in customers)
    assert database["customers"].count_documents({"tier": {"$in": [None, ""]}}) == 0
    assert customer_pb2.CustomerTier.Value(said[0]["data"]["tier_after"]) > 0
