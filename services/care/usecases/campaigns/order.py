"""Who wants something of which campaign: what all verbs have alike."""

from collections.abc import Callable
from dataclasses import dataclass

from services.care.domain.campaigns.campaign import Campaign
from services.care.ports.campaigns import Campaigns
from services.chassis import checks
from services.chassis.identity import Caller
from services.chassis.ids import check_id

MOST_COMMENT = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignOrder:
    """Who wants something of which campaign."""

    campaign_id: str
    caller: Caller
    etag: str = ""
    request_id: str = ""

    def change(self, campaigns: Campaigns, verb: str, *, step: Callable[[Campaign], Campaign]) -> Campaign:
        """Apply one step, once for each request id."""
        return campaigns.change(
            check_id(self.campaign_id, "cmp", field="campaign_id"),
            step,
            etag=self.etag,
            request_id=checks.request_key(verb, self.request_id),
        )
