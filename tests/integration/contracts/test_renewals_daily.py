"""What is done about open renewals day by day and week by week, on a real database."""

from datetime import date
from typing import Any

from pymongo.database import Database

from services.contracts.app.renewals import RenewalJobs
from tests.fakes.clock import FrozenClock
from tests.integration.contracts.renewals_builders import a_contract, at, leads, stored


def test_likelihood_is_found_anew_once_a_day_and_asks_the_leader_at_six_months(
    renewal_jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]]
) -> None:
    at(clock, "2026-09-29")
    stored(a_contract(date(2027, 3, 31)))
    renewal_jobs.run(holds=leads)
    assert database["renewals"].distinct("attention") == []
    assert renewal_jobs.score(holds=leads) == 0
    at(clock, "2026-09-30")
    assert [renewal_jobs.score(holds=leads) for _ in range(2)] == [1, 0]
    assert database["renewals"].distinct("attention") == ["no_call_at_six_months"]
    at(clock, "2026-12-31")
    renewal_jobs.score(holds=leads)
    assert database["renewals"].distinct("attention") == ["undecided_at_three_months"]


def test_a_week_is_kept_once_and_stays_as_it_was(
    renewal_jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]]
) -> None:
    stored(a_contract(date(2027, 3, 31)))
    renewal_jobs.run(holds=leads)
    assert [renewal_jobs.snapshot(holds=leads) for _ in range(2)] == [1, 0]
    stored(a_contract(date(2027, 3, 31)))
    renewal_jobs.run(holds=leads)
    assert renewal_jobs.snapshot(holds=leads) == 0
    assert [each["week"] for each in database["renewal_snapshots"].find()] == ["2026-W47"]
    at(clock, "2026-11-23")
    assert renewal_jobs.snapshot(holds=leads) == 1
    assert database["renewal_snapshots"].count_documents({"week": "2026-W48"}) == 2


def test_a_snapshot_that_was_interrupted_is_finished_and_keeps_what_it_had(
    renewal_jobs: RenewalJobs, database: Database[dict[str, Any]]
) -> None:
    stored(a_contract(date(2027, 3, 31)), a_contract(date(2027, 4, 30)))
    renewal_jobs.run(holds=leads)
    renewal_jobs.snapshot(holds=leads)
    database["renewal_snapshot_weeks"].delete_many({})
    first = database["renewal_snapshots"].find_one({"month": "2027-03"})
    database["renewal_snapshots"].delete_one({"month": "2027-04"})
    assert renewal_jobs.snapshot(holds=leads) == 1
    assert database["renewal_snapshots"].count_documents({}) == 2
    assert database["renewal_snapshots"].find_one({"month": "2027-03"}) == first
