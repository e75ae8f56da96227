"""What the policy asks of a campaign's plan."""

from dataclasses import dataclass

from services.care.domain.calendars.birthday_rules import BirthdayRules
from services.care.domain.calendars.blackout import BlackoutMove
from services.care.domain.calendars.workdays import WorkdayRule
from services.care.domain.campaigns.budget import Budget
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.plan import CampaignPlan, QuietHours
from services.care.domain.campaigns.triggers import (
    BeforeDateTrigger,
    BirthdayTrigger,
    CampaignKind,
    DateKind,
    InactivityTrigger,
)
from services.care.domain.channels import Channel, Purpose
from services.care.domain.journeys.steps import SendStep, TaskStep
from services.care.domain.sending.touch import GREETING


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Whatever is not said is as in a birthday campaign by e-mail."""

    purpose: Purpose = Purpose.CARE
    channels: tuple[Channel, ...] = (Channel.EMAIL,)
    """First the preferred one, then the fallbacks."""
    catch_up_days: int = 0
    cheerful: bool = True
    about_renewal: bool = False
    """It asks for the renewal of the contract that its occurrence names."""
    birthday: BirthdayRules | None = None
    """Who is greeted on a day, where a birthday is the occasion."""
    days_before: int = 0
    """So many days before the birthday the touch is due."""
    silence: str | None = None
    """It asks who has not done this (empty: anything) since the moment that its occurrence names."""
    cancel_when_quiet: bool = False
    """In quiet hours: skip, in place of waiting."""
    on_blackout: BlackoutMove | None = None
    """What becomes of it on a blackout day; None: what the blackout says. What can no longer leave earlier waits."""
    workdays: WorkdayRule | None = None
    """It leaves on workdays only; None: on any day."""
    held_out: int = 0
    """Share of members, in 1/10000, who get nothing."""
    draw: str = ""
    """Names the drawing of lots for the control group."""
    budget: Budget | None = None
    """The campaign sends no more than this; None: as much as it likes."""


def terms_of(campaign: Campaign, *, step: str = GREETING) -> Terms:
    """Return the terms by which a message of this step leaves; a task is one that leaves by a call."""
    plan = campaign.plan
    greets = plan.kind is CampaignKind.BIRTHDAY and step == GREETING
    trigger = plan.trigger
    return Terms(
        purpose=plan.purpose,
        channels=_channels(plan, step),
        catch_up_days=plan.catch_up_days,
        cheerful=plan.cheerful,
        about_renewal=isinstance(trigger, BeforeDateTrigger) and trigger.date is DateKind.CONTRACT_END,
        birthday=plan.rules if greets else None,
        days_before=trigger.days_before if isinstance(trigger, BirthdayTrigger) else 0,
        silence=trigger.act if isinstance(trigger, InactivityTrigger) else None,
        cancel_when_quiet=plan.quiet_hours is QuietHours.CANCEL,
        on_blackout=plan.blackout,
        workdays=plan.workdays,
        held_out=plan.holdout.basis_points,
        draw=plan.holdout.salt or campaign.id,
        budget=plan.budget if plan.budget and plan.budget.caps else None,
    )


def _channels(plan: CampaignPlan, step: str) -> tuple[Channel, ...]:
    match next((each for each in plan.steps if each.name == step), None):
        case TaskStep():
            return (Channel.CALL,)
        case SendStep(channels=channels) if channels:
            return channels
        case _:
            return plan.channels
