"""Says what a campaign came to: how far its messages got, what members did, and what the campaign changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.plan import Goal
from services.care.domain.results.funnel import Funnel, funnel_of, funnels_by, not_sent
from services.care.domain.results.lift import Lift, lift
from services.care.domain.results.prices import Cost, Prices
from services.care.ports.campaigns import Campaigns
from services.care.ports.results import CampaignOutcomes, ResultsQuestion
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id


@dataclass(frozen=True, slots=True)
class Asked:
    """Which campaign, and the civil days of which occasions; None: all."""

    campaign_id: str
    first_date: date | None = None
    last_date: date | None = None


@dataclass(frozen=True, slots=True)
class CampaignResults:
    """What the campaign came to; each breakdown adds up to the total."""

    asked: Asked
    name: str
    goal: Goal | None
    as_of: datetime
    total: Funnel
    by_channel: Mapping[str, Funnel]
    by_variant: Mapping[str, Funnel]
    by_version: Mapping[int, Funnel]
    by_day: Mapping[str, Funnel]
    skips: Mapping[str, int]
    costs: tuple[Cost, ...]
    """By channel; empty without prices."""
    lift: Lift | None
    """None: the campaign has no goal."""


@dataclass(frozen=True, slots=True)
class ReportCampaign:
    """Reads; changes nothing. The goal is that of the version in force."""

    campaigns: Campaigns
    outcomes: CampaignOutcomes
    prices: Prices
    clock: Clock

    def __call__(self, asked: Asked) -> CampaignResults:
        """Return the results as of now, or refuse with CAMPAIGN_NOT_FOUND or INVALID_FIELD."""
        campaign, question = _question(asked, self.campaigns, now=self.clock.now())
        counts = self.outcomes.count(question)
        by_channel = funnels_by(counts.cells, lambda cell: cell.channel)
        return CampaignResults(
            asked=asked,
            name=campaign.name,
            goal=question.goal,
            as_of=question.as_of,
            total=funnel_of(counts.cells),
            by_channel=by_channel,
            by_variant=funnels_by(counts.cells, lambda cell: cell.variant),
            by_version=funnels_by(counts.cells, lambda cell: cell.version),
            by_day=funnels_by(counts.cells, lambda cell: cell.date),
            skips=not_sent(counts.cells),
            costs=self.prices.costs({name: each.sent for name, each in by_channel.items()}),
            lift=lift(counts.treated, counts.control) if question.goal else None,
        )


@dataclass(frozen=True, slots=True)
class CountSkips:
    """Reads; changes nothing."""

    campaigns: Campaigns
    outcomes: CampaignOutcomes
    clock: Clock

    def __call__(self, asked: Asked) -> Mapping[str, int]:
        """Return how many messages were not sent on purpose, by reason, or refuse as the report does."""
        _, question = _question(asked, self.campaigns, now=self.clock.now())
        return self.outcomes.skips(question)


def _question(asked: Asked, campaigns: Campaigns, *, now: datetime) -> tuple[Campaign, ResultsQuestion]:
    campaign_id = check_id(asked.campaign_id, "cmp", field="campaign_id")
    if asked.first_date and asked.last_date and asked.last_date < asked.first_date:
        raise InvalidField("last_date", "last_date is before first_date.")
    campaign = campaigns.get(campaign_id)
    return campaign, ResultsQuestion(campaign_id, now, campaign.plan.goal, asked.first_date, asked.last_date)
