"""Compares the variants of a campaign, and gives everybody the one that a person chooses."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.comparison import Arm, Comparison, compare
from services.care.ports.campaigns import Campaigns, VariantOutcomes
from services.care.usecases.campaigns.order import MOST_COMMENT, CampaignOrder
from services.chassis import checks
from services.chassis.clock import Clock
from services.chassis.errors import DomainError, Kind
from services.chassis.ids import check_id


class NoGoal(DomainError):
    kind, reason = Kind.PRECONDITION, "NO_GOAL"

    def __init__(self, campaign_id: str) -> None:
        super().__init__(f"Campaign {campaign_id} has no goal: nothing can be counted.", campaign_id=campaign_id)


@dataclass(frozen=True, slots=True)
class VariantReport:
    """What each variant came to, in the order of the plan, and what may be said of it."""

    arms: tuple[Arm, ...]
    weights: Mapping[str, int]
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class ReportVariants:
    """Reads; changes nothing."""

    campaigns: Campaigns
    outcomes: VariantOutcomes

    def __call__(self, campaign_id: str) -> VariantReport:
        """Return the report, or refuse with CAMPAIGN_NOT_FOUND, NO_VARIANTS or NO_GOAL."""
        campaign = self.campaigns.get(check_id(campaign_id, "cmp", field="campaign_id"))
        variants = campaign.tested_variants()
        if campaign.plan.goal is None:
            raise NoGoal(campaign.id)
        counts = self.outcomes.count(campaign.id, campaign.plan.goal)
        arms = tuple(
            Arm(each.name, counts[each.name].sent, counts[each.name].converted)
            if each.name in counts
            else Arm(each.name, 0, 0)
            for each in variants
        )
        return VariantReport(arms, {each.name: each.weight for each in variants}, compare(arms))


@dataclass(frozen=True, slots=True)
class ChooseWinner:
    """Records the decision of a person; the report advises, it does not decide."""

    campaigns: Campaigns
    clock: Clock

    def __call__(self, order: CampaignOrder, variant: str, *, comment: str) -> Campaign:
        """Return the campaign after the change."""
        said = checks.text(comment, "comment", most=MOST_COMMENT)
        now, by = self.clock.now(), order.caller.subject
        return order.change(
            self.campaigns,
            "choose_winner",
            step=lambda campaign: campaign.choose_winner(variant, by=by, now=now, comment=said),
        )
