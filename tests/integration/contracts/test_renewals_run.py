"""The renewal run on a real database: opens, lets contracts go on, closes; once, whatever is repeated or broken."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pymongo.database import Database

from services.contracts.app.renewals import RenewalJobs
from services.contracts.domain.billing.price_index import IndexValueState, PriceIndex, ToldValue
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import Period, PeriodUnit, PriceChange, RenewalKind, RenewalTerms
from services.contracts.store.catalog.pricing import MongoPriceIndexes
from tests.fakes.clock import FrozenClock
from tests.integration.contracts.renewals_builders import a_contract, at, leads, read, stored

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MONTH = Period(PeriodUnit.MONTH, 1)
AUTO = RenewalTerms(kind=RenewalKind.AUTO)
EVERGREEN = RenewalTerms(kind=RenewalKind.EVERGREEN, term=MONTH, notice=Period(PeriodUnit.DAY, 5))


def said(database: Database[dict[str, Any]], collection: str) -> list[str]:
    return [event["type"] for found in database[collection].find() for event in found["outbox"]]


def test_a_contract_that_is_offered_again_gets_one_renewal_however_often_the_job_runs(
    renewal_jobs: RenewalJobs, database: Database[dict[str, Any]]
) -> None:
    (contract,) = stored(a_contract(date(2027, 3, 31)))
    assert [renewal_jobs.run(holds=leads) for _ in range(3)] == [1, 0, 0]
    (renewal,) = database["renewals"].find()
    assert (renewal["contract_id"], renewal["stage"], renewal["amount"]["minor_units"]) == (
        contract.id,
        "opened",
        120_000,
    )
    assert renewal["reminder_dates"] == ["2026-12-31", "2027-01-30", "2027-03-01", "2027-03-16", "2027-03-30"]
    assert said(database, "renewals") == ["renewal_opened"]
    assert read(contract.id) == contract


def test_work_begins_so_many_days_before_the_end_and_not_a_day_earlier(
    renewal_jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]]
) -> None:
    stored(a_contract(date(2027, 12, 31)))
    at(clock, "2027-06-13")
    assert renewal_jobs.run(holds=leads) == 0
    at(clock, "2027-06-14")
    assert renewal_jobs.run(holds=leads) == 1


def test_a_contract_that_must_be_cancelled_a_year_ahead_is_opened_two_months_before_that(
    renewal_jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]]
) -> None:
    terms = RenewalTerms(kind=RenewalKind.AUTO, notice=Period(PeriodUnit.YEAR, 1))
    stored(a_contract(date(2028, 12, 31), start=date(2026, 1, 1), renewal=terms))
    at(clock, "2027-10-31")
    assert renewal_jobs.run(holds=leads) == 0
    at(clock, "2027-11-01")
    assert renewal_jobs.run(holds=leads) == 1
    assert database["renewals"].find_one({}, {"notice_date": 1, "_id": 0}) == {"notice_date": "2027-12-31"}


def test_an_index_is_applied_to_the_base_and_never_to_a_price_that_it_has_made_already(
    renewal_jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]]
) -> None:
    index_id = "idx_01JTDB8D40CQS3K9Q8YV1H2T3A"
    values = {"2025-10": "105.65", "2026-10": "110.50", "2027-10": "114.25"}
    index = PriceIndex.create(index_id, name="CPI", basis="2020 = 100", now=NOW)
    told = [
        ToldValue(month=month, value=value, state=IndexValueState.DEFINITIVE, published_date="2027-11-15")
        for month, value in values.items()
    ]
    MongoPriceIndexes(clock).add(index.recorded(told, today=date(2027, 11, 15), now=NOW), request_key="")
    terms = RenewalTerms(kind=RenewalKind.AUTO, price_change=PriceChange.INDEX, index_id=index_id)
    (contract,) = stored(a_contract(date(2026, 12, 31), renewal=terms, price=Money("CNY", 100_000)))
    prices = []
    for day in ("2026-12-01", "2027-12-01"):
        at(clock, day)
        renewal_jobs.run(holds=leads)
        prices.append(read(contract.id).price.minor_units)
    assert prices == [104_591, 108_140]
    at(clock, "2028-12-01")
    renewal_jobs.run(holds=leads)
    assert read(contract.id).term_number == 3
    assert [each["reason"] for each in database["stuck_renewals"].find()] == ["TERM_NOT_PRICEABLE"]


def test_a_contract_goes_on_by_itself_on_the_day_after_the_last_cancellation_date_and_not_on_it(
    renewal_jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]]
) -> None:
    (contract,) = stored(a_contract(date(2026, 12, 31), renewal=AUTO))
    at(clock, "2026-11-30")
    renewal_jobs.run(holds=leads)
    assert read(contract.id).term_number == 1
    at(clock, "2026-12-01")
    assert [renewal_jobs.run(holds=leads) for _ in range(2)] == [1, 0]
    grown = read(contract.id)
    assert (grown.term_number, grown.start_date, grown.end_date) == (2, date(2027, 1, 1), date(2027, 12, 31))
    assert (grown.in_force_at(date(2026, 12, 31)), grown.in_force_at(date(2027, 1, 1))) == (True, True)
    assert said(database, "contracts") == ["contract_amended"]
    assert said(database, "renewals") == ["renewal_opened", "renewal_won"]


def test_an_evergreen_contract_catches_up_every_period_that_an_outage_missed_without_drift(
    renewal_jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]]
) -> None:
    stays = a_contract(date(2026, 2, 27), start=date(2026, 1, 31), renewal=EVERGREEN, price=Money("CNY", 10_000))
    stored(stays)
    at(clock, "2026-06-10")
    renewal_jobs.run(holds=leads)
    renewal_jobs.run(holds=leads)
    grown = read(stays.id)
    assert [version.start_date.isoformat() for version in grown.versions] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
    ]
    assert grown.term_number == 5
    assert len(said(database, "contracts")) == 4
    assert database["renewals"].count_documents({}) == 0


@pytest.mark.parametrize("change", ["cancelled", "terminated", "draft"])
def test_a_contract_that_was_cancelled_or_is_not_in_force_does_not_go_on(
    renewal_jobs: RenewalJobs, clock: FrozenClock, change: str
) -> None:
    states: dict[str, Any] = {
        "cancelled": {"renewal_cancelled_time": datetime(2026, 11, 1, tzinfo=UTC)},
        "terminated": {"state": ContractState.TERMINATED},
        "draft": {"state": ContractState.DRAFT},
    }
    (contract,) = stored(a_contract(date(2026, 12, 31), renewal=AUTO, **states[change]))
    at(clock, "2026-12-15")
    renewal_jobs.run(holds=leads)
    assert read(contract.id) == contract


def test_one_bad_contract_never_stops_the_run_and_is_kept_with_its_reason(
    renewal_jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]]
) -> None:
    by_list = RenewalTerms(kind=RenewalKind.AUTO, price_change=PriceChange.LIST)
    broken, unpriced, unread, *sound = stored(
        a_contract(date(2026, 12, 31), renewal=AUTO),
        a_contract(date(2026, 12, 31), renewal=by_list),
        a_contract(date(2026, 12, 31), renewal=AUTO),
        *(a_contract(date(2026, 12, 31), renewal=AUTO) for _ in range(5)),
    )
    database["contracts"].update_one({"_id": broken.id}, {"$set": {"versions.0.price": "a lot"}})
    database["contracts"].update_one({"_id": unread.id}, {"$set": {"versions.0.renewal.notice": {"unit": "moon"}}})
    at(clock, "2026-12-15")
    renewal_jobs.run(holds=leads)
    assert [read(each.id).term_number for each in sound] == [2] * 5
    kept = {each["_id"]: each["reason"] for each in database["stuck_renewals"].find()}
    assert set(kept) == {broken.id, unpriced.id, unread.id}
    assert kept[unpriced.id] == "TERM_NOT_PRICEABLE"
    database["contracts"].update_one(
        {"_id": unread.id}, {"$set": {"versions.0.renewal.notice": {"unit": "month", "count": 1}}}
    )
    renewal_jobs.run(holds=leads)
    assert read(unread.id).term_number == 2
    assert unread.id not in {each["_id"] for each in database["stuck_renewals"].find()}


def test_a_run_that_was_killed_between_contract_and_renewal_is_finished_by_the_next(
    renewal_jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]]
) -> None:
    (contract,) = stored(a_contract(date(2026, 12, 31), renewal=AUTO))
    at(clock, "2026-11-30")
    renewal_jobs.run(holds=leads)
    (before,) = database["renewals"].find()
    at(clock, "2026-12-01")
    renewal_jobs.run(holds=leads)
    database["renewals"].replace_one({"_id": before["_id"]}, before)
    renewal_jobs.run(holds=leads)
    after = database["renewals"].find_one({"_id": before["_id"]})
    assert after is not None
    assert (after["stage"], after["outcome"]["won_by"]) == ("won", "by_itself")
    assert read(contract.id).term_number == 2


def test_a_leader_that_was_replaced_stops(renewal_jobs: RenewalJobs, database: Database[dict[str, Any]]) -> None:
    stored(a_contract(date(2027, 3, 31)))
    assert renewal_jobs.run(holds=lambda: False) == 0
    assert database["renewals"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("fields", "stage", "reason"),
    [
        ({"state": ContractState.TERMINATED}, "lost", "terminated"),
        ({"state": ContractState.EXPIRED}, "lost", "no_answer"),
        ({"successor_id": "con_01JTDB8D40CQS3K9Q8YV1H2T3B"}, "won", None),
    ],
)
def test_an_open_renewal_takes_the_outcome_that_its_contract_shows(  # three columns of a table
    renewal_jobs: RenewalJobs,
    clock: FrozenClock,
    database: Database[dict[str, Any]],
    fields: dict[str, Any],
    stage: str,
    reason: str | None,
) -> None:
    (contract,) = stored(a_contract(date(2026, 12, 31)))
    renewal_jobs.run(holds=leads)
    values = {name: getattr(value, "value", value) for name, value in fields.items()}
    database["contracts"].update_one({"_id": contract.id}, {"$set": values})
    at(clock, "2027-01-31")
    renewal_jobs.run(holds=leads)
    (renewal,) = database["renewals"].find()
    assert (renewal["stage"], renewal["outcome"]["lost_reason"]) == (stage, reason)


def test_a_renewal_that_nobody_won_is_lost_only_after_the_days_of_grace(
    renewal_jobs: RenewalJobs, clock: FrozenClock, database: Database[dict[str, Any]]
) -> None:
    (contract,) = stored(a_contract(date(2026, 12, 31)))
    renewal_jobs.run(holds=leads)
    database["contracts"].update_one({"_id": contract.id}, {"$set": {"state": "expired"}})
    at(clock, "2027-01-30")
    renewal_jobs.run(holds=leads)
    assert database["renewals"].distinct("stage") == ["opened"]


def test_a_german_consumers_contract_goes_on_without_an_end_month_by_month(
    renewal_jobs: RenewalJobs, clock: FrozenClock
) -> None:
    terms = RenewalTerms(kind=RenewalKind.AUTO, notice=Period(PeriodUnit.MONTH, 3))
    (contract,) = stored(a_contract(date(2026, 12, 31), renewal=terms, jurisdiction="DE", consumer=True))
    at(clock, "2026-12-01")
    renewal_jobs.run(holds=leads)
    grown = read(contract.id)
    assert (grown.end_date, grown.renewal.kind, grown.renewal.notice) == (
        date(2027, 1, 31),
        RenewalKind.EVERGREEN,
        MONTH,
    )
    assert grown.price == Money("CNY", 10_000)
