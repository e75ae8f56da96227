"""The last part of the demo: a birthday campaign with four eyes, and the greetings of today."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deploy.demo import documents
from deploy.demo.gateway import Person, Refused, request_id
from deploy.demo.screen import Trouble
from deploy.demo.stage import PATIENCE_SECONDS, POLL_SECONDS, Stage

NAME = "生日祝福 Birthday greetings"
AUTHOR = Person("demo-ops", ("ops", "approver"))
"""May approve, but not what they wrote themselves."""
APPROVER = Person("helen.park", ("approver",))
SWEEP_SECONDS = 7.0
"""The scheduler looks for members who changed every 5 s."""
PLAN = {
    "sendAt": "00:05",
    "catchUpDays": 2,
    "leapDayPolicy": "FEB_28",
    "leapMonthPolicy": "REGULAR_MONTH",
    "lunarDay30Policy": "DAY_29",
    "templates": [
        {
            "language": "ZH_HANS",
            "subject": "{{ member.name }}，生日快乐！",
            "body": "尊敬的{{ member.name }}"
            '{% if member.gender == "FEMALE" %}女士{% elsif member.gender == "MALE" %}先生{% endif %}：\n\n'
            "祝您生日快乐，平安顺遂！\n\n您的客户关怀团队",
        },
        {
            "language": "EN",
            "subject": "Happy birthday, {{ member.name }}!",
            "body": "Dear {{ member.name }},\n\nall the best on your birthday!\n\nYour customer care team",
        },
    ],
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A touch that is planned and not yet settled."""

    due: datetime
    attempts: int
    time_zone: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """How the touches of the campaign stand."""

    campaign_id: str
    planned_through: str
    total: int
    counts: dict[tuple[str, str], int]
    """By state (`SENT`) and reason."""
    waiting: list[Waiting] = field(default_factory=list)

    @property
    def sent(self) -> int:
        """Messages that the mail server took."""
        return sum(count for (state, _), count in self.counts.items() if state == "SENT")

    def overdue(self, now: datetime) -> int:
        """Return how many should have been settled by now."""
        return sum(each.due <= now for each in self.waiting)


def found(stage: Stage) -> Ledger:
    """Return the ledger as an earlier run of the demo left it, or an empty one."""
    living = [each for each in _named(stage) if each["state"] != "ARCHIVED"]
    return look(stage, living[0]["id"]) if living else Ledger("", "", 0, {})


def run(stage: Stage, *, members_changed: bool) -> Ledger:
    """Bring the campaign to run, and return the ledger once every greeting that was due is settled."""
    stage.screen.title(
        "6  A birthday campaign, written by one and approved by another", "6  生日活动：一人起草，另一人审批"
    )
    campaign, was_running = _brought_to_run(stage)
    stage.screen.title("7  Today's care", "7  今日关怀")
    if was_running and members_changed:
        with stage.screen.waiting("Members changed: the scheduler looks again.", "会员有变更，等待调度器重新扫描。"):
            time.sleep(SWEEP_SECONDS)
    return _watched(stage, campaign["id"])


def look(stage: Stage, campaign_id: str) -> Ledger:
    """Read the ledger as it is now."""
    waiting = list(_waiting(stage, campaign_id))
    campaign = stage.gateway.ask(AUTHOR, documents.PROGRESS, id=campaign_id)["campaign"]
    progress = campaign["progress"] or {"total": 0, "counts": []}
    return Ledger(
        campaign_id=campaign_id,
        planned_through=campaign["plannedThrough"] or "",
        total=progress["total"],
        counts={
            (each["state"].removeprefix("TOUCH_STATE_"), each["reason"] or ""): each["count"]
            for each in progress["counts"]
        },
        waiting=waiting,
    )


