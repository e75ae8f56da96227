"""Every kind of campaign, and a journey, as people set them up: by GraphQL, against running processes, today."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from deploy.local.sink_client import SinkClient
from deploy.local.suite import Suite
from tests.e2e.graphql import GraphQL
from tests.e2e.patient import until

ZONE = "Asia/Shanghai"
"""The company's: days since an event are counted there."""
_REFUSED = " ...Refused } }"
CREATE_MEMBER = "mutation($input: MemberInput!) { createMember(input: $input) { ... on MemberPayload { member { id } }"
CREATE_SEGMENT = (
    "mutation($input: SegmentInput!) { createSegment(input: $input) { ... on SegmentPayload { segment { id } }"
)
CREATE_OCCASION = (
    "mutation($input: OccasionInput!) { createOccasion(input: $input) { ... on OccasionPayload { occasion { id } }"
)
CREATE_CAMPAIGN = (
    "mutation($name: String!, $plan: CampaignPlanInput!) { createCampaign(name: $name, plan: $plan) "
    "{ ... on CampaignPayload { campaign { id } }"
)
DEFINE_ATTRIBUTE = "mutation($input: AttributeDefinitionInput!) { defineAttribute(input: $input) { __typename"
RECORD_ACTS = "mutation($acts: [ActInput!]!) { recordActs(acts: $acts) { __typename"
MOVE = "mutation($id: ID!) {{ {verb}Campaign(id: $id) {{ ... on CampaignPayload {{ campaign {{ state }} }}"
TEXTS = [
    {"language": "EN", "subject": "For {{ member.name }}", "body": "Hello"},
    {"language": "ZH_HANS", "subject": "{{ member.name }}", "body": "您好"},
]


@dataclass
class Desk:
    """An author and an approver, and the people whom a test cares for."""

    author: GraphQL
    approver: GraphQL
    sink: SinkClient
    run: str = field(default_factory=lambda: uuid4().hex[:8])

    def email(self, kind: str) -> str:
        return f"{self.run}-{kind}@example.com"

    def member(self, kind: str, **told: Any) -> str:
        """Register the one member whom campaigns of this test of this kind reach."""
        told = {"name": "Ada", "email": self.email(kind), "emailConsent": True, "timeZone": ZONE, **told}
        told |= {"language": "EN", "tags": [f"{self.run}-{kind}"]}
        return str(self.author.mutate(CREATE_MEMBER + _REFUSED, input=told)["member"]["id"])

    def act(self, name: str, member: str, *, when: datetime | None = None) -> None:
        told = {
            "key": uuid4().hex,
            "memberId": member,
            "name": name,
            "occurredTime": (when or datetime.now(UTC)).isoformat(),
        }
        assert self.author.mutate(RECORD_ACTS + _REFUSED, acts=[told])["__typename"] == "RecordActsPayload"

    def segment(self, name: str, *, tag: str) -> str:
        told = {"name": name, "rule": {"tag": [tag]}}
        return str(self.author.mutate(CREATE_SEGMENT + _REFUSED, input=told)["segment"]["id"])

    def campaign(self, kind: str, **plan: Any) -> str:
        """Write a campaign for this one member, have it approved by somebody else, and start it."""
        audience = {"segmentId": self.segment(f"{self.run} {kind}", tag=f"{self.run}-{kind}")}
        whole = {"sendAt": "00:00", "catchUpDays": 1, "templates": TEXTS, "audience": audience, **plan}
        campaign_id = str(
            self.author.mutate(CREATE_CAMPAIGN + _REFUSED, name=f"{self.run} {kind}", plan=whole)["campaign"]["id"]
        )
        for verb, who in (("submit", self.author), ("approve", self.approver), ("start", self.author)):
            assert who.mutate(MOVE.format(verb=verb) + _REFUSED, id=campaign_id)["campaign"]
        return campaign_id

    def states(self, campaign_id: str) -> list[tuple[str, int]]:
        """Return how many messages of the campaign stand where."""
        ask = "query($id: ID!) { campaign(id: $id) { progress { counts { state count } } } }"
        counts = self.author.data(ask, id=campaign_id)["campaign"]["progress"]["counts"]
        return [(each["state"], each["count"]) for each in counts]


@pytest.fixture
def desk(embedded_suite: Suite) -> Iterator[Desk]:
    sink = SinkClient(embedded_suite.places.sink_url)
    with GraphQL(embedded_suite, "ops") as author, GraphQL(embedded_suite, "approver", subject="approver") as approver:
        yield Desk(author, approver, sink)


def today() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(ZONE)).date()


