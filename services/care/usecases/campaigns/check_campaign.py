"""Looks for what would go wrong before anybody is asked to approve it."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.care.domain.campaigns.act_findings import act_findings_of, told_acts
from services.care.domain.campaigns.findings import CampaignNotReady, Finding, findings_of, moment_is_over
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.campaigns.workday_findings import workday_findings_of
from services.care.domain.results.prices import Prices
from services.care.domain.templates.words_errors import TemplateInvalid
from services.care.ports.calendars import Calendars
from services.care.ports.campaigns import Campaigns
from services.care.ports.segments import HeardActs
from services.care.ports.sending import Words
from services.chassis.clock import Clock
from services.chassis.ids import check_id


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """Judges a plan: every mistake is told at once."""

    words: Words
    prices: Prices
    calendars: Calendars
    heard: HeardActs
    clock: Clock

    def __call__(self, plan: CampaignPlan) -> tuple[Finding, ...]:
        """Return what was found, in the order of the fields."""
        now = self.clock.now()
        days = workday_findings_of(plan, self.calendars.read(), now=now) if plan.workdays else ()
        return (*findings_of(plan, now=now, prices=self.prices), *days, *self._acts(plan), *self._words(plan))

    def require_in_time(self, plan: CampaignPlan) -> None:
        """Refuse with CAMPAIGN_NOT_READY if the moment of the plan is over."""
        for finding in moment_is_over(plan, now=self.clock.now()):
            raise CampaignNotReady(finding)

    def require(self, plan: CampaignPlan) -> None:
        """Refuse with CAMPAIGN_NOT_READY if something blocks."""
        for finding in self(plan):
            if finding.blocks:
                raise CampaignNotReady(finding)

    def _acts(self, plan: CampaignPlan) -> Iterator[Finding]:
        told = told_acts(plan)
        return act_findings_of(told, heard=self.heard(frozenset(told.values())))

    def _words(self, plan: CampaignPlan) -> Iterator[Finding]:
        for wrong in self.words.mistakes(plan):
            yield Finding(
                blocks=True,
                code=TemplateInvalid.reason,
                field=wrong.field,
                english=wrong.english,
                chinese=wrong.chinese,
            )


@dataclass(frozen=True, slots=True)
class CheckCampaign:
    """Reads; changes nothing."""

    campaigns: Campaigns
    check_plan: CheckPlan

    def __call__(self, campaign_id: str) -> tuple[Finding, ...]:
        """Return what was found in the plan being written, or else in the one approved last."""
        campaign = self.campaigns.get(check_id(campaign_id, "cmp", field="campaign_id"))
        return self.check_plan(campaign.revision.plan if campaign.revision else campaign.plan)
