"""Writes campaigns and moves them through their life cycle."""

from dataclasses import dataclass, replace

from services.care.domain.campaigns.campaign import Campaign, CampaignVerb
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.campaigns.versions import RevisionVerb
from services.care.ports.campaigns import Campaigns
from services.care.ports.sending import Words
from services.care.usecases.campaigns.accept_plan import AcceptPlan
from services.care.usecases.campaigns.check_campaign import CheckPlan
from services.care.usecases.campaigns.order import MOST_COMMENT, CampaignOrder
from services.care.usecases.campaigns.take_words import TakeWords
from services.chassis import checks
from services.chassis.clock import Clock
from services.chassis.identity import Caller
from services.chassis.ids import check_id, new_id


@dataclass(frozen=True, slots=True)
class WriteCampaign:
    """Stores a draft whose words were checked, so that a spelling mistake is found before anybody approves it."""

    campaigns: Campaigns
    words: Words
    accept_plan: AcceptPlan
    clock: Clock

    def __call__(self, name: str, plan: CampaignPlan, *, caller: Caller, request_id: str) -> Campaign:
        """Return the draft; the caller is its author."""
        now = self.clock.now()
        draft = Campaign(
            id=new_id("cmp", now),
            name=_name(name),
            plan=self.accept_plan(plan),
            author=caller.subject,
            created_at=now,
            updated_at=now,
        )
        self.words.check(draft)
        return self.campaigns.add(draft, checks.request_key("create", request_id))


@dataclass(frozen=True, slots=True)
class CloneCampaign:
    """Stores a draft with the plan of another campaign; approvals, versions and touches are not copied."""

    campaigns: Campaigns
    clock: Clock

    def __call__(self, campaign_id: str, name: str, *, caller: Caller, request_id: str) -> Campaign:
        """Return the draft; the caller is its author."""
        source = self.campaigns.get(check_id(campaign_id, "cmp", field="campaign_id"))
        now = self.clock.now()
        draft = Campaign(
            id=new_id("cmp", now),
            name=_name(name),
            plan=source.plan,
            author=caller.subject,
            created_at=now,
            updated_at=now,
            cloned_from=source.id,
        )
        return self.campaigns.add(draft, checks.request_key("clone", request_id))


@dataclass(frozen=True, slots=True)
class MoveCampaign:
    """Applies one verb; approval is asked for only of what nothing blocks, with the words of the library as of now.

    A campaign whose moment has passed is not started.
    """

    campaigns: Campaigns
    check_plan: CheckPlan
    take_words: TakeWords
    clock: Clock

    def __call__(self, verb: CampaignVerb, order: CampaignOrder, *, comment: str = "") -> Campaign:
        """Return the campaign after the change."""
        said = checks.text(comment, "comment", most=MOST_COMMENT)
        now, by = self.clock.now(), order.caller.subject

        def step(campaign: Campaign) -> Campaign:
            moved = campaign.move(verb, by=by, now=now, comment=said)
            if verb is CampaignVerb.START:
                self.check_plan.require_in_time(campaign.plan)
            if verb is not CampaignVerb.SUBMIT:
                return moved
            plan = self.take_words(campaign.plan)
            self.check_plan.require(plan)
            return replace(moved, plan=plan)

        return order.change(self.campaigns, verb.value, step=step)


@dataclass(frozen=True, slots=True)
class ReviseCampaign:
    """Writes another plan; its words are checked as those of a new draft."""

    campaigns: Campaigns
    words: Words
    accept_plan: AcceptPlan
    clock: Clock

    def __call__(self, order: CampaignOrder, plan: CampaignPlan, *, name: str) -> Campaign:
        """Return the campaign: a draft, or with a revision if it was started."""
        checked, now, by = self.accept_plan(plan), self.clock.now(), order.caller.subject
        new_name = _name(name) if name else ""

        def step(campaign: Campaign) -> Campaign:
            self.words.check(replace(campaign, plan=checked))
            return campaign.revise(checked, name=new_name or campaign.name, by=by, now=now)

        return order.change(self.campaigns, "revise", step=step)


@dataclass(frozen=True, slots=True)
class MoveRevision:
    """Applies one verb to the next version of a campaign; approval is asked for with the words as of now."""

    campaigns: Campaigns
    check_plan: CheckPlan
    take_words: TakeWords
    clock: Clock

    def __call__(self, verb: RevisionVerb, order: CampaignOrder, *, comment: str) -> Campaign:
        """Return the campaign after the change."""
        said = checks.text(comment, "comment", most=MOST_COMMENT)
        now, by = self.clock.now(), order.caller.subject

        def step(campaign: Campaign) -> Campaign:
            moved = campaign.move_revision(verb, by=by, now=now, comment=said)
            if verb is not RevisionVerb.SUBMIT or moved.revision is None:
                return moved
            plan = self.take_words(moved.revision.plan)
            self.check_plan.require(plan)
            return replace(moved, revision=replace(moved.revision, plan=plan))

        return order.change(self.campaigns, f"{verb.value}_revision", step=step)


@dataclass(frozen=True, slots=True)
class CommentOnCampaign:
    """Notes what somebody says."""

    campaigns: Campaigns
    clock: Clock

    def __call__(self, order: CampaignOrder, text: str) -> Campaign:
        """Return the campaign after the change."""
        said = checks.text(text, "text", least=1, most=MOST_COMMENT)
        now, by = self.clock.now(), order.caller.subject
        return order.change(self.campaigns, "comment", step=lambda campaign: campaign.comment(said, by=by, now=now))


def _name(name: str) -> str:
    return checks.line(name, "name", least=1, most=100)
