"""Sweeps over the running campaigns: what is due is found in the database, however long nobody looked."""

from collections.abc import Callable
from dataclasses import dataclass

from services.care.ports.campaigns import Campaigns
from services.care.ports.planning import PlannedTouches
from services.care.usecases.campaigns.plan_campaign import LeadershipLost, PlanCampaign
from services.chassis import logs
from services.chassis.clock import Clock

_log = logs.get("care.planning")


@dataclass(frozen=True, slots=True)
class SweepCampaigns:
    """Plans every running campaign; one that cannot be planned does not stop the others."""

    campaigns: Campaigns
    touches: PlannedTouches
    plan_campaign: PlanCampaign
    clock: Clock

    def __call__(self, *, token: int, leading: Callable[[], bool]) -> int:
        """Return how many touches were planned; `token` fences what is written."""
        touches = 0
        for campaign in self.campaigns.running():
            try:
                planned = self.plan_campaign(campaign, token=token, leading=leading)
            except LeadershipLost:
                _log.info("leadership_lost", campaign_id=campaign.id)
                return touches
            except Exception:  # noqa: BLE001  # a broken campaign must not stop the rest
                _log.exception("planning_failed", campaign_id=campaign.id)
                continue
            touches += planned.touches
            if planned.days or planned.touches:
                _log.info("planned", campaign_id=campaign.id, days=planned.days, touches=planned.touches)
        self.touches.adopt_stranded(self.clock.now())
        return touches
