"""Every change of campaigns arrives as it was meant, and what they are shows as it is."""

from typing import Any
from uuid import UUID

import pytest

from membercare.care.v1 import campaign_pb2, channel_pb2, member_pb2, touch_pb2
from membercare.care.v1 import campaigns_service_pb2 as pb
from tests.contract.gateway.test_writes import field_of
from tests.fakes.company import NOON, a_campaign, an_id
from tests.fakes.rooms import SERVICES
from tests.fakes.suite import Client, FakeSuite

READS = ("Get", "BatchGet", "List", "Check", "Preview", "Report")
(CAMPAIGNS,) = (service for service in SERVICES["care"] if service.name == "CampaignsService")
CMP, MEM, SEG, OTHER, OCC = (an_id("cmp", 1), an_id("mem", 1), an_id("seg", 1), an_id("seg", 2), an_id("occ", 1))
GUARDS = 'etag: "3", requestId: "r1"'
GUARDED = {"etag": "3", "request_id": "r1"}
SAID = (f'id: "{CMP}", comment: "ok", {GUARDS}', {"campaign_id": CMP, "comment": "ok", **GUARDED})
WORDS = '{language: EN, channel: SMS, variant: "A", step: "hello", body: "Hi"}'
STEPS = (
    '{name: "hello", send: {channels: [SMS]}}, {name: "wait", wait: {forEvent: {act: "case_closed", '
    'timeout: {amount: 3, unit: DAY}, onTimeout: "over"}}}, {name: "who", branch: {arms: '
    f'[{{segmentId: "{SEG}", next: "call"}}]}}, next: "over"}}, {{name: "call", task: {{title: "Call", dueDays: 2}}}}, '
    '{name: "over", end: {outcome: "silent"}}'
)
PLAN = (
    f'plan: {{sendAt: "09:00", trigger: {{occasion: {{occasionId: "{OCC}", daysBefore: 1}}}}, '
    f'audience: {{segmentId: "{SEG}", excludeSegmentIds: ["{OTHER}"]}}, purpose: MARKETING, channels: [SMS, EMAIL], '
    'holdout: {basisPoints: 500}, variants: [{name: "A", weight: 2}, {name: "B"}], goal: {act: "signed", '
    'windowDays: 7}, priority: 0, budget: {minorUnits: "9007199254740993", currencyCode: "CNY"}, quietHours: CANCEL, '
    f'blackout: DROP, workdays: {{countryCode: "CN", move: BACK}}, cheerful: false, '
    f"templates: [{WORDS}], steps: [{STEPS}]}}"
)
PACKED = {
    "send_at": "09:00",
    "trigger": {"occasion": {"occasion_id": OCC, "days_before": 1}},
    "audience": {"segment_id": SEG, "exclude_segment_ids": [OTHER]},
    "purpose": 2,
    "channels": [2, 1],
    "holdout": {"basis_points": 500},
    "variants": [{"name": "A", "weight": 2}, {"name": "B", "weight": 1}],
    "goal": {"act": "signed", "window_days": 7},
    "priority": 0,
    "budget": {"minor_units": 9007199254740993, "currency_code": "CNY"},
    "quiet_hours": 2,
    "blackout": 3,
    "workdays": {"country_code": "CN", "move": 1},
    "cheerful": False,
    "templates": [{"language": 2, "channel": 2, "variant": "A", "step": "hello", "body": "Hi"}],
    "steps": [
        {"name": "hello", "send": {"channels": [2]}},
        {
            "name": "wait",
            "wait": {"for_event": {"act": "case_closed", "timeout": {"amount": 3, "unit": 3}, "on_timeout": "over"}},
        },
        {"name": "who", "next": "over", "branch": {"arms": [{"segment_id": SEG, "next": "call"}]}},
        {"name": "call", "task": {"title": "Call", "due_days": 2}},
        {"name": "over", "end": {"outcome": "silent"}},
    ],
}
CASES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "ReviseCampaign",
        f'id: "{CMP}", name: "B", {PLAN}, {GUARDS}',
        {"campaign_id": CMP, "name": "B", "plan": PACKED, **GUARDED},
    ),
    *(
        (f"{verb}", *SAID)
        for verb in (
            "WithdrawCampaign",
            "FinishCampaign",
            "SubmitCampaignRevision",
            "ApproveCampaignRevision",
            "RejectCampaignRevision",
            "DiscardCampaignRevision",
        )
    ),
    (
        "CommentOnCampaign",
        f'id: "{CMP}", text: "well", {GUARDS}',
        {"campaign_id": CMP, "text": "well", **GUARDED},
    ),
    (
        "ChooseCampaignWinner",
        f'id: "{CMP}", variant: "B", comment: "clear", {GUARDS}',
        {"campaign_id": CMP, "variant": "B", "comment": "clear", **GUARDED},
    ),
    ("CloneCampaign", f'id: "{CMP}", name: "Again"', {"campaign_id": CMP, "name": "Again"}),
]


