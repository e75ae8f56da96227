"""What the next version of a campaign that was started may change."""

from dataclasses import replace

from services.care.domain.campaigns.plan import RULE_FIELDS, CampaignPlan
from services.care.domain.campaigns.triggers import RecurringTrigger, Trigger
from services.chassis.errors import InvalidField


def check_revision(old: CampaignPlan, new: CampaignPlan) -> None:
    """Refuse what would draw anew who is due when, or who is held out.

    With another trigger or another rule for 29 February a member's day could move from the part of the year that the
    new version plans into the part that the old one has planned: nobody would plan it. A clone has no such past.
    """
    if _without_end(old.trigger) != _without_end(new.trigger):
        field = f"plan.trigger.{new.trigger.kind}" if new.kind is old.kind else "plan.trigger"
        raise InvalidField(field, f"{field}: a campaign that was started keeps what makes members due. Clone it.")
    for rule, name in RULE_FIELDS.items():
        if getattr(old.rules, rule) is not getattr(new.rules, rule):
            raise InvalidField(f"plan.{name}", f"plan.{name}: a campaign that was started keeps its rule. Clone it.")
    if old.holdout.salt != new.holdout.salt:
        field = "plan.holdout.salt"
        raise InvalidField(field, f"{field}: who is held out of a campaign that was started is not drawn anew.")


def _without_end(trigger: Trigger) -> Trigger:
    return replace(trigger, last_date=None) if isinstance(trigger, RecurringTrigger) else trigger