def _brought_to_run(stage: Stage) -> tuple[Any, bool]:
    """Return the campaign, and whether it ran before."""
    named = _named(stage)
    living = [each for each in named if each["state"] != "ARCHIVED"]
    campaign = living[0] if living else _written(stage, number=len(named))
    was_running = campaign["state"] == "RUNNING"
    if campaign["state"] == "PAUSED":
        raise Trouble(
            "The campaign is paused, so nothing is sent. To go on: "
            f'mutation {{ resumeCampaign(id: "{campaign["id"]}") {{ __typename }} }}',
            "活动已暂停，不会发送任何问候。恢复："
            f'mutation {{ resumeCampaign(id: "{campaign["id"]}") {{ __typename }} }}',
        )
    stage.screen.done(f"Written by {campaign['author']}", f"起草人：{campaign['author']}", fresh=not living)
    if campaign["state"] == "DRAFT":
        campaign = _moved(stage, campaign, who=AUTHOR, document=documents.SUBMIT)
    if campaign["state"] == "IN_REVIEW":
        _author_may_not_approve(stage, campaign)
        campaign = _moved(stage, campaign, who=APPROVER, document=documents.APPROVE)
    if campaign["state"] == "APPROVED":
        campaign = _moved(stage, campaign, who=AUTHOR, document=documents.START)
    stage.screen.done(
        f"Approved by {campaign['approver']}; running, each greeting leaves at 00:05 where the member lives",
        f"审批人：{campaign['approver']}；运行中，问候于会员当地 00:05 发出",
        fresh=not was_running,
    )
    return campaign, was_running


def _named(stage: Stage) -> list[Any]:
    return [each for each in _pages(stage, documents.CAMPAIGNS, of="campaigns") if each["name"] == NAME]


def _written(stage: Stage, *, number: int) -> Any:
    written = stage.take(
        AUTHOR, documents.CREATE_CAMPAIGN, name=NAME, plan=PLAN, requestId=request_id("campaign", str(number))
    )
    return written["campaign"]


def _moved(stage: Stage, campaign: Any, *, who: Person, document: str) -> Any:
    moved = stage.take(who, document, id=campaign["id"], requestId=request_id(campaign["id"], campaign["state"]))
    return moved["campaign"]


def _author_may_not_approve(stage: Stage, campaign: Any) -> None:
    try:
        stage.gateway.change(
            AUTHOR, documents.APPROVE, id=campaign["id"], requestId=request_id(campaign["id"], "by the author")
        )
    except Refused as refusal:
        stage.screen.done(
            f"The author tries to approve it: {refusal}", f"起草人尝试自行审批，被拒绝：{refusal.code}", fresh=True
        )
    else:
        raise Trouble(
            "The author could approve the own campaign. Please report that.", "起草人竟能自行审批，请反馈此问题。"
        )


def _watched(stage: Stage, campaign_id: str) -> Ledger:
    """Show a bar until everything that is due is settled, or nothing has moved for long."""
    today, moved_at, before = stage.today.isoformat(), time.monotonic(), -1
    with stage.screen.progress() as progress:
        bar = progress.add_task(stage.screen.words("planning", "计划中"), total=None)
        while True:
            ledger = look(stage, campaign_id)
            overdue = ledger.overdue(stage.clock.now())
            planned = ledger.planned_through >= today
            settled = ledger.total - len(ledger.waiting)
            name = stage.screen.words("settling", "处理中") if planned else stage.screen.words("planning", "计划中")
            progress.update(bar, description=name, completed=settled, total=(settled + overdue) or None)
            if planned and not overdue:
                progress.update(bar, total=max(settled, 1), completed=max(settled, 1))
                return ledger
            if settled + ledger.total != before:
                before, moved_at = settled + ledger.total, time.monotonic()
            if time.monotonic() - moved_at > PATIENCE_SECONDS:
                raise _stuck(stage, planned=planned, overdue=overdue)
            time.sleep(POLL_SECONDS)


def _stuck(stage: Stage, *, planned: bool, overdue: int) -> Trouble:
    log = f"{stage.gateway.logs}/{'care-dispatch' if planned else 'care-jobs'}.log"
    if planned:
        return Trouble(
            f"{overdue} greetings are due and nothing has moved for {PATIENCE_SECONDS:.0f} s; {log} says why.",
            f"{overdue} 条问候已到时间，但 {PATIENCE_SECONDS:.0f} 秒内没有进展，原因见 {log}。",
        )
    return Trouble(
        f"The scheduler has not planned today within {PATIENCE_SECONDS:.0f} s; {log} says why.",
        f"{PATIENCE_SECONDS:.0f} 秒内调度器未完成今日计划，原因见 {log}。",
    )


def _waiting(stage: Stage, campaign_id: str) -> Iterator[Waiting]:
    for each in _pages(stage, documents.PLANNED, of="touches", campaignId=campaign_id):
        zone = (each["member"] or {}).get("timeZone") or ""
        yield Waiting(datetime.fromisoformat(each["dueTime"]), each["attempts"], zone)


def _pages(stage: Stage, document: str, *, of: str, **variables: Any) -> Iterator[Any]:
    after = None
    while True:
        page = stage.gateway.ask(AUTHOR, document, after=after, **variables)[of]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]
