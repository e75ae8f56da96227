"""Looks for what would go wrong before anybody is asked to approve it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.findings import CampaignNotReady, Finding, findings_of
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.templates.words_errors import TemplateInvalid
from services.care.ports.campaigns import Campaigns
from services.care.ports.sending import Words
from services.chassis.clock import Clock
from services.chassis.ids import check_id


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """Judges a plan: each template by itself, so that every mistake is told at once."""

    words: Words
    clock: Clock

    def __call__(self, campaign: Campaign, plan: CampaignPlan) -> tuple[Finding, ...]:
        """Return what was found, in the order of the fields."""
        return (*findings_of(plan, now=self.clock.now()), *self._words(campaign, plan))

    def require(self, campaign: Campaign, plan: CampaignPlan) -> None:
        """Refuse with CAMPAIGN_NOT_READY if something blocks."""
        for finding in self(campaign, plan):
            if finding.blocks:
                raise CampaignNotReady(finding)

    def _words(self, campaign: Campaign, plan: CampaignPlan) -> Iterator[Finding]:
        for place, template in enumerate(plan.templates):
            try:
                self.words.check(replace(campaign, plan=replace(plan, templates=(template,))))
            except TemplateInvalid as error:
                yield Finding(
                    blocks=True,
                    code=error.code,
                    field=error.field.replace("[0]", f"[{place}]"),
                    english=error.message,
                    chinese=f"第 {place + 1} 个模板有误（{error.metadata.get('variables', 'Liquid')}）。",
                )


@dataclass(frozen=True, slots=True)
class CheckCampaign:
    """Reads; changes nothing."""

    campaigns: Campaigns
    check_plan: CheckPlan

    def __call__(self, campaign_id: str) -> tuple[Finding, ...]:
        """Return what was found in the plan being written, or else in the one approved last."""
        campaign = self.campaigns.get(check_id(campaign_id, "cmp", field="campaign_id"))
        return self.check_plan(campaign, campaign.revision.plan if campaign.revision else campaign.plan)
