"""Events lead to visits: deliveries and services to return visits, closed cases to the call that confirms the fix."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import call_list_pb2
from membercare.care.v1 import visits_service_pb2 as pb
from membercare.care.v1.visits_service_pb2_grpc import VisitsServiceStub
from services.care.consumers import CareConsumers
from tests.integration.calling import Calling
from tests.integration.golden import heard


def closed(**data: Any) -> dict[str, Any]:
    return heard("feedback.case_closed", **data)


def reopened(case: dict[str, Any], number: int) -> dict[str, Any]:
    told = {"case_id": case["data"]["case_id"], "round": number, "occurred_time": "2026-05-06T12:00:00Z"}
    schema = "membercare.feedback.v1.CaseReopened"
    return case | {"type": "case_reopened", "schema": schema, "data": told}


def visits(database: Database[dict[str, Any]]) -> list[tuple[int, str, str]]:
    found = database["visits"].find().sort("round")
    return [(each["round"], each["state"].removeprefix("VISIT_STATE_"), each["cancel_reason"]) for each in found]


def test_a_closed_case_plans_one_call_that_confirms_the_fix_for_somebody_else(
    consumers: CareConsumers, database: Database[dict[str, Any]]
) -> None:
    for _ in range(2):
        consumers.on_case_closed(closed())
    (call,) = database["visits"].find()
    told = closed()["data"]
    assert (call["kind"], call["case_id"], call["avoid_id"]) == (
        "VISIT_KIND_CONFIRM",
        told["case_id"],
        told["assignee_id"],
    )
    assert (call["round"], call["customer_id"], call["contract_id"]) == (1, told["customer_id"], "")


def test_a_question_that_was_answered_is_not_called_about(
    consumers: CareConsumers, database: Database[dict[str, Any]]
) -> None:
    consumers.on_case_closed(closed(kind="CASE_KIND_INQUIRY"))
    assert visits(database) == []


def test_a_reopened_case_withdraws_the_call_and_its_next_closing_plans_another(
    consumers: CareConsumers, database: Database[dict[str, Any]]
) -> None:
    consumers.on_case_closed(closed())
    consumers.on_case_reopened(reopened(closed(), 2))
    assert visits(database) == [(1, "CANCELLED", "CASE_REOPENED")]
    consumers.on_case_closed(closed(round=2))
    assert visits(database) == [(1, "CANCELLED", "CASE_REOPENED"), (2, "DUE", "")]


@pytest.mark.parametrize("order", ["reopened closed", "closed-2 closed reopened", "reopened closed-2 closed"])
def test_news_of_a_case_in_any_order_leads_to_the_same_calls(
    consumers: CareConsumers, database: Database[dict[str, Any]], order: str
) -> None:
    news = {
        "closed": lambda: consumers.on_case_closed(closed()),
        "reopened": lambda: consumers.on_case_reopened(reopened(closed(), 2)),
        "closed-2": lambda: consumers.on_case_closed(closed(round=2)),
    }
    for each in order.split():
        news[each]()
    due = [(number, state) for number, state, _ in visits(database) if state == "DUE"]
    assert due == ([(2, "DUE")] if "closed-2" in order else [])


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("order_delivered", "VISIT_KIND_AFTER_DELIVERY"),
        ("chargeable_service_completed", "VISIT_KIND_AFTER_SERVICE"),
        ("order_accepted", ""),
        ("asset_delivered", ""),
    ],
)
def test_what_was_delivered_or_done_is_called_about_once_if_its_rule_is_on(
    consumers: CareConsumers, database: Database[dict[str, Any]], event: str, kind: str
) -> None:
    for _ in range(2):
        getattr(consumers, f"on_{event}")(heard(f"contracts.{event}"))
    assert [each["kind"] for each in database["visits"].find()] == ([kind] if kind else [])


def test_a_rule_that_was_changed_is_what_the_next_event_meets(
    consumers: CareConsumers, calling: Calling, database: Database[dict[str, Any]]
) -> None:
    lead = calling.as_role(VisitsServiceStub, "manager")
    rules = {rule.event: rule for rule in lead.ListVisitRules(pb.ListVisitRulesRequest()).rules}
    rule = call_list_pb2.VisitRule()
    rule.CopyFrom(rules["asset_delivered"])
    rule.enabled, rule.days, rule.skill, rule.script_code = True, 10, "pumps", "after_delivery"
    lead.PutVisitRule(pb.PutVisitRuleRequest(rule=rule))
    for asset in ("ast_01JTDB8D40CQS3K9Q8YV1H2T3X", "ast_01JTDB8D40CQS3K9Q8YV1H2T3Y"):
        consumers.on_asset_delivered(heard("contracts.asset_delivered", asset_id=asset))
    (call,) = database["visits"].find()  # one call for all that came on a day
    assert (call["skill"], call["script_code"]) == ("pumps", "after_delivery")
