"""Segments through the schema: trees arrive as they were meant, and come back the same."""

import json
from typing import Any
from uuid import UUID

import pytest

from membercare.care.v1 import channel_pb2, segment_pb2
from membercare.care.v1 import segments_service_pb2 as pb
from tests.fakes.company import NOON, an_id
from tests.fakes.suite import Client, FakeSuite

SEG, OTHER, MEM = an_id("seg", 1), an_id("seg", 2), an_id("mem", 1)

TREE: list[tuple[str, segment_pb2.SegmentRule]] = [
    ("{all: []}", segment_pb2.SegmentRule(all=segment_pb2.RuleGroup())),
    (
        '{any: [{tag: ["vip", "gold"]}, {none: [{tier: ["silver"]}]}]}',
        segment_pb2.SegmentRule(
            any=segment_pb2.RuleGroup(
                rules=[
                    segment_pb2.SegmentRule(tag=segment_pb2.WordList(any_of=["vip", "gold"])),
                    segment_pb2.SegmentRule(
                        none=segment_pb2.RuleGroup(
                            rules=[segment_pb2.SegmentRule(tier=segment_pb2.WordList(any_of=["silver"]))]
                        )
                    ),
                ]
            )
        ),
    ),
    (
        '{profile: {field: LANGUAGE, anyOf: ["LANGUAGE_EN"]}}',
        segment_pb2.SegmentRule(
            profile=segment_pb2.ProfileRule(field=segment_pb2.PROFILE_FIELD_LANGUAGE, any_of=["LANGUAGE_EN"])
        ),
    ),
    (
        "{profile: {field: EMAIL}}",
        segment_pb2.SegmentRule(profile=segment_pb2.ProfileRule(field=segment_pb2.PROFILE_FIELD_EMAIL)),
    ),
    (
        "{flag: COMPLAINT_OPEN}",
        segment_pb2.SegmentRule(flag=segment_pb2.FlagRule(flag=segment_pb2.MEMBER_FLAG_COMPLAINT_OPEN)),
    ),
    (
        "{consent: {channel: SMS, purpose: MARKETING}}",
        segment_pb2.SegmentRule(
            consent=segment_pb2.ConsentRule(channel=channel_pb2.CHANNEL_SMS, purpose=channel_pb2.PURPOSE_MARKETING)
        ),
    ),
    (
        "{number: {field: POINTS, atLeast: 0}}",
        segment_pb2.SegmentRule(number=segment_pb2.NumberRule(field=segment_pb2.NUMBER_FIELD_POINTS, at_least=0)),
    ),
    (
        "{moment: {field: CREATE_TIME, window: {beforeLastDays: 30}}}",
        segment_pb2.SegmentRule(
            moment=segment_pb2.MomentRule(
                field=segment_pb2.MOMENT_FIELD_CREATE_TIME, window=segment_pb2.DateWindow(before_last_days=30)
            )
        ),
    ),
    ("{birthday: {lastDays: 0}}", segment_pb2.SegmentRule(birthday=segment_pb2.DateWindow(last_days=0))),
    (
        '{attribute: {name: "car"}}',
        segment_pb2.SegmentRule(attribute=segment_pb2.AttributeRule(name="car")),
    ),
    (
        '{attribute: {name: "car", test: {text: ["x"]}}}',
        segment_pb2.SegmentRule(
            attribute=segment_pb2.AttributeRule(name="car", text=segment_pb2.WordList(any_of=["x"]))
        ),
    ),
    (
        '{attribute: {name: "car", test: {yes: false}}}',
        segment_pb2.SegmentRule(attribute=segment_pb2.AttributeRule(name="car", yes=False)),
    ),
    (
        '{attribute: {name: "km", test: {number: {atMost: 1.5}}}}',
        segment_pb2.SegmentRule(
            attribute=segment_pb2.AttributeRule(name="km", number=segment_pb2.NumberRange(at_most=1.5))
        ),
    ),
    (
        '{attribute: {name: "bought", test: {window: {range: {fromDate: "2026-01-01"}}}}}',
        segment_pb2.SegmentRule(
            attribute=segment_pb2.AttributeRule(
                name="bought", window=segment_pb2.DateWindow(range=segment_pb2.DateRange(from_date="2026-01-01"))
            )
        ),
    ),
    (
        '{act: {name: "visit_completed", atMost: 0, days: 90}}',
        segment_pb2.SegmentRule(act=segment_pb2.ActRule(name="visit_completed", at_most=0, days=90)),
    ),
    (
        '{answer: {survey: "visit", atMost: 2}}',
        segment_pb2.SegmentRule(answer=segment_pb2.AnswerRule(survey="visit", at_most=2)),
    ),
    (
        "{contract: {states: [ACTIVE, SUSPENDED], ends: {nextDays: 60}}}",
        segment_pb2.SegmentRule(
            contract=segment_pb2.ContractRule(
                states=[segment_pb2.HELD_CONTRACT_STATE_ACTIVE, segment_pb2.HELD_CONTRACT_STATE_SUSPENDED],
                ends=segment_pb2.DateWindow(next_days=60),
            )
        ),
    ),
    (
        '{value: {tiers: [HIGH_VALUE], currencyCode: "CNY", atLeast: "9007199254740993"}}',
        segment_pb2.SegmentRule(
            value=segment_pb2.ValueRule(
                tiers=[segment_pb2.HELD_VALUE_TIER_HIGH_VALUE], currency_code="CNY", at_least=9_007_199_254_740_993
            )
        ),
    ),
    ("{value: {}}", segment_pb2.SegmentRule(value=segment_pb2.ValueRule())),
    (f'{{segmentId: "{OTHER}"}}', segment_pb2.SegmentRule(segment_id=OTHER)),
]


