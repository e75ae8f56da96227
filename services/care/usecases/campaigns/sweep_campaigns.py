"""Sweeps over the running campaigns: what is due is found in the database, however long nobody looked."""

from collections.abc import Callable
from dataclasses import dataclass

from services.care.domain.calendars.day_book import DayBook
from services.care.domain.campaigns.campaign import Campaign
from services.care.ports.calendars import Calendars
from services.care.ports.campaigns import Campaigns
from services.care.ports.planning import PlannedTouches
from services.care.usecases.campaigns.finish_campaign import FinishCampaign
from services.care.usecases.campaigns.plan_campaign import LeadershipLost, PlanCampaign
from services.chassis import logs

_log = logs.get("care.planning")


@dataclass(frozen=True, slots=True)
class SweepCampaigns:
    """Plans every running campaign and finishes those that are over; one that fails does not stop the others."""

    campaigns: Campaigns
    touches: PlannedTouches
    calendars: Calendars
    plan_campaign: PlanCampaign
    finish_campaign: FinishCampaign

    def __call__(self, *, token: int, leading: Callable[[], bool]) -> int:
        """Return how many messages were planned or journeys begun; `token` fences what is written."""
        made, book = 0, self.calendars.read()
        for campaign in self.campaigns.running():
            try:
                made += self._sweep(campaign, book, token=token, leading=leading)
            except LeadershipLost:
                _log.info("leadership_lost", campaign_id=campaign.id)
                return made
            except Exception:  # noqa: BLE001  # a broken campaign must not stop the rest
                _log.exception("planning_failed", campaign_id=campaign.id)
        self.touches.open_stranded()
        return made

    def _sweep(self, campaign: Campaign, book: DayBook, *, token: int, leading: Callable[[], bool]) -> int:
        planned = self.plan_campaign(campaign, book, token=token, leading=leading)
        if planned.days or planned.touches:
            _log.info("planned", campaign_id=campaign.id, days=planned.days, touches=planned.touches)
        if self.finish_campaign(campaign):
            _log.info("campaign_finished", campaign_id=campaign.id)
        return planned.touches
