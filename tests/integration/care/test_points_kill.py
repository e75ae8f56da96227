"""The job that strikes off ended points is killed with -9 in the middle: nobody loses twice, and nobody is left."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.keys import Keys
from services.chassis.ids import derived_id
from tests.integration.rpc_process import RpcProcess
from tests.integration.waiting import wait_until

ACCOUNTS, KILLS = 12_000, 3
PATIENCE = 100.0
"""Seconds: other tests keep the processors busy, and each kill waits for a lease to end."""


@pytest.fixture
def jobs(mongo_url: str, suite_keys: Keys, tmp_path: Path) -> Iterator[RpcProcess]:
    """Starts the jobs role on a database of its own; whatever still runs is killed at the end."""
    settings = {"CARE_DATABASE": f"care_{uuid4().hex[:12]}"}
    care = RpcProcess("care", mongo_url=mongo_url, keys=suite_keys, folder=tmp_path, **settings)
    yield care
    care.kill()


def move_in(database: Database[dict[str, Any]]) -> None:
    """Everybody has 30 points that have ended and 50 that never do."""
    members = [derived_id("mem", str(number)) for number in range(ACCOUNTS)]
    database.members.insert_many([{"_id": member, "points": 80} for member in members])
    database.points_accounts.insert_many(
        [
            {
                "_id": member,
                "version": 2,
                "lots": [{"points": 30, "expires_on": "2026-01-31"}, {"points": 50, "expires_on": None}],
                "lifetime": 80,
                "entries": 2,
                "next_expiry": "2026-02-01",
                "judged_by": None,
                "outbox": [],
                "request_ids": [],
            }
            for member in members
        ]
    )


@pytest.mark.timeout(300)
def test_an_expiry_that_is_killed_in_the_middle_takes_the_points_of_everybody_once(
    jobs: RpcProcess, mongo_client: MongoClient[dict[str, Any]]
) -> None:
    database = mongo_client[jobs.env["CARE_DATABASE"]]
    jobs.migrate()
    move_in(database)
    seen = 0
    for _ in range(KILLS):
        process = jobs.start("jobs")
        wait_until(lambda least=seen: database.points_runs.count_documents({}, limit=least + 1) > least, PATIENCE)  # type: ignore[misc]
        process.kill()
        process.wait()
        seen = database.points_runs.count_documents({})
        assert 0 < seen < ACCOUNTS / 500
    jobs.start("jobs")
    wait_until(lambda: database.points_entries.count_documents({}) == ACCOUNTS, PATIENCE)
    wait_until(lambda: database.points_accounts.count_documents({"next_expiry": None}) == ACCOUNTS, PATIENCE)
    wait_until(lambda: database.points_runs.find_one({"uncopied": True}) is None, PATIENCE)

    assert database.points_entries.count_documents({"points": -30, "balance": 50, "number": 3}) == ACCOUNTS
    assert database.points_accounts.count_documents({"lots": [{"points": 50, "expires_on": None}]}) == ACCOUNTS
    assert database.members.count_documents({"points": 50}) == ACCOUNTS
    assert sum(run["points"] for run in database.points_runs.find()) == 30 * ACCOUNTS
    mongo_client.drop_database(database.name)
