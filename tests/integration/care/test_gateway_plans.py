"""Plans that name what is not there, as a front end writes them, through the real gateway and the real service."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.domain.calendars.occasion import built_in_id
from tests.fakes.suite import Client
from tests.integration.calling import Calling
from tests.integration.care.people import define, registered

Documents = Database[dict[str, Any]]
NO_SEGMENT, NO_OCCASION = (f"{prefix}_00000000000000000000000000" for prefix in ("seg", "occ"))
WORDS = '{language: %s, subject: "Hello", body: "Dear {{ member.name }}"}'
PLAN = f'{{sendAt: "09:00", %s, templates: [{WORDS % "EN"}, {WORDS % "ZH_HANS"}]}}'
CREATE = """mutation { createCampaign(name: "Handover", plan: %s) {
  ... on CampaignPayload { campaign { id state } } ... on UserError { code field message } } }"""
BEFORE = 'trigger: {beforeDate: {date: ATTRIBUTE, attribute: "%s", before: {amount: 3, unit: DAY}}}'


CHECK = '{ checkCampaign(campaignId: "%s") { findings { blocks code field messageEn messageZh } } }'
TOLD = """mutation {
  recordActs(acts: [{key: "o1", memberId: "%s", name: "bought", occurredTime: "2026-11-01T00:00:00Z"}]) {
  ... on RecordActsPayload { recorded } } }"""


async def written(gateway: Client, part: str) -> dict[str, Any]:
    made: dict[str, Any] = (await gateway.data(CREATE % (PLAN % part), roles=("ops",)))["createCampaign"]
    return made


@pytest.fixture
def fields(calling: Calling) -> None:
    """A date and a number of the company's own."""
    people = calling.as_role(MembersServiceStub, "ops")
    define(people, name="handover", type=pb.ATTRIBUTE_TYPE_DATE)
    define(people, name="shoe_size", type=pb.ATTRIBUTE_TYPE_NUMBER)


@pytest.mark.usefixtures("fields")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("hand_over", "hand_over is not defined. Define it first: defineAttribute."),
        ("shoe_size", "shoe_size is a number, so it is never a date."),
    ],
)
async def test_a_campaign_before_a_date_that_no_member_can_have_is_refused_and_nothing_is_written(
    gateway: Client, database: Documents, *, name: str, message: str
) -> None:
    field = "plan.trigger.beforeDate.attribute"
    refused = await written(gateway, BEFORE % name)
    assert refused == {"code": "INVALID_FIELD", "field": field, "message": f"{field}: {message}"}
    assert database["campaigns"].count_documents({}) == 0


@pytest.mark.usefixtures("fields")
async def test_a_campaign_before_a_date_of_the_members_own_is_written(gateway: Client) -> None:
    assert (await written(gateway, BEFORE % "handover"))["campaign"]["state"] == "DRAFT"


@pytest.mark.parametrize(
    ("part", "code", "field"),
    [
        (f'audience: {{segmentId: "{NO_SEGMENT}"}}', "SEGMENT_NOT_FOUND", "plan.audience.segmentId"),
        (f'audience: {{excludeSegmentIds: ["{NO_SEGMENT}"]}}', "SEGMENT_NOT_FOUND", "plan.audience.excludeSegmentIds"),
        (
            f'trigger: {{occasion: {{occasionId: "{NO_OCCASION}"}}}}',
            "OCCASION_NOT_FOUND",
            "plan.trigger.occasion.occasionId",
        ),
    ],
)
async def test_what_a_plan_names_and_is_not_there_is_refused_with_the_place_where_it_is_named(
    gateway: Client, database: Documents, *, part: str, code: str, field: str
) -> None:
    refused = await written(gateway, part)
    assert (refused["code"], refused["field"]) == (code, field)
    assert database["campaigns"].count_documents({}) == 0


async def found(gateway: Client, part: str) -> list[dict[str, Any]]:
    campaign = (await written(gateway, part))["campaign"]["id"]
    findings: list[dict[str, Any]] = (await gateway.data(CHECK % campaign, roles=("ops",)))["checkCampaign"]["findings"]
    return findings


