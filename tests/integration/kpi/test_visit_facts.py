"""Return visits that care says were made, or were not made by their day, count for the employee who owed them."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.kpi.v1 import kpi_service_pb2 as pb
from membercare.kpi.v1.kpi_service_pb2_grpc import KpiServiceStub
from services.chassis.errors import InvalidId
from services.chassis.patience import Permanent
from services.kpi.consumers import KpiConsumers
from tests.integration.golden import heard
from tests.integration.kpi.builders import a_company

ON_TIME, CONTACT_RATE = "return_visits_on_time", "return_visit_contact_rate"


def said(event: str, visit: int = 1, **data: Any) -> dict[str, Any]:
    """What care says of a visit due on 11 May 2026; each number is another visit and event."""
    mine = {"visit_id": f"vis_{visit:026d}"} | data
    return heard(f"care.{event}", **mine) | {"id": f"evt_{visit:026d}"}


@pytest.fixture
def carl(hr: KpiServiceStub) -> str:
    return a_company(hr)["Carl"].id


def share_of(
    stub: KpiServiceStub, employee_id: str, *, indicator: str = ON_TIME, month: str = "2026-05"
) -> tuple[int, int]:
    asked = pb.BatchGetIndicatorValuesRequest(employee_ids=[employee_id], indicator=indicator, month=month)
    (value,) = stub.BatchGetIndicatorValues(asked).values
    return value.numerator, value.denominator


def test_visits_that_were_made_count_by_their_day_and_by_whether_somebody_was_reached(
    hr: KpiServiceStub, consumers: KpiConsumers, carl: str
) -> None:
    outcomes: list[dict[str, Any]] = [
        {"on_time": True, "reached": True},
        {"on_time": True, "reached": False},
        {"on_time": False},
    ]
    for number, outcome in enumerate(outcomes):
        consumers.on_visit_completed(said("visit_completed", number, owner_id=carl, **outcome))
    assert share_of(hr, carl) == (2, 3)
    assert share_of(hr, carl, indicator=CONTACT_RATE) == (2, 3)
    where = pb.FactFilter(employee_id=carl, indicator=ON_TIME, month="2026-05")
    evidence = {fact.evidence_id for fact in hr.ListFacts(pb.ListFactsRequest(filter=where)).facts}
    assert evidence == {f"vis_{number:026d}" for number in range(3)}


@pytest.mark.parametrize("order", ["as it happened", "turned round"])
def test_an_overdue_visit_counts_at_once_and_not_again_when_it_is_made_at_last(
    hr: KpiServiceStub, consumers: KpiConsumers, carl: str, order: str
) -> None:
    late: dict[str, Any] = {"owner_id": carl, "on_time": False, "occurred_time": "2026-06-02T01:00:00Z"}
    hear = [
        (consumers.on_visit_overdue, said("visit_overdue", owner_id=carl)),
        (consumers.on_visit_completed, said("visit_completed", **late)),
    ]
    for handler, envelope in hear if order == "as it happened" else reversed(hear):
        handler(envelope)
    assert share_of(hr, carl) == (0, 1)
    assert share_of(hr, carl, month="2026-06") == (0, 0)
    assert share_of(hr, carl, indicator=CONTACT_RATE, month="2026-06") == (1, 1)


def test_a_visit_that_was_put_off_counts_for_both_days_it_was_due(
    hr: KpiServiceStub, consumers: KpiConsumers, carl: str
) -> None:
    consumers.on_visit_overdue(said("visit_overdue", owner_id=carl))
    consumers.on_visit_completed(said("visit_completed", owner_id=carl, due_date="2026-05-20", on_time=True))
    assert share_of(hr, carl) == (1, 2)


def test_a_visit_that_is_said_twice_counts_once_and_one_of_nobody_for_nobody(
    hr: KpiServiceStub, consumers: KpiConsumers, carl: str, database: Database[dict[str, Any]]
) -> None:
    for owner in (carl, carl, ""):
        consumers.on_visit_completed(said("visit_completed", 1 if owner else 2, owner_id=owner))
    assert share_of(hr, carl) == share_of(hr, carl, indicator=CONTACT_RATE) == (1, 1)
    assert database["facts"].count_documents({}) == 2


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        ({"due_date": "soon"}, Permanent),
        ({"due_date": ""}, Permanent),
        ({"occurred_time": None}, Permanent),
        ({"owner_id": f"mem_{1:026d}"}, InvalidId),
    ],
)
def test_a_visit_that_makes_no_sense_is_refused_and_counts_nothing(
    consumers: KpiConsumers, database: Database[dict[str, Any]], data: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        consumers.on_visit_completed(said("visit_completed", **data))
    assert database["facts"].count_documents({}) == 0
