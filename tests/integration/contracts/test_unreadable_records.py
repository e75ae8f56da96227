"""What a job does with a record that cannot be read: it tells of it, leaves it out, and does the rest."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pymongo.database import Database

from services.contracts.app.renewals import RenewalJobs
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.terms.terms import PriceChange, RenewalKind, RenewalTerms
from tests.fakes.clock import FrozenClock
from tests.integration.contracts.renewals_builders import AUTO, a_contract, at, leads, read, stored

Unreadable = Callable[[], set[tuple[str, str]]]


def id_of(contract: Contract, database: Database[dict[str, Any]]) -> str:
    (found,) = database["renewals"].find({"contract_id": contract.id})
    return str(found["_id"])


def test_one_unreadable_renewal_does_not_keep_the_others_from_their_outcome(
    renewal_jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]], unreadable: Unreadable
) -> None:
    broken, terminated, *going_on = stored(
        *(a_contract(date(2026, 12, 31), renewal=AUTO) for _ in range(2)),
        *(a_contract(date(2026, 12, 31), renewal=AUTO) for _ in range(3)),
    )
    assert renewal_jobs.run(holds=leads) == 5
    database["renewals"].update_one({"contract_id": broken.id}, {"$set": {"term_end": "soon"}})
    database["contracts"].update_one({"_id": terminated.id}, {"$set": {"state": "terminated"}})
    at(clock, "2026-12-15")
    renewal_jobs.run(holds=leads)
    assert [read(each.id).term_number for each in (broken, *going_on)] == [2] * 4
    stages = {each["contract_id"]: each["stage"] for each in database["renewals"].find()}
    assert stages == {
        broken.id: "opened",
        terminated.id: "lost",
        **{each.id: "won" for each in going_on},
    }
    assert unreadable() == {("renewals", id_of(broken, database))}


def test_one_contract_that_shows_no_state_does_not_keep_other_renewals_from_their_outcome(
    renewal_jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]], unreadable: Unreadable
) -> None:
    broken, terminated = stored(*(a_contract(date(2026, 12, 31)) for _ in range(2)))
    renewal_jobs.run(holds=leads)
    database["contracts"].update_one({"_id": broken.id}, {"$set": {"state": "asleep"}})
    database["contracts"].update_one({"_id": terminated.id}, {"$set": {"state": "terminated"}})
    at(clock, "2027-01-31")
    renewal_jobs.run(holds=leads)
    stages = {each["contract_id"]: each["stage"] for each in database["renewals"].find()}
    assert stages == {broken.id: "opened", terminated.id: "lost"}
    assert unreadable() == {("contracts", broken.id)}


def test_one_unreadable_index_stops_only_the_contracts_that_go_by_it(
    renewal_jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]]
) -> None:
    index_id = "idx_01JTDB8D40CQS3K9Q8YV1H2T3A"
    database["price_indexes"].insert_one({"_id": index_id, "version": 1, "values": "none"})
    by_index = RenewalTerms(kind=RenewalKind.AUTO, price_change=PriceChange.INDEX, index_id=index_id)
    stuck, *sound = stored(
        a_contract(date(2026, 12, 31), renewal=by_index),
        *(a_contract(date(2026, 12, 31), renewal=AUTO) for _ in range(3)),
    )
    at(clock, "2026-12-15")
    renewal_jobs.run(holds=leads)
    assert [read(each.id).term_number for each in sound] == [2] * 3
    assert read(stuck.id).term_number == 1
    assert database["stuck_renewals"].distinct("_id") == [stuck.id]


@pytest.mark.parametrize("wrong", [{"likelihood": "high"}, {"term_end": "soon"}, {"due_amount": None}])
def test_one_unreadable_renewal_stops_no_scoring_and_no_snapshot_of_the_others(
    renewal_jobs: RenewalJobs,
    clock: FrozenClock,
    database: Database[dict[str, Any]],
    unreadable: Unreadable,
    wrong: dict[str, Any],
) -> None:
    at(clock, "2026-09-29")
    broken, *sound = stored(*(a_contract(date(2027, 3, 31)) for _ in range(4)))
    renewal_jobs.run(holds=leads)
    database["renewals"].update_one({"contract_id": broken.id}, {"$set": wrong})
    at(clock, "2026-09-30")
    assert [renewal_jobs.score(holds=leads) for _ in range(2)] == [3, 0]
    scored = database["renewals"].find({"scored_date": "2026-09-30"})
    assert {each["contract_id"] for each in scored} == {each.id for each in sound}
    assert renewal_jobs.snapshot(holds=leads) == 1
    assert database["renewal_snapshots"].count_documents({"week": "2026-W40"}) == 3
    assert database["renewal_snapshot_weeks"].count_documents({"_id": "2026-W40", "renewals": 3}) == 1
    assert unreadable() == {("renewals", id_of(broken, database))}


def test_one_unreadable_signal_stops_no_scoring(
    renewal_jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]], unreadable: Unreadable
) -> None:
    at(clock, "2026-09-29")
    contract, _ = stored(a_contract(date(2027, 3, 31)), a_contract(date(2027, 3, 31)))
    renewal_jobs.run(holds=leads)
    at(clock, "2026-09-30")
    signal = {"customer_id": contract.customer_id, "kind": "a sigh", "occurred_time": clock.now()}
    sigh = database["renewal_signals"].insert_one(signal).inserted_id
    assert renewal_jobs.score(holds=leads) == 2
    assert unreadable() == {("renewal_signals", str(sigh))}
