"""Plans of campaigns as messages, and requests as what the domain understands."""

from membercare.care.v1 import campaign_pb2
from membercare.care.v1 import campaign_plan_pb2 as parts_pb2
from services.care.domain.calendars.birthday_rules import (
    BirthdayRules,
    LeapDayPolicy,
    LeapMonthPolicy,
    LunarDay30Policy,
)
from services.care.domain.calendars.blackout import BlackoutMove
from services.care.domain.calendars.workdays import WorkdayRule
from services.care.domain.campaigns.budget import Budget
from services.care.domain.campaigns.plan import (
    USUAL_PRIORITY,
    Audience,
    CampaignPlan,
    Goal,
    Holdout,
    MessageTemplate,
    QuietHours,
    Variant,
)
from services.care.domain.campaigns.triggers import CampaignKind
from services.care.domain.channels import Channel, Purpose
from services.care.rpc.campaigns.step_messages import step_to_pb, to_channels, to_step
from services.care.rpc.campaigns.trigger_messages import KINDS, to_trigger, trigger_to_pb
from services.care.rpc.enums import CHANNELS, LANGUAGES, PURPOSES, needed
from services.chassis.proto_enums import EnumTable

LEAP_DAYS = EnumTable(LeapDayPolicy, campaign_pb2.LeapDayPolicy)
LEAP_MONTHS = EnumTable(LeapMonthPolicy, campaign_pb2.LeapMonthPolicy)
LUNAR_DAYS_30 = EnumTable(LunarDay30Policy, campaign_pb2.LunarDay30Policy)
QUIET_HOURS = EnumTable(QuietHours, parts_pb2.QuietHours)
BLACKOUTS = EnumTable(BlackoutMove, parts_pb2.BlackoutMove)
_CHEERFUL = {CampaignKind.BIRTHDAY, CampaignKind.OCCASION}


def plan_to_pb(plan: CampaignPlan) -> campaign_pb2.CampaignPlan:
    return campaign_pb2.CampaignPlan(
        send_at=plan.send_at,
        catch_up_days=plan.catch_up_days,
        leap_day_policy=LEAP_DAYS.number(plan.rules.leap_day),
        leap_month_policy=LEAP_MONTHS.number(plan.rules.leap_month),
        lunar_day30_policy=LUNAR_DAYS_30.number(plan.rules.lunar_day30),
        templates=map(_template_to_pb, plan.templates),
        kind=KINDS.number(plan.kind),
        trigger=trigger_to_pb(plan.trigger),
        audience=_audience_to_pb(plan.audience),
        purpose=PURPOSES.number(plan.purpose),
        channels=[CHANNELS.number(channel) for channel in plan.channels],
        holdout=parts_pb2.CampaignHoldout(basis_points=plan.holdout.basis_points, salt=plan.holdout.salt),
        variants=[parts_pb2.CampaignVariant(name=each.name, weight=each.weight) for each in plan.variants],
        goal=_goal_to_pb(plan.goal) if plan.goal else None,
        priority=plan.priority,
        budget=_budget_to_pb(plan.budget) if plan.budget else None,
        quiet_hours=QUIET_HOURS.number(plan.quiet_hours),
        blackout=BLACKOUTS.number(plan.blackout) if plan.blackout else parts_pb2.BLACKOUT_MOVE_UNSPECIFIED,
        workdays=_workdays_to_pb(plan.workdays) if plan.workdays else None,
        cheerful=plan.cheerful,
        steps=map(step_to_pb, plan.steps),
    )


def _template_to_pb(template: MessageTemplate) -> campaign_pb2.MessageTemplate:
    return campaign_pb2.MessageTemplate(
        language=LANGUAGES.number(template.language),
        subject=template.subject,
        body=template.body,
        channel=CHANNELS.number(template.channel),
        variant=template.variant,
        step=template.step,
        words_id=template.words_id,
    )


def _audience_to_pb(audience: Audience) -> parts_pb2.CampaignAudience:
    return parts_pb2.CampaignAudience(segment_id=audience.segment_id, exclude_segment_ids=audience.exclude_segment_ids)


