"""What agents and their leads read before a call, through the real gateway and the real service."""

from typing import Any

from pymongo.database import Database

from membercare.care.v1 import call_list_pb2
from membercare.care.v1 import visits_service_pb2 as pb
from membercare.care.v1.visits_service_pb2_grpc import VisitsServiceStub
from services.chassis.errors import Kind
from tests.fakes.suite import Client
from tests.integration.calling import Calling, refused
from tests.integration.care.calls_due import CUSTOMER, LINDA, NOWHERE, OMAR, planned
from tests.integration.care.greetings import Greetings

AGENTS = "{ callAgents { agents { agentId skills share awayFrom awayThrough retired etag } } }"
SCRIPTS = "{ callScripts { scripts { code titleEn titleZh textEn textZh etag updateTime } } }"
RULES = """{ visitRules { rules { event kind days enabled means scriptCode skill windowFrom windowTo etag
  attemptRule { tries days retryMinutes fallbacks { means afterDays } } } } }"""
SPOKEN = '{ spokenScript(visitId: "%s") { scriptCode titleEn titleZh textEn textZh doNotContact } }'


def put_agents(calling: Calling) -> None:
    lead = calling.as_role(VisitsServiceStub, "manager")
    away: dict[str, Any] = {"away_from": "2026-12-01", "away_through": "2026-12-09"}
    for agent in (
        call_list_pb2.CallAgent(agent_id=LINDA, skills=["pumps"], share=50, **away),
        call_list_pb2.CallAgent(agent_id=OMAR, retired=True),
    ):
        lead.PutCallAgent(pb.PutCallAgentRequest(agent=agent))


def test_agents_are_listed_with_what_they_know_and_when_they_are_away(calling: Calling) -> None:
    put_agents(calling)
    agents = calling.as_role(VisitsServiceStub, "sales").ListCallAgents(pb.ListCallAgentsRequest()).agents
    assert [(each.agent_id, list(each.skills), each.share, each.retired, each.etag) for each in agents] == [
        (LINDA, ["pumps"], 50, False, "1"),
        (OMAR, [], 100, True, "1"),
    ]
    assert [(each.away_from, each.away_through) for each in agents] == [("2026-12-01", "2026-12-09"), ("", "")]
    nobody = calling.as_role(VisitsServiceStub, "respondent")
    assert refused(nobody.ListCallAgents, pb.ListCallAgentsRequest()).kind is Kind.FORBIDDEN


async def test_agents_are_read_through_the_gateway(gateway: Client, calling: Calling) -> None:
    assert await gateway.data(AGENTS) == {"callAgents": {"agents": []}}
    put_agents(calling)
    linda = {"agentId": LINDA, "skills": ["pumps"], "share": 50, "retired": False, "etag": "1"}
    omar = {"agentId": OMAR, "skills": [], "share": 100, "retired": True, "etag": "1"}
    assert (await gateway.data(AGENTS, roles=("technician",)))["callAgents"]["agents"] == [
        {**linda, "awayFrom": "2026-12-01", "awayThrough": "2026-12-09"},
        {**omar, "awayFrom": None, "awayThrough": None},
    ]
    assert await gateway.codes(AGENTS, roles=("respondent",)) == ["FORBIDDEN"]


async def test_scripts_are_read_through_the_gateway_those_of_the_product_and_own_ones(
    gateway: Client, calling: Calling
) -> None:
    told: dict[str, Any] = {"title_en": "Own", "title_zh": "自定", "text_en": "Hi {{ member.name }}", "text_zh": "您好"}
    lead = calling.as_role(VisitsServiceStub, "manager")
    lead.PutCallScript(pb.PutCallScriptRequest(script=call_list_pb2.CallScript(code="own", **told)))
    scripts = {each["code"]: each for each in (await gateway.data(SCRIPTS))["callScripts"]["scripts"]}
    own = scripts["own"]
    assert own.pop("updateTime") is not None
    assert own == {
        "code": "own",
        "titleEn": "Own",
        "titleZh": "自定",
        "textEn": "Hi {{ member.name }}",
        "textZh": "您好",
        "etag": "1",
    }
    built_in = scripts["after_delivery"]
    assert (built_in["etag"], built_in["updateTime"]) == ("0", None)
    assert await gateway.codes(SCRIPTS, roles=("respondent",)) == ["FORBIDDEN"]


async def test_rules_are_read_through_the_gateway(gateway: Client) -> None:
    rules = {each["event"]: each for each in (await gateway.data(RULES))["visitRules"]["rules"]}
    tries = {"tries": 3, "days": 2, "retryMinutes": 120}
    assert rules["order_delivered"] == {
        "event": "order_delivered",
        "kind": "AFTER_DELIVERY",
        "days": 3,
        "enabled": True,
        "means": "CALL",
        "scriptCode": "after_delivery",
        "skill": None,
        "windowFrom": None,
        "windowTo": None,
        "etag": "0",
        "attemptRule": {
            **tries,
            "fallbacks": [{"means": "SMS", "afterDays": 0}, {"means": "LETTER", "afterDays": 3}],
        },
    }
    assert (rules["order_accepted"]["days"], rules["order_accepted"]["enabled"]) == (7, False)
    assert await gateway.codes(RULES, roles=("respondent",)) == ["FORBIDDEN"]


async def test_what_is_to_be_said_is_read_through_the_gateway_masked_for_who_sees_no_names(
    gateway: Client, greetings: Greetings, database: Database[dict[str, Any]]
) -> None:
    member = greetings.member(customer_id=CUSTOMER, name="王小明", do_not_contact=True)
    (visit,) = planned(member_id=member.id, topic="Pumps", script_code="after_delivery")
    said = (await gateway.data(SPOKEN % visit, roles=("agent",)))["spokenScript"]
    questions_en = (
        "1. Was everything complete and in order?\n2. Was the handling explained to you?\n"
        "3. From 1 to 5, how content are you? Why?"
    )
    questions_zh = "1. 货品是否齐全、完好？\n2. 是否向您讲解过使用方法？\n3. 满分 5 分，您给几分？为什么？"
    assert said == {
        "scriptCode": "after_delivery",
        "titleEn": "After a delivery",
        "titleZh": "交付后回访",
        "textEn": f"Hello, am I speaking with 王小明? Your delivery has arrived: Pumps.\n{questions_en}",
        "textZh": f"您好，请问是王小明吗？您订购的产品已经送达：Pumps。\n{questions_zh}",
        "doNotContact": True,
    }
    masked = (await gateway.data(SPOKEN % visit, roles=("technician",)))["spokenScript"]
    assert (masked["textEn"], masked["textZh"]) == tuple(
        said[text].replace("王小明", "王***") for text in ("textEn", "textZh")
    )
    before = list(database["visits"].find())
    assert await gateway.codes(SPOKEN % NOWHERE, roles=("agent",)) == ["VISIT_NOT_FOUND"]
    assert await gateway.codes(SPOKEN % visit, roles=("auditor",)) == ["FORBIDDEN"]
    assert list(database["visits"].find()) == before


async def test_a_call_that_has_no_script_shows_its_topic_and_whether_the_member_may_be_contacted(
    gateway: Client, greetings: Greetings
) -> None:
    member = greetings.member(customer_id=CUSTOMER, do_not_contact=True)
    (visit,) = planned(member_id=member.id, topic="Ring them", script_code="")
    assert (await gateway.data(SPOKEN % visit, roles=("agent",)))["spokenScript"] == {
        "scriptCode": "",
        "titleEn": "Ring them",
        "titleZh": "Ring them",
        "textEn": "",
        "textZh": "",
        "doNotContact": True,
    }