def begun(desk: Desk) -> dict[str, str]:
    """Start a campaign of each kind for somebody who is due by it today; return them by kind."""
    day = {"amount": 0, "unit": "DAY"}
    birthday = {"calendar": "SOLAR", "year": 1988, "month": today().month, "day": today().day}
    desk.member("birthday", birthday=birthday)
    for kind in ("occasion", "recurring", "one_off", "moment"):
        desk.member(kind)
    bought, visited = (desk.member(kind) for kind in ("after_event", "event_triggered"))
    desk.act(f"came_{desk.run}", desk.member("inactivity"), when=datetime.now(UTC) - timedelta(days=1))
    ends = f"ends_{desk.run}"
    desk.author.mutate(
        DEFINE_ATTRIBUTE + _REFUSED, input={"name": ends, "labelEn": "Ends", "labelZh": "结束", "type": "DATE"}
    )
    desk.member("before_date", attributes=[{"name": ends, "text": today().isoformat()}])
    rule = {"kind": "SOLAR_DATE", "month": today().month, "day": today().day}
    told = {"nameEn": f"Day {desk.run}", "nameZh": f"纪念日 {desk.run}", "rule": rule}
    occasion_id = desk.author.mutate(CREATE_OCCASION + _REFUSED, input=told)["occasion"]["id"]
    triggers: dict[str, dict[str, Any]] = {
        "birthday": {"birthday": {}},
        "occasion": {"occasion": {"occasionId": occasion_id}},
        "after_event": {"afterEvent": {"act": f"bought_{desk.run}", "after": day}},
        "before_date": {"beforeDate": {"date": "ATTRIBUTE", "attribute": ends, "before": day}},
        "inactivity": {"inactivity": {"act": f"came_{desk.run}", "days": 1}},
        "recurring": {"recurring": {"firstDate": today().isoformat(), "every": {"amount": 1, "unit": "WEEK"}}},
        "one_off": {"oneOff": {"date": today().isoformat()}},
    }
    campaigns = {kind: desk.campaign(kind, trigger=trigger) for kind, trigger in triggers.items()}
    visits = {"eventTriggered": {"act": f"visited_{desk.run}"}}
    campaigns["event_triggered"] = desk.campaign("event_triggered", trigger=visits, sendAt="")  # at once
    at = (datetime.now(UTC) + timedelta(seconds=5)).isoformat()
    campaigns["moment"] = desk.campaign("moment", trigger={"oneOff": {"sendTime": at}}, sendAt="")
    desk.act(f"bought_{desk.run}", bought)
    desk.act(f"visited_{desk.run}", visited)
    return campaigns


@pytest.mark.timeout(240)
def test_a_campaign_of_each_kind_reaches_who_is_due_today_once(desk: Desk) -> None:
    campaigns = begun(desk)
    for kind, campaign_id in campaigns.items():
        until(lambda sent=campaign_id: desk.states(sent) == [("SENT", 1)], seconds=60, what=f"{kind} is sent")  # type: ignore[misc]
    for kind in campaigns:
        (mail,) = desk.sink.messages(to=desk.email(kind))
        assert mail["subject"] == "For Ada"


@pytest.mark.timeout(240)
def test_a_journey_waits_for_what_a_member_does_and_goes_the_way_of_their_segment(desk: Desk) -> None:
    goes, stays = desk.member("journey"), desk.member("other")
    gold = desk.segment(f"{desk.run} gold", tag=f"{desk.run}-journey")
    answered = {"act": f"answered_{desk.run}", "timeout": {"amount": 1, "unit": "DAY"}}
    steps = [
        {"name": "welcome", "send": {}},
        {"name": "answer", "wait": {"forEvent": answered}},
        {"name": "which", "branch": {"arms": [{"segmentId": gold, "next": "thanks"}]}, "next": "over"},
        {"name": "thanks", "send": {}},
        {"name": "over", "end": {"outcome": "done"}},
    ]
    trigger = {"eventTriggered": {"act": f"joined_{desk.run}"}}
    campaign = desk.campaign("journey", trigger=trigger, steps=steps, sendAt="")
    desk.act(f"joined_{desk.run}", goes)
    desk.act(f"joined_{desk.run}", stays)
    until(lambda: desk.states(campaign) == [("SENT", 1)], seconds=60, what="the welcome is sent")
    desk.act(f"answered_{desk.run}", goes)
    until(lambda: desk.states(campaign) == [("SENT", 2)], seconds=60, what="the thanks are sent")
    assert len(desk.sink.messages(to=desk.email("journey"))) == 2
    assert desk.sink.messages(to=desk.email("other")) == []
