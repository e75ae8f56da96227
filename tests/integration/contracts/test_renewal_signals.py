"""What contracts hears of visits and cases moves the likelihood of a renewal, once for each event."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import renewals_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceStub
from services.contracts.app.renewals import RenewalJobs, build_jobs
from services.contracts.config import Settings
from services.contracts.consumers import ContractsConsumers
from tests.fakes.clock import FrozenClock
from tests.integration.calling import Calling
from tests.integration.contracts.builders import a_customer
from tests.integration.contracts.renewals_builders import a_contract, in_days, opened, stored
from tests.integration.golden import heard

CUSTOMER = "cus_01JTDB8D40CQS3K9Q8YV1H2T3A"
CASE = "cas_01JTDB8D40CQS3K9Q8YV1H2T3F"


@pytest.fixture
def jobs(consumers: ContractsConsumers, contracts_settings: Settings) -> RenewalJobs:
    return build_jobs(contracts_settings, FrozenClock(datetime(2026, 11, 22, 4, 0, tzinfo=UTC)))


def of_the_customer(name: str, **data: Any) -> dict[str, Any]:
    return heard(name, **{"customer_id": CUSTOMER} | data)


def test_what_is_heard_is_kept_once_and_weighed_with_its_reason(
    consumers: ContractsConsumers, jobs: RenewalJobs, database: Database[dict[str, Any]]
) -> None:
    for _ in range(2):
        consumers.on_case_opened(of_the_customer("feedback.case_opened", kind="CASE_KIND_COMPLAINT", case_id=CASE))
        consumers.on_visit_completed(of_the_customer("care.visit_completed", satisfaction=2))
    assert sorted(database["renewal_signals"].distinct("kind")) == ["complaint_opened", "visit_completed"]
    assert database["renewal_signals"].count_documents({}) == 2
    stored(a_contract(date(2027, 3, 31), customer_id=CUSTOMER))
    jobs.run(holds=lambda: True)
    (renewal,) = database["renewals"].find()
    points = {point["fact"]: point["points"] for point in renewal["likelihood"]["points"]}
    assert {fact: points[fact] for fact in ("complaints", "open_cases", "satisfaction", "visits")} == {
        "complaints": -8,
        "open_cases": -6,
        "satisfaction": -20,
        "visits": 4,
    }
    told = {point["fact"]: (point["english"], point["chinese"]) for point in renewal["likelihood"]["points"]}
    assert told["satisfaction"] == ("Satisfaction said at visits: 2.0 of 5.", "回访满意度 2.0 分（满分 5 分）。")


def test_a_case_that_was_closed_is_no_longer_open(
    consumers: ContractsConsumers, jobs: RenewalJobs, database: Database[dict[str, Any]]
) -> None:
    consumers.on_case_opened(of_the_customer("feedback.case_opened", case_id=CASE))
    consumers.on_case_closed(of_the_customer("feedback.case_closed", case_id=CASE))
    stored(a_contract(date(2027, 3, 31), customer_id=CUSTOMER))
    jobs.run(holds=lambda: True)
    (renewal,) = database["renewals"].find()
    assert {"fact": "open_cases", "points": 0} in [
        {key: point[key] for key in ("fact", "points")} for point in renewal["likelihood"]["points"]
    ]


def test_a_case_of_nobody_we_know_says_nothing(
    consumers: ContractsConsumers, database: Database[dict[str, Any]]
) -> None:
    consumers.on_case_opened(of_the_customer("feedback.case_opened", customer_id=""))
    assert database["renewal_signals"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("days_late", "points", "english", "chinese"),
    [
        (0, 6, "Paid on time: 0 days late on average.", "按时付款：平均逾期 0 天。"),
        (10, 0, "Paid 10 days late on average.", "平均逾期付款 10 天。"),
        (30, -8, "Paid 30 days late on average.", "平均逾期付款 30 天。"),
        (60, -18, "Paid 60 days late on average.", "平均逾期付款 60 天。"),
    ],
)
def test_a_payment_that_accounting_tells_moves_the_likelihood_with_its_reason(
    calling: Calling, *, days_late: int, points: int, english: str, chinese: str
) -> None:
    renewals = calling.as_subject(RenewalsServiceStub, "ops.bot", "ops", "sales")
    customer_id = a_customer(calling.as_role(ContractsServiceStub, "sales")).id
    silent, paying = (opened(renewals, in_days(100), customer_id=each) for each in (CUSTOMER, customer_id))
    told = pb.RecordRenewalSignalRequest(
        event_id="pay-1",
        customer_id=customer_id,
        kind=pb.RENEWAL_SIGNAL_KIND_PAYMENT_MADE,
        subject_id="INV-1",
        value=days_late,
    )
    assert [renewals.RecordRenewalSignal(told).known for _ in range(2)] == [False, True]
    assert paying.likelihood.score == silent.likelihood.score
    after = opened(renewals, in_days(130), customer_id=customer_id).likelihood
    assert after.score == silent.likelihood.score + points
    (late,) = (point for point in after.points if point.fact == "days_late")
    assert (late.points, late.english, late.chinese) == (points, english, chinese)
