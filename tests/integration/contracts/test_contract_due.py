"""What the job does with contracts whose day has come."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.chassis.clock import SystemClock
from services.chassis.scheduled import Lead
from services.contracts.app.life_cycle import jobs
from services.contracts.config import Settings
from services.contracts.store.life_cycle.contracts import MongoContracts
from services.contracts.usecases.move_due_contracts import MoveDueContracts
from tests.fakes.clock import FrozenClock
from tests.integration.contracts.builders import a_draft, a_signed, an_active, terminating

EXPIRED, TERMINATED, ACTIVE, SIGNED = 8, 4, 3, 2
JUNE = {"start_date": "2026-06-01", "end_date": "2027-05-31"}
OVER = datetime(2027, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(OVER)


@pytest.fixture
def move(sales: ContractsServiceStub, clock: FrozenClock) -> MoveDueContracts:
    return MoveDueContracts(MongoContracts(clock), clock)


def state(stub: ContractsServiceStub, contract_id: str) -> int:
    return stub.GetContract(pb.GetContractRequest(contract_id=contract_id)).contract.state


def said(database: Database[dict[str, Any]], contract_id: str) -> list[str]:
    stored = database["contracts"].find_one({"_id": contract_id})
    assert stored is not None
    return [event["type"] for event in stored["outbox"]]


def test_terms_that_are_over_end_once_however_often_the_job_runs(
    move: MoveDueContracts,
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    database: Database[dict[str, Any]],
) -> None:
    over, later = (
        an_active(sales, legal, **JUNE),
        an_active(sales, legal, start_date="2026-06-01", end_date="2027-06-01"),
    )
    signed, draft = a_signed(sales, legal, **JUNE), a_draft(sales, **JUNE)
    assert [move(), move(), move()] == [1, 0, 0]
    assert [state(sales, each.id) for each in (over, later, signed, draft)] == [EXPIRED, ACTIVE, SIGNED, 1]
    assert said(database, over.id) == ["contract_signed", "contract_activated", "contract_expired"]


def test_ten_leaders_at_once_end_every_term_once(
    move: MoveDueContracts,
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    database: Database[dict[str, Any]],
) -> None:
    contracts = [an_active(sales, legal, **JUNE).id for _ in range(5)]
    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(lambda _: move(), range(10)))
    assert sum(done) == 5
    assert {tuple(said(database, each)[2:]) for each in contracts} == {("contract_expired",)}


def test_a_term_includes_its_last_day_where_the_customer_is(
    move: MoveDueContracts, clock: FrozenClock, sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    zones = ["Pacific/Kiritimati", "Asia/Shanghai", "UTC", "America/New_York", "Pacific/Pago_Pago"]
    contracts = [an_active(sales, legal, time_zone=zone, **JUNE).id for zone in zones]
    hours = (14, 8, 0, -4, -11)
    midnight = datetime(2027, 6, 1, tzinfo=UTC)
    for ended, hour in enumerate(hours):
        clock.set(midnight - timedelta(hours=hour, minutes=1))
        assert move() == 0, zones[ended]
        clock.advance(timedelta(minutes=1))
        assert move() == 1, zones[ended]
        assert [state(sales, each) for each in contracts].count(EXPIRED) == ended + 1


def test_a_nightly_job_passes_over_one_bad_contract_and_does_the_rest(
    move: MoveDueContracts,
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    database: Database[dict[str, Any]],
) -> None:
    first, bad, last = (an_active(sales, legal, **JUNE).id for _ in range(3))
    database["contracts"].update_one({"_id": bad}, {"$set": {"time_zone": "Mars/Olympus"}})
    assert move() == 2
    found = {each["_id"]: each["state"] for each in database["contracts"].find({})}
    assert found == {first: "expired", bad: "active", last: "expired"}
    database["contracts"].update_one({"_id": bad}, {"$set": {"time_zone": "Asia/Shanghai"}})
    assert move() == 1
    assert state(sales, bad) == EXPIRED


def test_a_record_that_cannot_even_be_read_stops_nothing_either(
    move: MoveDueContracts,
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    database: Database[dict[str, Any]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad, good = (an_active(sales, legal, **JUNE).id for _ in range(2))
    database["contracts"].update_one({"_id": bad}, {"$set": {"versions": "rubbish"}})
    assert move() == 1
    assert state(sales, good) == EXPIRED
    told = [getattr(each, "fields", {}) for each in caplog.records]
    assert {"event": "contract_not_moved", "contract_id": bad} in told


def test_one_suspension_that_cannot_be_ended_keeps_no_other_from_its_end(
    move: MoveDueContracts,
    clock: FrozenClock,
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    database: Database[dict[str, Any]],
) -> None:
    today = SystemClock().now().date()
    bad, *good = (an_active(sales, legal, start_date="2026-06-01", end_date="2099-05-31").id for _ in range(3))
    for each in (bad, *good):
        sales.SuspendContract(
            pb.SuspendContractRequest(
                contract_id=each,
                start_date=today.isoformat(),
                end_date=(today + timedelta(days=5)).isoformat(),
                reason="rebuilt",
            )
        )
    database["contracts"].update_one({"_id": bad}, {"$set": {"suspensions.0.start_date": "some day"}})
    clock.set(SystemClock().now() + timedelta(days=7))
    assert move() == 2
    assert [state(sales, each) for each in good] == [ACTIVE, ACTIVE]
    kept = database["contracts"].find_one({"_id": bad})
    assert kept is not None
    assert kept["state"] == "suspended"


def test_a_job_that_lost_its_lead_stops_between_two_contracts(
    move: MoveDueContracts, sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    for _ in range(3):
        an_active(sales, legal, **JUNE)
    answers = iter([True, True, True, False])
    assert move(holds=lambda: next(answers, False)) == 2
    assert move() == 1


def test_a_suspension_ends_by_itself_on_the_day_after_its_last_and_lengthens_the_term(
    move: MoveDueContracts,
    clock: FrozenClock,
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    database: Database[dict[str, Any]],
) -> None:
    today = SystemClock().now().date()
    running = an_active(
        sales,
        legal,
        start_date=(today - timedelta(days=100)).isoformat(),
        end_date=(today + timedelta(days=264)).isoformat(),
        time_zone="UTC",
        suspension_extends=True,
    )
    request = pb.SuspendContractRequest(
        contract_id=running.id,
        start_date=(today - timedelta(days=2)).isoformat(),
        end_date=(today + timedelta(days=7)).isoformat(),
        reason="rebuilt",
    )
    sales.SuspendContract(request)
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    clock.set(midnight + timedelta(days=8) - timedelta(seconds=1))
    assert move() == 0
    clock.set(midnight + timedelta(days=300))  # nobody looked for months
    assert move() == 2
    ended = sales.GetContract(pb.GetContractRequest(contract_id=running.id)).contract
    assert ended.suspensions[0].end_date == (today + timedelta(days=7)).isoformat()
    assert (ended.state, ended.end_date) == (EXPIRED, (today + timedelta(days=274)).isoformat())
    assert said(database, running.id)[3:] == ["contract_resumed", "contract_expired"]


def test_an_agreed_termination_takes_effect_on_its_day(
    move: MoveDueContracts, clock: FrozenClock, sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    running = an_active(sales, legal, time_zone="UTC", start_date="2026-06-01", end_date="2099-05-31")
    sales.TerminateContract(terminating(running.id, effective_date="2098-03-01"))
    clock.set(datetime(2098, 2, 28, 23, 59, tzinfo=UTC))
    assert move() == 0
    clock.advance(timedelta(minutes=1))
    assert move() == 1
    ended = sales.GetContract(pb.GetContractRequest(contract_id=running.id)).contract
    assert (ended.state, ended.moves[-1].effective_date, ended.moves[-1].by) == (TERMINATED, "2098-03-01", "jobs")


def test_what_renews_by_itself_is_left_to_its_renewal(
    move: MoveDueContracts, sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    renewal = contract_pb2.RenewalTerms(kind=contract_pb2.RENEWAL_KIND_AUTO)
    running = an_active(sales, legal, renewal=renewal, **JUNE)
    assert move() == 0
    assert state(sales, running.id) == ACTIVE


def test_the_leader_of_the_jobs_does_it(
    sales: ContractsServiceStub, legal: ContractsServiceStub, contracts_settings: Settings
) -> None:
    over = an_active(sales, legal, start_date="2024-06-01", end_date="2025-05-31")
    (job,) = jobs(contracts_settings)
    assert job.run(Lead(token=1)) == 1
    assert state(sales, over.id) == EXPIRED
    assert job.run(Lead(token=1, holds=False)) == 0


def test_a_day_after_the_term_shows_it_over_before_the_job_has_run(
    sales: ContractsServiceStub, legal: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    contract = an_active(sales, legal, **JUNE)
    days = ("2027-05-31", "2027-06-01")
    asked = [pb.GetContractRequest(contract_id=contract.id, as_of=day) for day in days]
    assert [sales.GetContract(each).contract.state for each in asked] == [ACTIVE, EXPIRED]
    assert (state(sales, contract.id), said(database, contract.id)[-1]) == (ACTIVE, "contract_activated")
