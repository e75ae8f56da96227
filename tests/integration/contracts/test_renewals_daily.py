"""What is done about open renewals day by day and week by week, on a real database."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pymongo.database import Database

from services.chassis.rpc_server import RpcServer
from services.contracts.app.renewals import RenewalJobs, build_jobs
from services.contracts.config import Settings
from tests.fakes.clock import FrozenClock
from tests.integration.contracts.renewals_builders import a_contract, stored


def leads() -> bool:
    return True


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 11, 22, 4, 0, tzinfo=UTC))


@pytest.fixture
def jobs(
    contracts_server: RpcServer, contracts_settings: Settings, clock: FrozenClock, database: Database[dict[str, Any]]
) -> RenewalJobs:
    return build_jobs(contracts_settings, clock)


def at(clock: FrozenClock, day: str) -> None:
    clock.set(datetime.fromisoformat(f"{day}T04:00:00+00:00"))


def test_likelihood_is_found_anew_once_a_day_and_asks_the_leader_at_six_months(
    jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]]
) -> None:
    at(clock, "2026-09-29")
    stored(a_contract(date(2027, 3, 31)))
    jobs.run(holds=leads)
    assert database["renewals"].distinct("attention") == []
    assert jobs.score(holds=leads) == 0
    at(clock, "2026-09-30")
    assert [jobs.score(holds=leads) for _ in range(2)] == [1, 0]
    assert database["renewals"].distinct("attention") == ["no_call_at_six_months"]
    at(clock, "2026-12-31")
    jobs.score(holds=leads)
    assert database["renewals"].distinct("attention") == ["undecided_at_three_months"]


def test_a_week_is_kept_once_and_stays_as_it_was(
    jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]]
) -> None:
    stored(a_contract(date(2027, 3, 31)))
    jobs.run(holds=leads)
    assert [jobs.snapshot(holds=leads) for _ in range(2)] == [1, 0]
    stored(a_contract(date(2027, 3, 31)))
    jobs.run(holds=leads)
    assert jobs.snapshot(holds=leads) == 0
    assert [each["week"] for each in database["renewal_snapshots"].find()] == ["2026-W47"]
    at(clock, "2026-11-23")
    assert jobs.snapshot(holds=leads) == 1
    assert database["renewal_snapshots"].count_documents({"week": "2026-W48"}) == 2


def test_a_snapshot_that_was_interrupted_is_finished_and_keeps_what_it_had(
    jobs: RenewalJobs, database: Database[dict[str, Any]]
) -> None:
    stored(a_contract(date(2027, 3, 31)), a_contract(date(2027, 4, 30)))
    jobs.run(holds=leads)
    jobs.snapshot(holds=leads)
    database["renewal_snapshot_weeks"].delete_many({})
    first = database["renewal_snapshots"].find_one({"month": "2027-03"})
    database["renewal_snapshots"].delete_one({"month": "2027-04"})
    assert jobs.snapshot(holds=leads) == 1
    assert database["renewal_snapshots"].count_documents({}) == 2
    assert database["renewal_snapshots"].find_one({"month": "2027-03"}) == first
