"""Pauses providers and campaigns whose messages fail too often; people resume them by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.care.domain.campaigns.campaign import Campaign, CampaignState, CampaignVerb
from services.care.domain.providers.health import BrakeRule
from services.care.domain.providers.provider import Provider
from services.care.ports.campaigns import Campaigns
from services.care.ports.providers import Providers, TallyReader
from services.chassis.clock import Clock
from services.chassis.ids import prefix_of

BY = "error-rate"
"""Who paused, where a person would stand."""


@dataclass(frozen=True, slots=True)
class BrakeErrors:
    """Looks at the counts of the window; doing it twice pauses nobody twice."""

    tallies: TallyReader
    providers: Providers
    campaigns: Campaigns
    rule: BrakeRule
    clock: Clock

    def __call__(self, leading: Callable[[], bool]) -> int:
        """Return how many were paused."""
        now = self.clock.now()
        subjects = self.tallies.subjects(now - self.rule.window)
        providers = self.providers.batch_get([each for each in subjects if prefix_of(each) == "prv"])
        campaigns = self.campaigns.batch_get([each for each in subjects if prefix_of(each) == "cmp"])
        paused = 0
        for provider in providers:
            if leading() and provider.pause is None and (why := self._why(provider, now=now)):
                self._pause_provider(provider, why, now=now)
                paused += 1
        for campaign in campaigns:
            if leading() and campaign.state is CampaignState.RUNNING and (why := self._why(campaign, now=now)):
                self._pause_campaign(campaign, why, now=now)
                paused += 1
        return paused

    def _why(self, subject: Provider | Campaign, *, now: datetime) -> str:
        begin = self.rule.since(now, changed_at=subject.updated_at)
        tally = self.tallies.since({subject.id: begin}).get(subject.id)
        return self.rule.why_pause(tally) if tally else ""

    def _pause_provider(self, provider: Provider, why: str, *, now: datetime) -> None:
        self.providers.change(
            provider.id, lambda stored: stored.paused(by=BY, reason=why, now=now), etag="", request_key=""
        )

    def _pause_campaign(self, campaign: Campaign, why: str, *, now: datetime) -> None:
        def step(stored: Campaign) -> Campaign:
            if stored.state is not CampaignState.RUNNING:
                return stored
            return stored.move(CampaignVerb.PAUSE, by=BY, now=now, comment=why)

        self.campaigns.change(campaign.id, step, etag="", request_id="")
