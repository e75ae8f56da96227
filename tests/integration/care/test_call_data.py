"""Rules, scripts and agents over a real socket, and work that is refused."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import call_list_pb2, visit_pb2
from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import visits_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.visits_service_pb2_grpc import VisitsServiceStub
from tests.integration.calling import Calling, refused
from tests.integration.care.calls_due import (
    CUSTOMER,
    LINDA,
    NOWHERE,
    OMAR,
    PAUL,
    agent,
    planned,
)
from tests.integration.care.greetings import Greetings


def test_a_script_speaks_both_languages_with_the_customers_name_which_is_masked_for_most(
    calling: Calling, greetings: Greetings
) -> None:
    member = greetings.member(customer_id=CUSTOMER, name="王小明")
    (visit,) = planned(member_id=member.id, topic="Pumps", script_code="after_delivery")
    asked = pb.GetSpokenScriptRequest(visit_id=visit)
    script = agent(calling).GetSpokenScript(asked)
    assert "王小明" in script.text_en
    assert script.text_zh.startswith("您好，请问是王小明吗？您订购的产品已经送达：Pumps。")
    masked = calling.as_role(VisitsServiceStub, "technician").GetSpokenScript(asked)
    assert "王小明" not in masked.text_en + masked.text_zh
    assert "王***" in masked.text_en
    (without,) = planned(script_code="gone")
    assert refused(agent(calling).GetSpokenScript, pb.GetSpokenScriptRequest(visit_id=without)).reason == (
        "CALL_SCRIPT_NOT_FOUND"
    )


def test_what_a_customer_said_is_not_shown_to_who_makes_no_visits(calling: Calling) -> None:
    (visit,) = planned()
    done = care.CompleteVisitRequest(
        visit_id=visit, outcome=visit_pb2.VISIT_OUTCOME_SATISFIED, words="谢谢", next_step="Send the manual"
    )
    shown = calling.as_role(CareServiceStub, "agent").CompleteVisit(done).visit
    assert (shown.words, shown.next_step) == ("谢谢", "Send the manual")
    hidden = calling.as_role(CareServiceStub, "auditor").GetVisit(care.GetVisitRequest(visit_id=visit)).visit
    assert (hidden.words, hidden.next_step, hidden.state) == ("", "", visit_pb2.VISIT_STATE_COMPLETED)


def test_rules_and_scripts_come_with_the_product_and_are_changed_by_version(calling: Calling) -> None:
    lead = calling.as_role(VisitsServiceStub, "manager")
    rules = {rule.event: rule for rule in lead.ListVisitRules(pb.ListVisitRulesRequest()).rules}
    rule = rules["order_delivered"]
    assert (rule.days, rule.enabled, rule.etag) == (3, True, "0")
    rule.days, rule.skill = 5, "pumps"
    stored = lead.PutVisitRule(pb.PutVisitRuleRequest(rule=rule, etag="0", request_id="r1")).rule
    assert (stored.days, stored.skill, stored.etag) == (5, "pumps", "1")
    assert lead.PutVisitRule(pb.PutVisitRuleRequest(rule=rule, request_id="r1")).rule.etag == "1"
    assert refused(lead.PutVisitRule, pb.PutVisitRuleRequest(rule=rule, etag="0")).reason == "STALE_VERSION"
    script = call_list_pb2.CallScript(
        code="own", title_en="Own", title_zh="自定", text_en="Hi {{ member.name }}", text_zh="您好"
    )
    assert lead.PutCallScript(pb.PutCallScriptRequest(script=script)).script.etag == "1"
    assert "own" in {each.code for each in lead.ListCallScripts(pb.ListCallScriptsRequest()).scripts}


@pytest.mark.parametrize(
    ("rpc", "noun", "fields", "reason", "field"),
    [
        ("PutVisitRule", "rule", {"event": "moon_landing", "kind": 1}, "INVALID_FIELD", "rule.attempt_rule.tries"),
        ("PutVisitRule", "rule", {"event": "order_delivered"}, "INVALID_FIELD", "rule.kind"),
        ("PutCallScript", "script", {"code": "Big"}, "INVALID_FIELD", "script.code"),
        ("PutCallAgent", "agent", {"agent_id": CUSTOMER}, "INVALID_ID", "agent.id"),
        (
            "PutCallAgent",
            "agent",
            {"agent_id": LINDA, "away_from": "2026-12-01"},
            "INVALID_FIELD",
            "agent.away_through",
        ),
        ("PutCallAgent", "agent", {"agent_id": LINDA, "share": -1}, "INVALID_FIELD", "agent.share"),
    ],
)
def test_data_of_calling_that_is_wrong_is_refused_and_nothing_is_written(
    calling: Calling, database: Database[dict[str, Any]], rpc: str, noun: str, *, fields: Any, reason: str, field: str
) -> None:
    request = getattr(pb, f"{rpc}Request")(**{noun: fields})
    refusal = refused(getattr(calling.as_role(VisitsServiceStub, "manager"), rpc), request)
    assert (refusal.reason, refusal.field) == (reason, field)
    assert [database[name].count_documents({}) for name in ("visit_rules", "call_scripts", "call_agents")] == [0, 0, 0]


def _puts(calling: Calling) -> list[tuple[str, str, list[Any]]]:
    """Return what can be put: the call, its field, and three things of different keys."""
    lead = calling.as_role(VisitsServiceStub, "manager")
    script: dict[str, Any] = {"title_en": "Own", "title_zh": "自定", "text_en": "Hi", "text_zh": "您好"}
    return [
        ("PutVisitRule", "rule", list(lead.ListVisitRules(pb.ListVisitRulesRequest()).rules)[:3]),
        ("PutCallScript", "script", [call_list_pb2.CallScript(code=code, **script) for code in ("a1", "b1", "c1")]),
        ("PutCallAgent", "agent", [call_list_pb2.CallAgent(agent_id=each, share=50) for each in (LINDA, OMAR, PAUL)]),
    ]


def test_a_request_id_of_another_thing_is_refused_and_nothing_changes_whether_that_one_was_there_or_not(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    lead = calling.as_role(VisitsServiceStub, "manager")
    collections = ("visit_rules", "call_scripts", "call_agents")
    for rpc, field, (first, there, not_there) in _puts(calling):
        put, request = getattr(lead, rpc), getattr(pb, f"{rpc}Request")
        put(request(**{field: there}))
        stored = put(request(**{field: first}, request_id="r1"))
        before = [list(database[name].find().sort("_id", 1)) for name in collections]
        for other in (there, not_there):
            refusal = refused(put, request(**{field: other}, request_id="r1"))
            assert (refusal.reason, refusal.field) == ("INVALID_FIELD", "request_id"), (rpc, other)
        assert [list(database[name].find().sort("_id", 1)) for name in collections] == before
        assert put(request(**{field: first}, request_id="r1")) == stored


def test_an_unknown_event_has_no_rule_and_a_script_names_only_what_is_known(calling: Calling) -> None:
    lead = calling.as_role(VisitsServiceStub, "manager")
    (rule,) = (each for each in lead.ListVisitRules(pb.ListVisitRulesRequest()).rules if each.event == "case_closed")
    rule.event = "moon_landing"
    assert refused(lead.PutVisitRule, pb.PutVisitRuleRequest(rule=rule)).reason == "VISIT_RULE_NOT_FOUND"
    rule.event, rule.script_code = "case_closed", "gone"
    assert refused(lead.PutVisitRule, pb.PutVisitRuleRequest(rule=rule)).reason == "CALL_SCRIPT_NOT_FOUND"
    for text in ("{{ member.phone }}", "{% if %}", "{{ visit.topic | replace: 'x', 'xx' }}"):
        script = call_list_pb2.CallScript(code="own", title_en="a", title_zh="b", text_en=text, text_zh="c")
        assert refused(lead.PutCallScript, pb.PutCallScriptRequest(script=script)).field == "script.text_en"


REFUSALS: list[tuple[str, dict[str, Any], str, str]] = [
    ("LogAttempt", {}, "INVALID_FIELD", "outcome"),
    ("LogAttempt", {"outcome": 99}, "INVALID_FIELD", "outcome"),
    ("LogAttempt", {"outcome": 1, "note": "x" * 501}, "INVALID_FIELD", "note"),
    ("LogAttempt", {"outcome": 1, "call_back_time": {"seconds": 1}}, "INVALID_FIELD", "call_back_time"),
    ("LogAttempt", {"outcome": 4, "call_back_time": {"seconds": 1}}, "INVALID_FIELD", "call_back_time"),
    ("LogAttempt", {"outcome": 1, "visit_id": NOWHERE}, "VISIT_NOT_FOUND", ""),
    ("LogAttempt", {"outcome": 1, "etag": "9"}, "STALE_VERSION", "etag"),
    ("ReleaseCall", {}, "VISIT_NOT_IN_HAND", ""),
    ("ReleaseCall", {"visit_id": LINDA}, "INVALID_ID", "visit_id"),
    ("SkipCall", {"reason": "Lunch"}, "VISIT_NOT_IN_HAND", ""),
    ("SkipCall", {}, "INVALID_FIELD", "reason"),
    ("SkipCall", {"reason": "x", "minutes": 2}, "INVALID_FIELD", "minutes"),
    ("RescheduleVisit", {"reason": "x"}, "INVALID_FIELD", "due_date"),
    ("RescheduleVisit", {"due_date": "2026-02-30", "reason": "x"}, "INVALID_FIELD", "due_date"),
    ("RescheduleVisit", {"due_date": "1999-01-01", "reason": "x"}, "INVALID_FIELD", "due_date"),
    ("AssignVisit", {"owner_id": CUSTOMER}, "INVALID_ID", "owner_id"),
]


@pytest.mark.parametrize(("rpc", "fields", "reason", "field"), REFUSALS)
def test_work_that_is_wrong_is_refused_and_nothing_is_written(
    calling: Calling, database: Database[dict[str, Any]], rpc: str, fields: dict[str, Any], *, reason: str, field: str
) -> None:
    (visit,) = planned()
    (before,) = database["visits"].find()
    request = getattr(pb, f"{rpc}Request")(**{"visit_id": visit} | fields)
    refusal = refused(getattr(calling.as_role(VisitsServiceStub, "admin"), rpc), request)
    assert (refusal.reason, refusal.field) == (reason, field)
    assert list(database["visits"].find()) == [before]
