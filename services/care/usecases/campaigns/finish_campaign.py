"""Finishes a campaign whose last day is over and whose touches all have an end."""

from dataclasses import dataclass

from services.care.domain.campaigns.campaign import Campaign, CampaignState, CampaignVerb
from services.care.domain.campaigns.planning import first_open_day
from services.care.domain.campaigns.triggers import last_day
from services.care.ports.campaigns import Campaigns, PlanCursors
from services.care.ports.planning import PlannedBefore
from services.chassis.clock import Clock

BY_ITSELF = "scheduler"
"""Who finished it, in the notes."""


@dataclass(frozen=True, slots=True)
class FinishCampaign:
    """Asks the trigger, the cursor and the ledger; a campaign that is being revised is left to its author."""

    campaigns: Campaigns
    cursors: PlanCursors
    before: PlannedBefore
    clock: Clock

    def __call__(self, campaign: Campaign) -> bool:
        """Return whether it was finished now."""
        now, last = self.clock.now(), last_day(campaign.plan.trigger)
        if last is None or first_open_day(now) <= last or campaign.revision is not None:
            return False
        planned_through = self.cursors.get(campaign.id).planned_through
        if planned_through is None or planned_through < last or not self.before.is_settled(campaign.id):
            return False

        def finish(stored: Campaign) -> Campaign:
            if stored.state is not CampaignState.RUNNING or stored.revision is not None:
                return stored
            return stored.move(CampaignVerb.FINISH, by=BY_ITSELF, now=now)

        return self.campaigns.change(campaign.id, finish, etag="", request_id="").state is CampaignState.FINISHED