def _goal_to_pb(goal: Goal) -> parts_pb2.CampaignGoal:
    return parts_pb2.CampaignGoal(act=goal.act, window_days=goal.window_days)


def _budget_to_pb(budget: Budget) -> parts_pb2.CampaignBudget:
    return parts_pb2.CampaignBudget(
        most_touches=budget.most_touches, minor_units=budget.minor_units, currency_code=budget.currency_code
    )


def _workdays_to_pb(rule: WorkdayRule) -> parts_pb2.CampaignWorkdays:
    return parts_pb2.CampaignWorkdays(country_code=rule.country_code, move=BLACKOUTS.number(rule.move))


def to_plan(plan: campaign_pb2.CampaignPlan) -> CampaignPlan:
    """Return the plan with what is unset as its default; the domain checks it as a whole."""
    trigger = to_trigger(plan.trigger, "plan.trigger")
    cheerful = plan.cheerful if plan.HasField("cheerful") else CampaignKind(trigger.kind) in _CHEERFUL
    return CampaignPlan(
        send_at=plan.send_at,
        catch_up_days=plan.catch_up_days,
        rules=_to_rules(plan),
        templates=tuple(_to_template(each, f"plan.templates[{place}]") for place, each in enumerate(plan.templates)),
        trigger=trigger,
        audience=Audience(plan.audience.segment_id, tuple(plan.audience.exclude_segment_ids)),
        purpose=PURPOSES.member(plan.purpose, "plan.purpose") or Purpose.CARE,
        channels=to_channels(list(plan.channels), "plan.channels") or (Channel.EMAIL,),
        holdout=Holdout(plan.holdout.basis_points, plan.holdout.salt),
        variants=tuple(Variant(each.name, each.weight or 1) for each in plan.variants),
        goal=Goal(plan.goal.act, plan.goal.window_days) if plan.HasField("goal") else None,
        priority=plan.priority if plan.HasField("priority") else USUAL_PRIORITY,
        budget=_to_budget(plan.budget) if plan.HasField("budget") else None,
        quiet_hours=QUIET_HOURS.member(plan.quiet_hours, "plan.quiet_hours") or QuietHours.HOLD,
        blackout=BLACKOUTS.member(plan.blackout, "plan.blackout"),
        workdays=_to_workdays(plan.workdays) if plan.HasField("workdays") else None,
        cheerful=cheerful,
        steps=tuple(to_step(each, f"plan.steps[{place}]") for place, each in enumerate(plan.steps)),
    )


def _to_rules(plan: campaign_pb2.CampaignPlan) -> BirthdayRules:
    return BirthdayRules(
        LEAP_DAYS.member(plan.leap_day_policy, "plan.leap_day_policy") or LeapDayPolicy.FEB_28,
        LEAP_MONTHS.member(plan.leap_month_policy, "plan.leap_month_policy") or LeapMonthPolicy.REGULAR_MONTH,
        LUNAR_DAYS_30.member(plan.lunar_day30_policy, "plan.lunar_day30_policy") or LunarDay30Policy.DAY_29,
    )


def _to_budget(budget: parts_pb2.CampaignBudget) -> Budget:
    return Budget(budget.most_touches, budget.minor_units, budget.currency_code)


def _to_workdays(told: parts_pb2.CampaignWorkdays) -> WorkdayRule:
    return WorkdayRule(told.country_code, BLACKOUTS.member(told.move, "plan.workdays.move") or BlackoutMove.FORWARD)


def _to_template(template: campaign_pb2.MessageTemplate, field: str) -> MessageTemplate:
    return MessageTemplate(
        language=needed(LANGUAGES, template.language, field=f"{field}.language"),
        subject=template.subject,
        body=template.body,
        channel=CHANNELS.member(template.channel, f"{field}.channel") or Channel.EMAIL,
        variant=template.variant,
        step=template.step,
        words_id=template.words_id,
    )
