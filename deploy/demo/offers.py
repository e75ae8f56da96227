"""The part of the demo about offers: whom they are for, how they arrive, and all that holds a message back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from deploy.demo import documents, offers_people, offers_plans
from deploy.demo import offers_documents as asked
from deploy.demo.campaign import APPROVER, AUTHOR
from deploy.demo.gateway import request_id
from deploy.demo.imports import OPS
from deploy.demo.offers_ledger import Offer, deliveries, settled, show
from deploy.demo.screen import Trouble
from deploy.demo.stage import Stage
from deploy.local.sink_client import SinkClient

SEGMENT = "演示：冬季保养 Demo: winter service"
INVITED = "演示：培训邀请 Demo: course invitations"
_CAP = {"most": 1, "period": "DAY", "rollingHours": None, "channels": [], "purposes": ["MARKETING"]}
_QUIET = {"channels": ["SMS"], "purposes": ["MARKETING"]}
_BLACKOUT = "Demo: day of remembrance"


@dataclass(frozen=True, slots=True)
class Offers:
    """What there is to look at afterwards."""

    segment_id: str
    outside_id: str
    unsubscribed_id: str
    campaign_ids: list[str]


def tell(stage: Stage, sink: SinkClient) -> Offers:
    """Play the story, or what is left of it."""
    stage.screen.title(
        "5  Offers: a segment, two languages, two channels, and what holds a message back",
        "5  营销活动：人群、双语、双渠道，以及哪些规则会拦下消息",
    )
    before = set(_campaigns(stage))
    people = _people(stage, wanted=offers_plans.WINTER not in before)
    winter, invited = (
        _segment(stage, SEGMENT, tag=offers_people.WINTER),
        _segment(stage, INVITED, tag=offers_people.COURSE),
    )
    _explained(stage, winter, people=people)
    offers = _played(stage, sink, people=people, segments=(winter, invited))
    new = sum(deliveries(offer) for offer in offers if offer.name not in before)
    all_sent = sum(deliveries(offer) for offer in offers)
    stage.screen.say(
        f"Offers in this run: {new} sent; {all_sent} of all runs together. Nobody gets one twice.",
        f"本次运行发送营销消息 {new} 条，历次共 {all_sent} 条，不会有人收到两次。",
    )
    return Offers(
        winter["id"],
        people[offers_people.CLOSED]["id"],
        people[offers_people.LEAVER]["id"],
        [offer.id for offer in offers],
    )


def _played(
    stage: Stage, sink: SinkClient, *, people: dict[str, Any], segments: tuple[Any, Any]
) -> tuple[Offer, Offer, Offer, Offer]:
    """Run the four campaigns, the first two under rules of their own, in this order: the lower priority comes last."""
    winter, invited = segments
    audience = len(people) - 1
    with _rules(stage, people[offers_people.SLEEPER]["timeZone"]):
        first = _run(stage, offers_plans.WINTER, plan=offers_plans.winter(stage.today, winter["id"]), dry_run=True)
        show(stage, settled(stage, first, least=audience))
        _unsubscribe(stage, sink, member=people[offers_people.LEAVER])
        second = _run(stage, offers_plans.NEWS, plan=offers_plans.news(stage.today, winter["id"]))
        _blackout(stage)
        third = _run(stage, offers_plans.TASTING, plan=offers_plans.tasting(stage.today, winter["id"]))
        fourth = _run(stage, offers_plans.COURSE, plan=offers_plans.course(stage.today, invited["id"]))
        offers = (
            settled(stage, first, least=audience),
            settled(stage, second, least=audience),
            settled(stage, third, least=audience),
            settled(stage, fourth, least=offers_people.INVITED),
        )
    for offer in offers[1:]:
        show(stage, offer)
    return offers


def _people(stage: Stage, *, wanted: bool) -> dict[str, Any]:
    """Return the winter group by reference; once an offer was made, the file is not read again."""
    fresh = False
    if wanted:
        text = offers_people.file(stage.clock.now())
        taken = stage.take(OPS, documents.IMPORT_MEMBERS, csv=text, dryRun=False, lineOffset=0)
        if taken["errors"]:
            why = taken["errors"][0]["message"]
            raise Trouble(f"The customers were not taken: {why}", f"客户未能导入：{why}")
        fresh = bool(taken["created"] or taken["updated"])
    found = stage.gateway.ask(OPS, asked.TAGGED, tag=offers_people.WINTER)["members"]["nodes"]
    stage.screen.done(
        f"{len(found)} customers who agreed to offers, one of whom must not be contacted, and"
        f" {offers_people.INVITED} to invite to a course",
        f"{len(found)} 位同意接收营销消息的客户（其中 1 位请勿联系），另有 {offers_people.INVITED} 位培训邀请对象",
        fresh=fresh,
    )
    return {each["externalRef"]: each for each in found}


def _segment(stage: Stage, name: str, *, tag: str) -> Any:
    known = stage.gateway.ask(OPS, asked.SEGMENTS, name=name)["segments"]["nodes"]
    rule = {"all": [{"tag": [tag]}, {"none": [{"flag": "DO_NOT_CONTACT"}]}]}
    segment = (
        known[0]
        if known
        else stage.take(
            OPS, asked.CREATE_SEGMENT, input={"name": name, "rule": rule}, requestId=request_id("segment", tag)
        )["segment"]
    )
    count = stage.gateway.ask(OPS, asked.PREVIEW, id=segment["id"])["previewSegment"]["count"]
    stage.screen.done(
        f"Segment {segment['name']}: {count} members, now",
        f"人群 {segment['name']}：当前 {count} 人",
        fresh=not known,
    )
    for english, chinese in zip(segment["ruleEn"].splitlines(), segment["ruleZh"].splitlines(), strict=True):
        stage.screen.say(f"    {english}", f"    {chinese}")
    return segment


def _explained(stage: Stage, segment: Any, *, people: dict[str, Any]) -> None:
    for ref in (offers_people.LEAVER, offers_people.CLOSED):
        told = stage.gateway.ask(AUTHOR, asked.WHY_IN, id=segment["id"], memberId=people[ref]["id"])
        verdict = told["explainMembership"]
        leaves = [each for each in verdict["reasons"] if each["foundEn"]]
        name, mark = people[ref]["name"], ("in", "属于") if verdict["holds"] else ("not in", "不属于")
        stage.screen.say(
            f"  {name} is {mark[0]}: " + "; ".join(f"{each['ruleEn']} [{each['foundEn']}]" for each in leaves),
            f"  {name} {mark[1]}该人群：" + "；".join(f"{each['ruleZh']}［{each['foundZh']}］" for each in leaves),
        )


def _campaigns(stage: Stage) -> dict[str, Any]:
    names = {offers_plans.WINTER, offers_plans.NEWS, offers_plans.TASTING, offers_plans.COURSE}
    found = stage.gateway.ask(AUTHOR, documents.CAMPAIGNS)["campaigns"]["nodes"]
    return {each["name"]: each for each in found if each["name"] in names}


def _run(stage: Stage, name: str, *, plan: dict[str, Any], dry_run: bool = False) -> Offer:
    campaign = _campaigns(stage).get(name)
    fresh = campaign is None or campaign["state"] in {"DRAFT", "IN_REVIEW", "APPROVED"}
    if campaign is None:
        made = stage.take(AUTHOR, documents.CREATE_CAMPAIGN, name=name, plan=plan, requestId=request_id("offer", name))
        campaign = made["campaign"]
        if dry_run:
            _foreseen(stage, campaign)
    for state, who, document in (
        ("DRAFT", AUTHOR, documents.SUBMIT),
        ("IN_REVIEW", APPROVER, documents.APPROVE),
        ("APPROVED", AUTHOR, documents.START),
    ):
        if campaign["state"] == state:
            moved = stage.take(who, document, id=campaign["id"], requestId=request_id(campaign["id"], state))
            campaign = moved["campaign"]
    stage.screen.done(
        f"{name}: written by {campaign['author']}, approved by {campaign['approver']}, started",
        f"{name}：{campaign['author']} 起草，{campaign['approver']} 审批，已启动",
        fresh=fresh,
    )
    return Offer(campaign["id"], name, [])


def _foreseen(stage: Stage, campaign: Any) -> None:
    told = stage.gateway.ask(AUTHOR, asked.DRY_RUN, id=campaign["id"], date=stage.today.isoformat())
    for each in told["previewCampaignRun"]["counts"]:
        stage.screen.say(
            f"  if it ran now: {each['count']} x {each['verdict']}: {each['explanationEn']}",
            f"  试运行：{each['count']} 人 {each['verdict']}：{each['explanationZh']}",
        )


@contextmanager
def _rules(stage: Stage, zone: str) -> Iterator[None]:
    """Set one offer a day and a quiet time where one member lives, while they are needed; then all is as before."""
    if offers_plans.COURSE in _campaigns(stage):
        yield
        return
    before = stage.gateway.ask(OPS, asked.SETTINGS)["sendingSettings"]
    # A run that was interrupted may have left ours behind.
    quiet = [each for each in before["quietHours"] if {**each, **_QUIET} != each]
    caps = [each for each in before["caps"] if each != _CAP]
    start, end = offers_people.quiet_around(stage.clock.now(), zone)
    ours = {"quietHours": [*quiet, {**_QUIET, "start": start, "end": end}], "caps": [*caps, _CAP]}
    changed = stage.take(OPS, asked.SET_RULES, input=ours, etag=before["etag"])["settings"]
    stage.screen.done(
        f"For these offers: one a day for each member, and no text messages from {start} to {end} where it is so late",
        f"本组活动规则：每人每天至多一条；当地 {start} 至 {end} 不发短信",
        fresh=True,
    )
    try:
        yield
    finally:
        stage.take(OPS, asked.SET_RULES, input={"quietHours": quiet, "caps": caps}, etag=changed["etag"])


def _unsubscribe(stage: Stage, sink: SinkClient, *, member: Any) -> None:
    def withdrawn() -> Any:
        told = stage.gateway.ask(AUTHOR, asked.CONSENTS, memberId=member["id"])["consents"]["nodes"]
        return next((each for each in told if each["source"] == "PERSON" and not each["granted"]), None)

    word = withdrawn()
    fresh = word is None
    if fresh:
        _follow(_link(sink, "jack@example.com"))
        word = withdrawn()
    if word is None:
        raise Trouble(
            "The link to unsubscribe changed nothing. Please report that.", "退订链接没有生效，请反馈此问题。"
        )
    at = datetime.fromisoformat(word["time"]).astimezone(ZoneInfo(member["timeZone"]))
    stage.screen.done(
        f"{member['name']} unsubscribes by the link in the mail: {word['channel']} {word['purpose']} withdrawn"
        f" at {at:%H:%M}",
        f"{member['name']} 通过邮件中的链接退订：{word['channel']} {word['purpose']} 已撤回，{at:%H:%M}",
        fresh=fresh,
    )


def _link(sink: SinkClient, address: str) -> str:
    (mail,) = sink.messages(to=address)
    return str(message_from_bytes(sink.content(mail["id"]))["List-Unsubscribe"]).strip("<>")


def _follow(link: str) -> None:
    """Press the button that mail programs show for RFC 8058."""
    try:
        answer = httpx.post(link, data={"List-Unsubscribe": "One-Click"}, trust_env=False, timeout=30.0)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise Trouble(f"The page to unsubscribe does not answer: {error}", f"退订页面没有应答：{error}") from None


def _blackout(stage: Stage) -> None:
    day = stage.today.isoformat()
    found = stage.gateway.ask(OPS, asked.BLACKOUTS)["blackouts"]["nodes"]
    known = [each for each in found if each["nameEn"] == _BLACKOUT]
    if not known:
        blackout = {
            "nameEn": _BLACKOUT,
            "nameZh": "演示：纪念日",
            "behaviour": "DROP",
            "cheerfulOnly": True,
            "purposes": ["MARKETING"],
            "days": {"span": "DATED", "firstDate": day, "lastDate": day},
        }
        stage.take(OPS, asked.CREATE_BLACKOUT, input=blackout, requestId=request_id("blackout", day))
    day = known[0]["days"]["firstDate"] if known else day
    stage.screen.done(
        f"{day} is a day of remembrance: nothing cheerful is advertised",
        f"{day} 设为纪念日：不发送喜庆类营销消息",
        fresh=not known,
    )