def test_every_change_of_the_room_is_tried() -> None:
    changes = [method.name for method in CAMPAIGNS.methods if not method.name.startswith(READS)]
    assert sorted(changes) == sorted(["SendCampaignTest", *(case[0] for case in CASES)])


@pytest.mark.parametrize(("rpc", "arguments", "arrived"), CASES, ids=[case[0] for case in CASES])
async def test_a_change_of_a_campaign_arrives_and_shows_what_became_of_it(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, arrived: dict[str, Any]
) -> None:
    suite.care.answers[rpc] = lambda _: getattr(pb, f"{rpc}Response")(campaign=a_campaign(1))
    query = (
        f"mutation {{ {field_of(rpc)}({arguments}) {{ __typename ... on CampaignPayload {{ campaign {{ id }} }} }} }}"
    )
    data = await gateway.data(query)
    assert data[field_of(rpc)] == {"__typename": "CampaignPayload", "campaign": {"id": CMP}}
    (request,) = suite.care.asked[rpc]
    if "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == type(request)(**arrived)


async def test_a_trigger_of_two_kinds_is_refused_before_the_service_is_asked(gateway: Client, suite: FakeSuite) -> None:
    query = (
        f'mutation {{ reviseCampaign(id: "{CMP}", plan: {{sendAt: "09:00", templates: [], trigger: {{'
        'oneOff: {date: "2027-01-01"}, birthday: {daysBefore: 1}}}) { __typename } }'
    )
    (error,) = (await gateway.ask(query))["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "exactly one" in error["message"]
    assert suite.calls == {}


async def test_the_history_of_campaigns_comes_in_one_call(gateway: Client, company: FakeSuite) -> None:
    version = campaign_pb2.CampaignVersion(
        number=1, plan=a_campaign(1).plan, author="a", approver="b", create_time=NOON
    )
    note = pb.CampaignNote(by="b", time=NOON, verb="approve", version=1)
    company.care.answers["BatchGetCampaignHistories"] = lambda request: pb.BatchGetCampaignHistoriesResponse(
        histories=[
            pb.CampaignHistory(campaign_id=key, versions=[version], notes=[note]) for key in request.campaign_ids
        ]
    )
    data = await gateway.data(
        "{ campaigns { nodes { history { versions { number approver effectiveFrom } notes { by verb text } } } } }"
    )
    shown = {
        "versions": [{"number": 1, "approver": "b", "effectiveFrom": None}],
        "notes": [{"by": "b", "verb": "approve", "text": None}],
    }
    assert data["campaigns"]["nodes"] == [{"history": shown}] * 2
    assert company.calls == {"ListCampaigns": 1, "BatchGetCampaignHistories": 1}


async def test_what_changed_is_named_as_the_schema_names_it(gateway: Client, suite: FakeSuite) -> None:
    change = pb.CampaignChange(path="holdout.basis_points", before="0", after="500")
    suite.care.answers["GetCampaignChanges"] = lambda _: pb.GetCampaignChangesResponse(
        from_version=1, to_version=2, changes=[change]
    )
    query = (
        f'{{ campaignChanges(campaignId: "{CMP}", fromVersion: 1) {{ toVersion changes {{ path before after }} }} }}'
    )
    data = await gateway.data(query)
    told = {"path": "holdout.basisPoints", "before": "0", "after": "500"}
    assert data["campaignChanges"] == {"toVersion": 2, "changes": [told]}
    (request,) = suite.care.asked["GetCampaignChanges"]
    assert request == pb.GetCampaignChangesRequest(campaign_id=CMP, from_version=1)


async def test_a_test_message_says_what_became_of_it(gateway: Client, suite: FakeSuite) -> None:
    delivery = pb.TestDelivery(address="a@membercare.example", accepted=True)
    suite.care.answers["SendCampaignTest"] = lambda _: pb.SendCampaignTestResponse(deliveries=[delivery])
    arguments = (
        f'id: "{CMP}", memberId: "{MEM}", addresses: ["a@membercare.example"], variant: "A", language: EN, channel: SMS'
    )
    shown = "... on CampaignTestPayload { deliveries { address accepted } }"
    data = await gateway.data(f'mutation {{ sendCampaignTest({arguments}, requestId: "r1") {{ {shown} }} }}')
    assert data["sendCampaignTest"] == {"deliveries": [{"address": "a@membercare.example", "accepted": True}]}
    (request,) = suite.care.asked["SendCampaignTest"]
    assert request == pb.SendCampaignTestRequest(
        campaign_id=CMP,
        member_id=MEM,
        addresses=["a@membercare.example"],
        variant="A",
        language=member_pb2.LANGUAGE_EN,
        channel=channel_pb2.CHANNEL_SMS,
        request_id="r1",
    )


async def test_what_would_go_wrong_is_named_as_the_schema_names_it(gateway: Client, suite: FakeSuite) -> None:
    finding = pb.CampaignFinding(
        blocks=True, code="DAY_IS_OVER", field="plan.trigger.one_off", message_en="Over.", message_zh="已过。"
    )
    suite.care.answers["CheckCampaign"] = lambda _: pb.CheckCampaignResponse(findings=[finding])
    shown = "{ findings { blocks code field messageEn messageZh } }"
    data = await gateway.data(f'{{ checkCampaign(campaignId: "{CMP}") {shown} }}')
    told = {"blocks": True, "code": "DAY_IS_OVER", "field": "plan.trigger.oneOff"}
    assert data["checkCampaign"]["findings"] == [{**told, "messageEn": "Over.", "messageZh": "已过。"}]


async def test_a_message_is_previewed_and_variants_are_compared(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["PreviewCampaignMessage"] = lambda _: pb.PreviewCampaignMessageResponse(
        subject="Hi", body="Dear Li", channel=channel_pb2.CHANNEL_SMS, language=member_pb2.LANGUAGE_EN
    )
    difference = pb.VariantDifference(better="B", other="A", value=0.1, low=-0.1, high=0.3, p_value=0.5)
    suite.care.answers["ReportCampaignVariants"] = lambda _: pb.ReportCampaignVariantsResponse(
        variants=[pb.VariantResult(name="A", weight=1, sent=4, converted=1, rate=0.25)],
        verdict=pb.VARIANT_VERDICT_NO_DIFFERENCE,
        differences=[difference],
    )
    data = await gateway.data(
        f'{{ previewCampaignMessage(campaignId: "{CMP}", memberId: "{MEM}", channel: SMS) {{ subject body channel }} '
        f'campaignVariants(campaignId: "{CMP}") {{ verdict winner variants {{ name sent rate }} '
        "differences { better low pValue } } }"
    )
    assert data["previewCampaignMessage"] == {"subject": "Hi", "body": "Dear Li", "channel": "SMS"}
    assert data["campaignVariants"] == {
        "verdict": "NO_DIFFERENCE",
        "winner": None,
        "variants": [{"name": "A", "sent": 4, "rate": 0.25}],
        "differences": [{"better": "B", "low": -0.1, "pValue": 0.5}],
    }
    (asked,) = suite.care.asked["PreviewCampaignMessage"]
    assert asked == pb.PreviewCampaignMessageRequest(campaign_id=CMP, member_id=MEM, channel=channel_pb2.CHANNEL_SMS)


async def test_a_run_is_foreseen_with_its_members_in_one_more_call(gateway: Client, company: FakeSuite) -> None:
    skipped = touch_pb2.TOUCH_STATE_SKIPPED
    message = pb.ForeseenMessage(member_id=MEM, occurrence="birthday/2030", verdict="DO_NOT_CONTACT", state=skipped)
    company.care.answers["PreviewCampaignRun"] = lambda _: pb.PreviewCampaignRunResponse(
        date="2030-06-15",
        plan_version=1,
        messages=[message],
        counts=[pb.ForeseenCount(verdict="DO_NOT_CONTACT", count=1, state=skipped)],
        next_page_token=f"{MEM} birthday/2030",
    )
    arguments = f'campaignId: "{CMP}", date: "2030-06-15", verdict: "DO_NOT_CONTACT", first: 1, after: "x y"'
    shown = "date nextPageToken counts { verdict state count } messages { verdict state dueTime member { id } }"
    data = await gateway.data(f"{{ previewCampaignRun({arguments}) {{ {shown} }} }}")
    assert data["previewCampaignRun"] == {
        "date": "2030-06-15",
        "nextPageToken": f"{MEM} birthday/2030",
        "counts": [{"verdict": "DO_NOT_CONTACT", "state": "SKIPPED", "count": "1"}],
        "messages": [{"verdict": "DO_NOT_CONTACT", "state": "SKIPPED", "dueTime": None, "member": {"id": MEM}}],
    }
    (asked,) = company.care.asked["PreviewCampaignRun"]
    assert asked == pb.PreviewCampaignRunRequest(
        campaign_id=CMP, date="2030-06-15", verdict="DO_NOT_CONTACT", page_size=1, page_token="x y"
    )
    assert company.calls == {"PreviewCampaignRun": 1, "BatchGetMembers": 1}