async def test_an_act_that_nobody_has_ever_done_is_warned_of_wherever_a_plan_names_it(
    gateway: Client, calling: Calling
) -> None:
    member = registered(calling.as_role(CareServiceStub, "ops"))
    await gateway.data(TOLD % member.id, roles=("ops",))
    told = 'trigger: {eventTriggered: {act: "%s"}}, goal: {act: "%s", windowDays: 7}'
    assert await found(gateway, told % ("bought", "contract_activated")) == []
    assert await found(gateway, told % ("contract_activatd", "contract_signed")) == [
        {
            "blocks": False,
            "code": "ACT_NEVER_HEARD",
            "field": field,
            "messageEn": f"Nobody has ever done {act}, and the suite does not record it itself: is the name right?",
            "messageZh": f"尚无会员有过行为 {act}，系统自身也不记录该行为，请确认名称是否正确。",
        }
        for field, act in (
            ("plan.trigger.eventTriggered.act", "contract_activatd"),
            ("plan.goal.act", "contract_signed"),
        )
    ]
    waits = """trigger: {oneOff: {date: "2126-11-01"}}, steps: [
      {name: "wait", wait: {forEvent: {act: "boughd", timeout: {amount: 2, unit: DAY}}}}, {name: "hello", send: {}}]"""
    assert [each["field"] for each in await found(gateway, waits)] == ["plan.steps[0].wait.forEvent.act"]


async def test_a_refused_step_of_a_campaign_says_what_can_be_done_instead(gateway: Client) -> None:
    plain = 'trigger: {oneOff: {date: "2126-11-01"}}'
    campaign = (await written(gateway, plain))["campaign"]["id"]

    async def told(call: str) -> dict[str, Any]:
        asked = f"mutation {{ {call} {{ ... on UserError {{ code message details {{ name value }} }} }} }}"
        answer: dict[str, Any] = await gateway.data(asked, roles=("ops",))
        return dict(next(iter(answer.values())))

    refused = await told(f'startCampaign(id: "{campaign}")')
    assert refused["code"] == "CAMPAIGN_TRANSITION_REFUSED"
    assert refused["message"] == f"Campaign {campaign} cannot start: it is draft. What it can do now: submit, archive."
    assert {"name": "possible", "value": "submit,archive"} in refused["details"]
    edit = f'reviseCampaign(id: "{campaign}", plan: {PLAN % plain})'
    await told(f'submitCampaign(id: "{campaign}")')
    message = (await told(edit))["message"]
    assert message == f"Campaign {campaign} cannot be edited: it is in review. Withdraw it first."
    await told(f'archiveCampaign(id: "{campaign}")')
    assert (await told(edit))["message"] == f"Campaign {campaign} cannot be edited: it is archived. Clone it."
    assert (await told(f'archiveCampaign(id: "{campaign}")'))["message"].endswith("What it can do now: nothing.")


async def test_a_list_of_campaigns_tells_the_names_of_their_audiences_and_occasions(gateway: Client) -> None:
    segment = """mutation { createSegment(input: {name: "Gold", rule: {tag: ["gold"]}}) {
      ... on SegmentPayload { segment { id } } } }"""
    gold = (await gateway.data(segment, roles=("ops",)))["createSegment"]["segment"]["id"]
    festival = built_in_id("mid_autumn")
    await written(gateway, f'audience: {{segmentId: "{gold}"}}, trigger: {{occasion: {{occasionId: "{festival}"}}}}')
    await written(gateway, 'trigger: {oneOff: {date: "2126-11-01"}}')
    listed = """{ campaigns { nodes { plan { audience { segment { name } }
      trigger { occasion { daysBefore occasion { nameZh } } } } } } }"""
    nodes = (await gateway.data(listed, roles=("auditor",)))["campaigns"]["nodes"]
    assert [each["plan"] for each in nodes] == [
        {
            "audience": {"segment": {"name": "Gold"}},
            "trigger": {"occasion": {"daysBefore": 0, "occasion": {"nameZh": "中秋节"}}},
        },
        {"audience": {"segment": None}, "trigger": {"occasion": None}},
    ]
