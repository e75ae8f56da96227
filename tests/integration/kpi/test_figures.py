from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pymongo.database import Database

from membercare.kpi.v1 import employee_pb2, indicator_pb2
from membercare.kpi.v1 import kpi_service_pb2 as pb
from membercare.kpi.v1.kpi_service_pb2_grpc import KpiServiceStub
from services.chassis.bus_entrypoints import subscriptions_of
from services.chassis.errors import InvalidId, Kind
from services.chassis.patience import Permanent
from services.kpi.consumers import KpiConsumers
from tests.integration.calling import Calling, refused
from tests.integration.kpi.builders import a_company, case_closed

ON_TIME = "cases_closed_on_time"


def values_of(stub: KpiServiceStub, *ids: str, month: str = "2026-05") -> dict[str, indicator_pb2.IndicatorValue]:
    request = pb.BatchGetIndicatorValuesRequest(employee_ids=ids, indicator=ON_TIME, month=month)
    return {value.employee_id: value for value in stub.BatchGetIndicatorValues(request).values}


def evidence_of(stub: KpiServiceStub, employee_id: str, *, size: int = 50, **wanted: Any) -> list[str]:
    found, token = [], ""
    while True:
        where = pb.FactFilter(employee_id=employee_id, **wanted)
        page = stub.ListFacts(pb.ListFactsRequest(filter=where, page_size=size, page_token=token))
        found += [fact.evidence_id for fact in page.facts]
        token = page.next_page_token
        if not token:
            return found


@pytest.fixture
def people(hr: KpiServiceStub) -> dict[str, employee_pb2.Employee]:
    return a_company(hr)


@pytest.fixture
def carl(people: dict[str, employee_pb2.Employee]) -> str:
    return people["Carl"].id


def test_a_closed_case_becomes_one_fact_with_its_evidence_and_says_so(
    hr: KpiServiceStub, consumers: KpiConsumers, carl: str, database: Database[dict[str, Any]]
) -> None:
    consumers.on_case_closed(case_closed(1, assignee_id=carl))
    (fact,) = hr.ListFacts(pb.ListFactsRequest(filter=pb.FactFilter(employee_id=carl))).facts
    assert (fact.id, fact.evidence_id, fact.employee_id) == (f"evt_{1:026d}", f"cas_{1:026d}", carl)
    assert (fact.indicator, fact.month, fact.numerator, fact.denominator) == (ON_TIME, "2026-05", 1, 1)
    assert fact.occurred_time.ToJsonString() == "2026-05-05T18:00:00.250Z"
    (stored,) = database["facts"].find()
    (event,) = stored["outbox"]
    assert (event["type"], event["source"], event["subject"]) == ("fact_recorded", "kpi", carl)
    assert (event["data"]["fact_id"], event["trace"]) == (fact.id, "req-1")


def test_an_event_that_comes_twice_changes_nothing(
    hr: KpiServiceStub, consumers: KpiConsumers, carl: str, database: Database[dict[str, Any]]
) -> None:
    consumers.on_case_closed(case_closed(1, assignee_id=carl))
    before = list(database["facts"].find())
    consumers.on_case_closed(case_closed(1, assignee_id=carl, on_time=False))
    assert list(database["facts"].find()) == before
    assert values_of(hr, carl)[carl].denominator == 1


def test_an_event_that_comes_twenty_times_at_once_is_one_fact(
    consumers: KpiConsumers, carl: str, database: Database[dict[str, Any]]
) -> None:
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: consumers.on_case_closed(case_closed(1, assignee_id=carl)), range(20)))
    assert database["facts"].count_documents({}) == 1


def test_an_event_about_somebody_who_is_not_imported_yet_is_kept(hr: KpiServiceStub, consumers: KpiConsumers) -> None:
    stranger = case_closed()["data"]["assignee_id"]
    consumers.on_case_closed(case_closed(1))
    assert values_of(hr, stranger)[stranger].denominator == 1


