"""Writes campaigns and moves them through their life cycle."""

from dataclasses import dataclass

from services.care.domain.campaigns.campaign import Campaign, CampaignVerb
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.ports.campaigns import Campaigns
from services.care.ports.sending import Words
from services.chassis import checks
from services.chassis.clock import Clock
from services.chassis.identity import Caller
from services.chassis.ids import check_id, new_id


@dataclass(frozen=True, slots=True)
class WriteCampaign:
    """Stores a draft whose words were checked, so that a spelling mistake is found before anybody approves it."""

    campaigns: Campaigns
    words: Words
    clock: Clock

    def __call__(self, name: str, plan: CampaignPlan, *, caller: Caller, request_id: str) -> Campaign:
        """Return the draft; the caller is its author."""
        now = self.clock.now()
        draft = Campaign(
            id=new_id("cmp", now),
            name=checks.line(name, "name", least=1, most=100),
            plan=plan.checked(),
            author=caller.subject,
            created_at=now,
            updated_at=now,
        )
        self.words.check(draft)
        return self.campaigns.add(draft, checks.request_key("create", request_id))


@dataclass(frozen=True, slots=True)
class MoveCampaign:
    """Applies one verb."""

    campaigns: Campaigns
    clock: Clock

    def __call__(self, verb: CampaignVerb, campaign_id: str, *, caller: Caller, etag: str, request_id: str) -> Campaign:
        """Return the campaign after the change."""
        return self.campaigns.change(
            check_id(campaign_id, "cmp", field="campaign_id"),
            lambda campaign: campaign.move(verb, by=caller.subject, now=self.clock.now()),
            etag=etag,
            request_id=checks.request_key(verb.value, request_id),
        )