def a_segment(**fields: Any) -> segment_pb2.Segment:
    defaults: dict[str, Any] = {"id": SEG, "name": "VIP", "etag": "1", "create_time": NOON, "update_time": NOON}
    return segment_pb2.Segment(**defaults | {"rule": TREE[1][1]} | fields)


@pytest.mark.parametrize(("written", "rule"), TREE, ids=[written for written, _ in TREE])
async def test_every_kind_of_rule_arrives_as_it_was_meant(
    gateway: Client, suite: FakeSuite, *, written: str, rule: segment_pb2.SegmentRule
) -> None:
    suite.care.answers["CreateSegment"] = lambda _: pb.CreateSegmentResponse(segment=a_segment())
    query = f"""mutation {{
      createSegment(input: {{name: "VIP", rule: {written}}}) {{ ... on SegmentPayload {{ segment {{ id }} }} }}
    }}"""
    assert await gateway.data(query) == {"createSegment": {"segment": {"id": SEG}}}
    (request,) = suite.care.asked["CreateSegment"]
    UUID(request.request_id)
    assert request.segment == segment_pb2.Segment(name="VIP", rule=rule)


async def test_a_tree_is_read_in_the_form_in_which_it_is_written(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["BatchGetSegments"] = lambda _: pb.BatchGetSegmentsResponse(segments=[a_segment()])
    query = f"""{{ segment(id: "{SEG}") {{
      name rule {{ all {{ tag }} any {{ tag tier none {{ tier segmentId }} birthday {{ nextDays }} }} flag }}
    }} }}"""
    assert (await gateway.data(query))["segment"] == {
        "name": "VIP",
        "rule": {
            "all": None,
            "any": [
                {"tag": ["vip", "gold"], "tier": None, "none": None, "birthday": None},
                {"tag": None, "tier": None, "none": [{"tier": ["silver"], "segmentId": None}], "birthday": None},
            ],
            "flag": None,
        },
    }


@pytest.mark.parametrize(
    "rule", ["{}", '{tag: ["a"], tier: ["b"]}', "{tag: null}", "{birthday: {lastDays: 1, nextDays: 1}}", "{any: [{}]}"]
)
async def test_a_rule_of_no_kind_or_of_two_is_refused_by_the_schema(
    gateway: Client, suite: FakeSuite, rule: str
) -> None:
    query = f'mutation {{ createSegment(input: {{name: "VIP", rule: {rule}}}) {{ __typename }} }}'
    assert (await gateway.codes(query)) == ["BAD_USER_INPUT"]
    assert suite.care.asked["CreateSegment"] == []


async def test_a_tree_too_deep_to_travel_is_refused_by_its_field(gateway: Client, suite: FakeSuite) -> None:
    rule = "{none: [" * 21 + '{tag: ["vip"]}' + "]}" * 21
    query = f"""mutation {{
      createSegment(input: {{name: "VIP", rule: {rule}}}) {{ ... on UserError {{ code field }} }}
    }}"""
    assert await gateway.data(query) == {"createSegment": {"code": "INVALID_FIELD", "field": "rule"}}
    assert suite.care.asked["CreateSegment"] == []


@pytest.mark.parametrize(("levels", "status", "code"), [(400, 200, "BAD_USER_INPUT"), (50_000, 400, "BAD_REQUEST")])
async def test_variables_of_any_depth_get_a_clear_answer(
    gateway: Client, suite: FakeSuite, *, levels: int, status: int, code: str
) -> None:
    query = "query ($rule: SegmentRuleInput!) { previewSegment(rule: $rule) { count } }"
    rule = '{"none":[' * levels + '{"tag":["vip"]}' + "]}" * levels
    body = f'{{"query": {json.dumps(query)}, "variables": {{"rule": {rule}}}}}'
    headers = gateway.headers() | {"content-type": "application/json"}
    response = await gateway.http.post("/graphql", content=body, headers=headers)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (status, code)
    assert suite.care.asked["PreviewSegment"] == []


async def test_only_what_the_caller_names_is_changed(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["UpdateSegment"] = lambda _: pb.UpdateSegmentResponse(segment=a_segment())
    query = f"""mutation {{
      updateSegment(id: "{SEG}", input: {{rule: {TREE[0][0]}}}, etag: "1") {{
        ... on SegmentPayload {{ segment {{ id }} }}
      }}
    }}"""
    assert await gateway.data(query) == {"updateSegment": {"segment": {"id": SEG}}}
    (request,) = suite.care.asked["UpdateSegment"]
    assert request.segment == segment_pb2.Segment(id=SEG, rule=TREE[0][1], etag="1")
    assert request.update_mask.paths == ["rule"]


async def test_a_segment_is_archived_by_its_id(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["ArchiveSegment"] = lambda _: pb.ArchiveSegmentResponse(segment=a_segment(archived=True))
    query = f"""mutation {{ archiveSegment(id: "{SEG}", etag: "1", requestId: "r1") {{
      ... on SegmentPayload {{ segment {{ archived }} }}
    }} }}"""
    assert await gateway.data(query) == {"archiveSegment": {"segment": {"archived": True}}}
    assert suite.care.asked["ArchiveSegment"] == [pb.ArchiveSegmentRequest(segment_id=SEG, etag="1", request_id="r1")]


async def test_a_preview_takes_a_segment_or_a_rule_and_not_both(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["PreviewSegment"] = lambda _: pb.PreviewSegmentResponse(
        count=1_000_000, rule_en="tag: vip", rule_zh="标签：vip"
    )
    assert await gateway.data(f'{{ previewSegment(segmentId: "{SEG}") {{ count sample {{ id }} }} }}') == {
        "previewSegment": {"count": "1000000", "sample": []}
    }
    told = await gateway.data('{ previewSegment(rule: {tag: ["vip"]}, sampleSize: 5) { ruleEn ruleZh } }')
    assert told == {"previewSegment": {"ruleEn": "tag: vip", "ruleZh": "标签：vip"}}
    vip = segment_pb2.SegmentRule(tag=segment_pb2.WordList(any_of=["vip"]))
    assert suite.care.asked["PreviewSegment"] == [
        pb.PreviewSegmentRequest(segment_id=SEG),
        pb.PreviewSegmentRequest(rule=vip, sample_size=5),
    ]
    both = f'{{ previewSegment(segmentId: "{SEG}", rule: {{tag: ["vip"]}}) {{ count }} }}'
    assert await gateway.codes(both) == ["INVALID_FIELD"]


async def test_an_explanation_comes_line_by_line(gateway: Client, suite: FakeSuite) -> None:
    line = segment_pb2.MembershipReason(path="rule", depth=1, holds=True, rule_en="every member", rule_zh="所有会员")
    suite.care.answers["ExplainMembership"] = lambda _: pb.ExplainMembershipResponse(holds=True, reasons=[line])
    query = f"""{{ explainMembership(segmentId: "{SEG}", memberId: "{MEM}") {{
      holds reasons {{ path depth holds ruleEn ruleZh foundEn }}
    }} }}"""
    told = {
        "path": "rule", "depth": 1, "holds": True, "ruleEn": "every member", "ruleZh": "所有会员", "foundEn": None,
    }  # fmt: skip
    assert await gateway.data(query) == {"explainMembership": {"holds": True, "reasons": [told]}}


async def test_acts_arrive_with_their_moments_and_keys(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["RecordActs"] = lambda _: pb.RecordActsResponse(recorded=1, unknown_member_ids=[MEM])
    query = f"""mutation {{
      recordActs(acts: [{{memberId: "{MEM}", name: "bought", occurredTime: "2026-11-22T12:00:00Z", key: "o-1"}}]) {{
        ... on RecordActsPayload {{ recorded unknownMemberIds }}
      }}
    }}"""
    assert await gateway.data(query) == {"recordActs": {"recorded": 1, "unknownMemberIds": [MEM]}}
    act = pb.ToldAct(member_id=MEM, name="bought", occurred_time=NOON, key="o-1")
    assert suite.care.asked["RecordActs"] == [pb.RecordActsRequest(acts=[act])]
