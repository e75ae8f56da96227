"""The billing run is killed with -9 in the middle, again and again; the schedule is that of an undisturbed run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient

from deploy.local.keys import Keys
from services.chassis.scheduled import Lead
from services.contracts.app import billing as room
from services.contracts.config import Settings
from tests.integration.contracts.billing_population import in_force, move_in, schedule
from tests.integration.rpc_process import RpcProcess
from tests.integration.waiting import wait_until

CONTRACTS, KILLS = 500, 3
PATIENCE = 100.0
"""Seconds: other tests keep the processors busy, and each kill waits for a lease to end."""


@pytest.fixture
def jobs(mongo_url: str, suite_keys: Keys, tmp_path: Path) -> Iterator[RpcProcess]:
    """Starts the jobs role on a database of its own; whatever still runs is killed at the end."""
    contracts = RpcProcess(
        "contracts",
        mongo_url=mongo_url,
        keys=suite_keys,
        folder=tmp_path,
        CONTRACTS_DATABASE=f"contracts_{uuid4().hex[:12]}",
        BILLING_SECONDS="1",
    )
    yield contracts
    contracts.kill()


@pytest.mark.timeout(300)
def test_a_billing_run_that_is_killed_in_the_middle_ends_with_the_schedule_of_an_undisturbed_one(
    jobs: RpcProcess,
    contracts_settings: Settings,
    contracts_server: object,
    mongo_client: MongoClient[dict[str, Any]],
    database: Any,
) -> None:
    move_in(database, CONTRACTS)
    (job,) = room.jobs(contracts_settings)
    assert job.run(Lead(1)) == CONTRACTS
    undisturbed = schedule(database)

    killed = mongo_client[jobs.env["CONTRACTS_DATABASE"]]
    jobs.migrate()
    move_in(killed, CONTRACTS)
    killed.contracts.update_one({"_id": in_force(7).id}, {"$set": {"time_zone": "Mars/Olympus"}})
    seen = 0
    for _ in range(KILLS):
        process = jobs.start("jobs")
        wait_until(lambda least=seen: killed.billing_lines.count_documents({}, limit=least + 1) > least, PATIENCE)  # type: ignore[misc]
        process.kill()
        process.wait()
        seen = killed.billing_lines.count_documents({})
        assert 0 < seen < len(undisturbed)
    jobs.start("jobs")
    wait_until(lambda: killed.billing_schedules.count_documents({}) == CONTRACTS, PATIENCE)

    bad = in_force(7).id
    assert schedule(killed) == {key: line for key, line in undisturbed.items() if line["contract_id"] != bad}
    (parked,) = killed.billing_schedules.find({"parked.reason": {"$gt": ""}})
    assert (parked["_id"], parked["parked"]["reason"]) == (bad, "ZoneInfoNotFoundError")
    mongo_client.drop_database(killed.name)
