"""Campaigns as messages, and requests as what the domain understands."""

from membercare.care.v1 import campaign_pb2, member_pb2
from services.care.domain.calendars.birthday_rules import (
    BirthdayRules,
    LeapDayPolicy,
    LeapMonthPolicy,
    LunarDay30Policy,
)
from services.care.domain.campaigns.campaign import Campaign, CampaignPlan, CampaignState, MessageTemplate
from services.care.domain.language import Language
from services.chassis.errors import InvalidField
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

STATES = EnumTable(CampaignState, campaign_pb2.CampaignState)
LEAP_DAYS = EnumTable(LeapDayPolicy, campaign_pb2.LeapDayPolicy)
LEAP_MONTHS = EnumTable(LeapMonthPolicy, campaign_pb2.LeapMonthPolicy)
LUNAR_DAYS_30 = EnumTable(LunarDay30Policy, campaign_pb2.LunarDay30Policy)
LANGUAGES = EnumTable(Language, member_pb2.Language)


def campaign_to_pb(campaign: Campaign, planned_through: str) -> campaign_pb2.Campaign:
    return campaign_pb2.Campaign(
        id=campaign.id,
        name=campaign.name,
        state=STATES.number(campaign.state),
        plan=_plan_to_pb(campaign.plan),
        author=campaign.author,
        approver=campaign.approver,
        planned_through=planned_through,
        etag=str(campaign.version),
        create_time=to_timestamp(campaign.created_at),
        update_time=to_timestamp(campaign.updated_at),
    )


def _plan_to_pb(plan: CampaignPlan) -> campaign_pb2.CampaignPlan:
    return campaign_pb2.CampaignPlan(
        send_at=plan.send_at,
        catch_up_days=plan.catch_up_days,
        leap_day_policy=LEAP_DAYS.number(plan.rules.leap_day),
        leap_month_policy=LEAP_MONTHS.number(plan.rules.leap_month),
        lunar_day30_policy=LUNAR_DAYS_30.number(plan.rules.lunar_day30),
        templates=[
            campaign_pb2.MessageTemplate(
                language=LANGUAGES.number(template.language), subject=template.subject, body=template.body
            )
            for template in plan.templates
        ],
    )


def to_plan(plan: campaign_pb2.CampaignPlan) -> CampaignPlan:
    return CampaignPlan(
        send_at=plan.send_at,
        catch_up_days=plan.catch_up_days,
        rules=BirthdayRules(
            LEAP_DAYS.member(plan.leap_day_policy, "plan.leap_day_policy") or LeapDayPolicy.FEB_28,
            LEAP_MONTHS.member(plan.leap_month_policy, "plan.leap_month_policy") or LeapMonthPolicy.REGULAR_MONTH,
            LUNAR_DAYS_30.member(plan.lunar_day30_policy, "plan.lunar_day30_policy") or LunarDay30Policy.DAY_29,
        ),
        templates=tuple(_to_template(template) for template in plan.templates),
    )


def _to_template(template: campaign_pb2.MessageTemplate) -> MessageTemplate:
    language = LANGUAGES.member(template.language, "plan.templates.language")
    if language is None:
        raise InvalidField("plan.templates.language", "plan.templates.language is missing.")
    return MessageTemplate(language, template.subject, template.body)
