"""Pauses providers and campaigns whose messages fail too often; people resume them by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.care.domain.campaigns.campaign import Campaign, CampaignState, CampaignVerb
from services.care.domain.providers.health import BrakeRule
from services.care.domain.providers.provider import Provider
from services.care.ports.campaigns import Campaigns
from services.care.ports.providers import Providers, TallyReader
from services.chassis import logs
from services.chassis.clock import Clock
from services.chassis.ids import prefix_of

_log = logs.get("care.brake")
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
        """Return how many were paused; one that cannot be read or paused is told, and stops none of the others."""
        now, paused = self.clock.now(), 0
        for subject in self.tallies.subjects(now - self.rule.window):
            if not leading():
                break
            try:
                paused += self._look_at(subject, now=now)
            except Exception as error:  # noqa: BLE001  # one bad record must not stop the others
                _log.error("not_paused", subject=subject, reason=type(error).__name__)
        return paused

    def _look_at(self, subject: str, *, now: datetime) -> bool:
        if prefix_of(subject) == "prv":
            return any(self._brake_provider(each, now=now) for each in self.providers.batch_get([subject]))
        return any(self._brake_campaign(each, now=now) for each in self.campaigns.batch_get([subject]))

    def _brake_provider(self, provider: Provider, *, now: datetime) -> bool:
        why = "" if provider.pause else self._why(provider, now=now)
        if why:
            self.providers.change(
                provider.id, lambda stored: stored.paused(by=BY, reason=why, now=now), etag="", request_key=""
            )
        return bool(why)

    def _brake_campaign(self, campaign: Campaign, *, now: datetime) -> bool:
        def step(stored: Campaign) -> Campaign:
            if stored.state is not CampaignState.RUNNING:
                return stored
            return stored.move(CampaignVerb.PAUSE, by=BY, now=now, comment=why)

        why = self._why(campaign, now=now) if campaign.state is CampaignState.RUNNING else ""
        if why:
            self.campaigns.change(campaign.id, step, etag="", request_id="")
        return bool(why)

    def _why(self, subject: Provider | Campaign, *, now: datetime) -> str:
        begin = self.rule.since(now, changed_at=subject.updated_at)
        tally = self.tallies.since({subject.id: begin}).get(subject.id)
        return self.rule.why_pause(tally) if tally else ""
