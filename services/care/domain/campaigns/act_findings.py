"""Warns of acts that nobody has ever done: a slip in a name makes nobody due, and no goal is ever reached."""

from collections.abc import Collection, Iterator

from services.care.domain.campaigns.findings import Finding
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.campaigns.triggers import AfterEventTrigger, EventTrigger, InactivityTrigger
from services.care.domain.journeys.steps import WaitForEvent, WaitStep
from services.care.domain.segments.facts import OWN_ACTS


def told_acts(plan: CampaignPlan) -> dict[str, str]:
    """Return the acts that the plan names and the suite does not record itself, by the path of the field."""
    return {field: act for field, act in _named(plan) if act and act not in OWN_ACTS}


def act_findings_of(told: dict[str, str], *, heard: Collection[str]) -> Iterator[Finding]:
    """Yield a warning for each of them that was never heard of anybody; it may be told for the first time later."""
    for field, act in told.items():
        if act not in heard:
            yield Finding(
                blocks=False,
                code="ACT_NEVER_HEARD",
                field=field,
                english=f"Nobody has ever done {act}, and the suite does not record it itself: is the name right?",
                chinese=f"尚无会员有过行为 {act}，系统自身也不记录该行为，请确认名称是否正确。",
            )


def _named(plan: CampaignPlan) -> Iterator[tuple[str, str]]:
    trigger = plan.trigger
    if isinstance(trigger, AfterEventTrigger | EventTrigger | InactivityTrigger):
        yield f"plan.trigger.{trigger.kind}.act", trigger.act
    if plan.goal:
        yield "plan.goal.act", plan.goal.act
    for place, step in enumerate(plan.steps):
        if isinstance(step, WaitStep) and isinstance(step.until, WaitForEvent):
            yield f"plan.steps[{place}].wait.for_event.act", step.until.act
