"""When care plans: one APScheduler that lives as long as this process leads. What it plans is the use cases' matter."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from services.care.ports import Campaigns, PlannedTouches
from services.care.usecases.plan_campaign import LeadershipLost, PlanCampaign
from services.chassis import logs
from services.chassis.clock import Clock

_log = logs.get("care.scheduler")


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Sweeps over the running campaigns. Its job store is memory: what is due stands in the database alone."""

    campaigns: Campaigns
    touches: PlannedTouches
    plan_campaign: PlanCampaign
    clock: Clock
    sweep_seconds: float

    async def __call__(self, token: int) -> None:
        """Sweep at once and then regularly, until cancelled; `token` fences what the sweeps write."""
        leading = True
        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_job(
            self._sweep_in_thread,
            "interval",
            args=[token, lambda: leading],
            seconds=self.sweep_seconds,
            next_run_time=self.clock.now(),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            leading = False
            scheduler.shutdown(wait=False)

    async def _sweep_in_thread(self, token: int, leading: Callable[[], bool]) -> None:
        await asyncio.to_thread(self.sweep, token, leading)

    def sweep(self, token: int, leading: Callable[[], bool]) -> None:
        """Plan every running campaign; one that cannot be planned does not stop the others."""
        for campaign in self.campaigns.running():
            try:
                planned = self.plan_campaign(campaign, token=token, leading=leading)
            except LeadershipLost:
                _log.info("leadership_lost", campaign_id=campaign.id)
                return
            except Exception:  # noqa: BLE001  # a broken campaign must not stop the rest
                _log.exception("planning_failed", campaign_id=campaign.id)
                continue
            if planned.days or planned.touches:
                _log.info("planned", campaign_id=campaign.id, days=planned.days, touches=planned.touches)
        self.touches.adopt_stranded(self.clock.now())
