"""Where a member stands in a journey and why, in words of two languages."""

from collections.abc import Mapping
from datetime import datetime

from services.care.domain.journeys.run import JourneyRun, RunReason
from services.care.domain.sending.reasons import Reason

_OVER: Mapping[str, tuple[str, str]] = {
    RunReason.COMPLETED: ("The journey is over: it was gone through to the end.", "旅程已走完。"),
    RunReason.GOAL_REACHED: ("The journey is over: the member reached its goal.", "旅程已结束：该会员已达成目标。"),
    RunReason.HOLDOUT: (
        "The member is in the control group of the campaign: nothing is ever sent or done.",
        "该会员属于活动的对照组：不会发送消息，也不会安排任务。",
    ),
    RunReason.MEMBER_GONE: ("The journey is over: the member no longer exists.", "旅程已结束：该会员已不存在。"),
    RunReason.MEMBER_MERGED: (
        "The journey is over: the member was merged into another.",
        "旅程已结束：该会员已并入另一会员。",
    ),
    RunReason.CAMPAIGN_FINISHED: ("The journey is over: the campaign is finished.", "旅程已结束：活动已完成。"),
    RunReason.CAMPAIGN_ARCHIVED: ("The journey is over: the campaign is archived.", "旅程已结束：活动已归档。"),
    RunReason.REMOVED: (
        "The member was taken out of the journey at step {step}: {detail}",
        "该会员在步骤 {step} 被移出旅程：{detail}",
    ),
    RunReason.STEP_FAILED: (
        "Step {step} failed three times ({detail}); somebody has to decide.",
        "步骤 {step} 已失败三次（{detail}），需人工处理。",
    ),
}
_ON_THE_WAY: Mapping[str, tuple[str, str]] = {
    "event": (
        "At step {step} the member is waited for to do {act}, until {until} at the latest.",
        "在步骤 {step} 等待该会员的行为 {act}，最晚至 {until}。",
    ),
    "touch": (
        "At step {step} the outcome of a message is waited for, until {until} at the latest.",
        "在步骤 {step} 等待消息的发送结果，最晚至 {until}。",
    ),
    "failed": (
        "Step {step} failed ({detail}); it is tried again at {until}.",
        "步骤 {step} 执行失败（{detail}），将于 {until} 重试。",
    ),
    "time": ("At step {step}; it goes on at {until}.", "位于步骤 {step}，将于 {until} 继续。"),
    "over": (
        "At step {step}; it need not wait any more, and goes on next.",
        "位于步骤 {step}，已无需再等待，随后继续。",
    ),
}
_KEPT: Mapping[Reason, tuple[str, str]] = {
    Reason.CAMPAIGN_PAUSED: (
        " The campaign is paused: the member keeps this place.",
        "活动已暂停：该会员保留在此位置。",
    ),
    Reason.SENDING_STOPPED: (
        " All sending is stopped: the member keeps this place.",
        "全部发送已停止：该会员保留在此位置。",
    ),
}


def explained(run: JourneyRun, *, kept_by: Reason | None, now: datetime) -> tuple[str, str]:
    """Return the explanation in English and in Simplified Chinese as of now; moments are in UTC.

    `kept_by` is what keeps everybody in place: a pause of the campaign, or the stop of all sending.
    """
    words = _OVER.get(run.reason) or _ON_THE_WAY[_waits_for(run, now)]
    until = f"{run.wake_time:%Y-%m-%d %H:%M} UTC" if run.wake_time else ""
    english, chinese = (
        text.format(step=run.step, detail=run.detail, act=run.waiting_for, until=until) for text in words
    )
    if kept_by and not run.reason:
        return english + _KEPT[kept_by][0], chinese + _KEPT[kept_by][1]
    return english, chinese


def _waits_for(run: JourneyRun, now: datetime) -> str:
    if run.wake_time is not None and run.wake_time <= now:
        return "over"  # what was waited for came, or the time is up: a pause may keep it for long
    if run.failures:
        return "failed"
    if run.waiting_for:
        return "event"
    return "touch" if run.waiting_touch else "time"