def test_a_case_that_nobody_closed_counts_for_nobody(
    consumers: KpiConsumers, database: Database[dict[str, Any]]
) -> None:
    consumers.on_case_closed(case_closed(1, assignee_id=""))
    assert database["facts"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"schema": "membercare.feedback.v9.CaseClosed"}, Permanent),
        ({"data": {"case_id": "cas_1", "assignee_id": f"emp_{1:026d}"}}, Permanent),
        ({"data": case_closed()["data"] | {"assignee_id": f"mem_{1:026d}"}}, InvalidId),
        ({"data": case_closed()["data"] | {"closed_time": "yesterday"}}, Permanent),
    ],
)
def test_an_event_that_makes_no_sense_is_refused_and_counts_nothing(
    consumers: KpiConsumers, database: Database[dict[str, Any]], change: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        consumers.on_case_closed(case_closed(1) | change)
    assert database["facts"].count_documents({}) == 0


def test_fields_that_are_newer_than_ours_are_ignored(
    consumers: KpiConsumers, database: Database[dict[str, Any]]
) -> None:
    consumers.on_case_closed(case_closed(1, mood="stormy") | {"colour": "red"})
    assert database["facts"].count_documents({}) == 1


def test_events_may_come_in_any_order(hr: KpiServiceStub, consumers: KpiConsumers, carl: str) -> None:
    for number in (3, 1, 2):
        consumers.on_case_closed(case_closed(number, assignee_id=carl))
    assert evidence_of(hr, carl) == [f"cas_{number:026d}" for number in (1, 2, 3)]


def test_what_kpi_hears_is_known_by_a_name_that_never_changes() -> None:
    assert [subscription.name for subscription in subscriptions_of(KpiConsumers)] == [
        "evt-feedback-case_closed--kpi.on_case_closed.v1",
        "evt-care-visit_completed--kpi.on_visit_completed.v1",
        "evt-care-visit_overdue--kpi.on_visit_overdue.v1",
    ]


def test_a_value_is_the_sum_of_its_facts_with_rate_and_interval(
    hr: KpiServiceStub, consumers: KpiConsumers, carl: str
) -> None:
    for number in range(1, 9):
        consumers.on_case_closed(case_closed(number, assignee_id=carl, on_time=number <= 6))
    value = values_of(hr, carl)[carl]
    assert (value.numerator, value.denominator, value.rate, value.sufficient) == (6, 8, 0.75, True)
    assert [value.interval_low, value.interval_high] == pytest.approx([0.40927, 0.92852], abs=1e-5)
    assert (value.indicator, value.month) == (ON_TIME, "2026-05")


def test_a_value_below_the_minimum_sample_says_that_it_must_not_be_judged(
    hr: KpiServiceStub, consumers: KpiConsumers, carl: str
) -> None:
    for number in range(1, 5):
        consumers.on_case_closed(case_closed(number, assignee_id=carl))
    value = values_of(hr, carl)[carl]
    assert (value.denominator, value.rate, value.sufficient) == (4, 1.0, False)
    assert value.HasField("interval_low")


def test_without_facts_rate_and_interval_are_unset_and_not_zero(hr: KpiServiceStub, carl: str) -> None:
    value = values_of(hr, carl)[carl]
    assert (value.denominator, value.sufficient) == (0, False)
    assert not any(value.HasField(field) for field in ("rate", "interval_low", "interval_high"))


def test_a_month_ends_at_midnight_of_the_company(hr: KpiServiceStub, consumers: KpiConsumers, carl: str) -> None:
    consumers.on_case_closed(case_closed(1, assignee_id=carl, closed_time="2026-05-31T15:59:59.999Z"))
    consumers.on_case_closed(case_closed(2, assignee_id=carl, closed_time="2026-05-31T16:00:00Z"))
    assert values_of(hr, carl, month="2026-05")[carl].denominator == 1
    assert values_of(hr, carl, month="2026-06")[carl].denominator == 1
    assert evidence_of(hr, carl, month="2026-06") == [f"cas_{2:026d}"]


def test_the_evidence_is_read_in_pages_and_by_month_and_indicator(
    hr: KpiServiceStub, consumers: KpiConsumers, carl: str
) -> None:
    for number in range(1, 6):
        consumers.on_case_closed(case_closed(number, assignee_id=carl))
    everything = [f"cas_{number:026d}" for number in range(1, 6)]
    assert evidence_of(hr, carl, size=2) == everything
    assert evidence_of(hr, carl, month="2026-05", indicator=ON_TIME, size=2) == everything
    assert evidence_of(hr, carl, month="2026-04") == []


def test_indicators_are_listed_in_both_languages(hr: KpiServiceStub) -> None:
    indicator, *others = hr.ListIndicators(pb.ListIndicatorsRequest()).indicators
    assert [each.key for each in others] == ["return_visits_on_time", "return_visit_contact_rate"]
    assert (indicator.key, indicator.name_en, indicator.name_zh) == (ON_TIME, "Cases closed on time", "按时结案率")
    assert (indicator.unit, indicator.minimum_sample) == ("ratio", 5)


def test_wrong_questions_are_refused_by_field(hr: KpiServiceStub, carl: str) -> None:
    ask, facts = pb.BatchGetIndicatorValuesRequest, pb.FactFilter
    for request, reason, field in (
        (ask(employee_ids=[carl], indicator="happiness", month="2026-05"), "INDICATOR_NOT_FOUND", ""),
        (ask(employee_ids=[carl], indicator=ON_TIME, month="2026-13"), "INVALID_FIELD", "month"),
        (ask(employee_ids=[carl], indicator=ON_TIME), "INVALID_FIELD", "month"),
        (ask(indicator=ON_TIME, month="2026-05"), "INVALID_FIELD", "employee_ids"),
        (ask(employee_ids=["cas_1"], indicator=ON_TIME, month="2026-05"), "INVALID_ID", "employee_ids"),
    ):
        refusal = refused(hr.BatchGetIndicatorValues, request)
        assert (refusal.reason, refusal.field) == (reason, field)
    for where, reason, field in (
        (facts(), "INVALID_ID", "filter.employee_id"),
        (facts(employee_id=carl, indicator="happiness"), "INDICATOR_NOT_FOUND", ""),
        (facts(employee_id=carl, month="May"), "INVALID_FIELD", "filter.month"),
    ):
        refusal = refused(hr.ListFacts, pb.ListFactsRequest(filter=where))
        assert (refusal.reason, refusal.field) == (reason, field)


EVERYBODY = {"Chief", "Anna", "Bert", "Carl", "Otto"}


@pytest.mark.parametrize(
    ("subject", "roles", "may_see"),
    [
        ("somebody", ["hr"], EVERYBODY),
        ("somebody", ["admin"], EVERYBODY),
        ("somebody", ["auditor"], EVERYBODY),
        ("chief", ["manager"], EVERYBODY),
        ("anna", ["manager"], {"Anna", "Bert", "Carl"}),
        ("otto", ["manager"], {"Otto"}),
        ("anna", ["employee"], {"Anna"}),
        ("carl", ["employee"], {"Carl"}),
        ("carl", ["employee", "agent"], {"Carl"}),
        ("somebody", ["manager", "employee"], set()),
        ("", ["manager", "employee"], set()),
    ],
)
def test_figures_are_seen_only_by_whom_they_concern(
    calling: Calling,
    people: dict[str, employee_pb2.Employee],
    consumers: KpiConsumers,
    subject: str,
    roles: list[str],
    may_see: set[str],
) -> None:
    for number, employee in enumerate(people.values(), start=1):
        consumers.on_case_closed(case_closed(number, assignee_id=employee.id))
    stub = calling.as_subject(KpiServiceStub, subject, *roles)
    seen = values_of(stub, *(employee.id for employee in people.values()))
    assert {name for name, employee in people.items() if employee.id in seen} == may_see
    for name, employee in people.items():
        request = pb.ListFactsRequest(filter=pb.FactFilter(employee_id=employee.id))
        if name in may_see:
            assert len(stub.ListFacts(request).facts) == 1
        else:
            assert refused(stub.ListFacts, request).kind is Kind.FORBIDDEN, name


@pytest.mark.parametrize("role", ["ops", "approver", "agent", "technician", "legal", "sales", "respondent"])
def test_other_roles_see_no_figures_even_of_themselves(
    calling: Calling, people: dict[str, employee_pb2.Employee], role: str
) -> None:
    stub = calling.as_subject(KpiServiceStub, "carl", role)
    mine = people["Carl"].id
    values = pb.BatchGetIndicatorValuesRequest(employee_ids=[mine], indicator=ON_TIME, month="2026-05")
    assert refused(stub.BatchGetIndicatorValues, values).kind is Kind.FORBIDDEN
    facts = pb.ListFactsRequest(filter=pb.FactFilter(employee_id=mine))
    assert refused(stub.ListFacts, facts).kind is Kind.FORBIDDEN


def test_a_manager_who_was_the_manager_before_today_sees_no_figures(
    calling: Calling, hr: KpiServiceStub, people: dict[str, employee_pb2.Employee]
) -> None:
    content = b"external_ref,name,manager_ref,manager_since\n3,Bert,5,2026-01-01\n"
    hr.ImportEmployees(pb.ImportEmployeesRequest(content=content))
    anna = calling.as_subject(KpiServiceStub, "anna", "manager")
    otto = calling.as_subject(KpiServiceStub, "otto", "manager")
    ids = [employee.id for employee in people.values()]
    assert set(values_of(anna, *ids)) == {people["Anna"].id}
    assert set(values_of(otto, *ids)) == {people[name].id for name in ("Otto", "Bert", "Carl")}
