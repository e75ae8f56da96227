"""Campaigns: the plan, the life cycle and who may move it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.care.domain.campaigns.events import CampaignFinished
from services.care.domain.campaigns.plan import CampaignPlan, Variant
from services.care.domain.campaigns.revising import check_revision
from services.care.domain.campaigns.versions import (
    ApproverIsAuthor,
    CampaignVersion,
    NoRevision,
    ReviewNote,
    Revision,
    RevisionVerb,
)
from services.care.domain.state_words import plain
from services.chassis.errors import DomainError, InvalidField, Kind

MOST_VERSIONS = 100
_NOTES_KEPT = 200


class CampaignState(StrEnum):
    DRAFT = "CAMPAIGN_STATE_DRAFT"
    IN_REVIEW = "CAMPAIGN_STATE_IN_REVIEW"
    APPROVED = "CAMPAIGN_STATE_APPROVED"
    RUNNING = "CAMPAIGN_STATE_RUNNING"
    PAUSED = "CAMPAIGN_STATE_PAUSED"
    FINISHED = "CAMPAIGN_STATE_FINISHED"
    ARCHIVED = "CAMPAIGN_STATE_ARCHIVED"


class CampaignVerb(StrEnum):
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"
    ARCHIVE = "archive"


_S = CampaignState
TRANSITIONS: dict[CampaignVerb, tuple[frozenset[CampaignState], CampaignState]] = {
    CampaignVerb.SUBMIT: (frozenset({_S.DRAFT}), _S.IN_REVIEW),
    CampaignVerb.APPROVE: (frozenset({_S.IN_REVIEW}), _S.APPROVED),
    CampaignVerb.REJECT: (frozenset({_S.IN_REVIEW}), _S.DRAFT),
    CampaignVerb.WITHDRAW: (frozenset({_S.IN_REVIEW}), _S.DRAFT),
    CampaignVerb.START: (frozenset({_S.APPROVED}), _S.RUNNING),
    CampaignVerb.PAUSE: (frozenset({_S.RUNNING}), _S.PAUSED),
    CampaignVerb.RESUME: (frozenset({_S.PAUSED}), _S.RUNNING),
    CampaignVerb.FINISH: (frozenset({_S.RUNNING, _S.PAUSED}), _S.FINISHED),
    CampaignVerb.ARCHIVE: (frozenset(_S) - {_S.ARCHIVED}, _S.ARCHIVED),
}
"""The whole life cycle: from which states a verb leads, and where to. Everything else is refused."""


class CampaignTransitionRefused(DomainError):
    kind, reason = Kind.PRECONDITION, "CAMPAIGN_TRANSITION_REFUSED"

    def __init__(self, verb: CampaignVerb, campaign_id: str, state: CampaignState) -> None:
        possible = [each.value for each, (allowed, _) in TRANSITIONS.items() if state in allowed]
        super().__init__(
            f"Campaign {campaign_id} cannot {verb.value}: it is {plain(state)}. "
            f"What it can do now: {', '.join(possible) or 'nothing'}.",
            campaign_id=campaign_id,
            state=state.value,
            possible=",".join(possible),
        )


class RevisionNotPossible(DomainError):
    kind, reason = Kind.PRECONDITION, "REVISION_NOT_POSSIBLE"

    def __init__(self, campaign_id: str, state: CampaignState) -> None:
        way = "Withdraw it first" if state is CampaignState.IN_REVIEW else "Clone it"
        super().__init__(
            f"Campaign {campaign_id} cannot be edited: it is {plain(state)}. {way}.",
            campaign_id=campaign_id,
            state=state.value,
        )


class NoVariants(DomainError):
    kind, reason = Kind.PRECONDITION, "NO_VARIANTS"

    def __init__(self, campaign_id: str) -> None:
        super().__init__(f"Campaign {campaign_id} compares nothing: it has no variants.", campaign_id=campaign_id)


class CampaignNotStarted(DomainError):
    kind, reason = Kind.PRECONDITION, "CAMPAIGN_NOT_STARTED"

    def __init__(self, campaign_id: str) -> None:
        super().__init__(f"Campaign {campaign_id} does not run: nothing was compared.", campaign_id=campaign_id)


@dataclass(frozen=True, slots=True)
class Campaign:
    """Who hears from us when; each verb returns the next state or refuses."""

    id: str
    name: str
    plan: CampaignPlan
    """The draft's plan, later the version that was approved last. A day's own plan is `on(day).plan`."""
    author: str
    """Who wrote the first version last."""
    created_at: datetime
    updated_at: datetime
    state: CampaignState = CampaignState.DRAFT
    approver: str = ""
    started_at: datetime | None = None
    plan_version: int = 1
    """The number of `plan`."""
    submitted_by: str = ""
    submitted_at: datetime | None = None
    versions: tuple[CampaignVersion, ...] = ()
    """Every version that was approved, oldest first; the last one is `plan`."""
    revision: Revision | None = None
    """The next version of a campaign that was started."""
    notes: tuple[ReviewNote, ...] = ()
    """Who asked, who approved, what was said; the last 200."""
    cloned_from: str = ""
    winner: str = ""
    """The variant that everybody gets from now on."""
    finished_at: datetime | None = None
    version: int = 1
    events: tuple[object, ...] = ()

    def move(self, verb: CampaignVerb, *, by: str, now: datetime, comment: str = "") -> "Campaign":
        """Apply a verb on behalf of a person."""
        allowed, target = TRANSITIONS[verb]
        if self.state not in allowed:
            raise CampaignTransitionRefused(verb, self.id, self.state)
        notes = self._noted(verb.value, by=by, now=now, text=comment)
        moved = replace(self, state=target, updated_at=now, notes=notes)
        if verb is CampaignVerb.SUBMIT:
            return replace(moved, submitted_by=by, submitted_at=now)
        if verb is CampaignVerb.APPROVE:
            return _approved(moved, by=by, now=now)
        if verb is CampaignVerb.START:
            return replace(moved, started_at=now)
        if verb is CampaignVerb.FINISH:
            said = CampaignFinished(campaign_id=self.id, occurred_time=now)
            return replace(moved, finished_at=now, revision=None, events=(*self.events, said))
        return replace(moved, revision=None) if verb is CampaignVerb.ARCHIVE else moved

    def revise(self, plan: CampaignPlan, *, name: str, by: str, now: datetime) -> "Campaign":
        """Return the campaign with another plan: at once where nothing has started, else as its next version.

        The plan must have been checked. An approved campaign that has not started goes back to being a draft.
        """
        changed = replace(self, name=name, updated_at=now, notes=self._noted("revise", by=by, now=now))
        if self.state in {CampaignState.DRAFT, CampaignState.APPROVED}:
            return replace(changed, plan=plan, author=by, state=CampaignState.DRAFT, approver="", versions=())
        if self.state not in {CampaignState.RUNNING, CampaignState.PAUSED}:
            raise RevisionNotPossible(self.id, self.state)
        check_revision(self.plan, plan)
        if len(self.versions) >= MOST_VERSIONS:
            raise InvalidField("plan", f"plan: the campaign has {MOST_VERSIONS} versions; clone it.")
        return replace(changed, revision=Revision(plan, by, now))

    def move_revision(self, verb: RevisionVerb, *, by: str, now: datetime, comment: str = "") -> "Campaign":
        """Apply a verb to the revision; an approved one becomes the version of every day that nobody lives in yet."""
        if self.revision is None:
            raise NoRevision(self.id)
        left = self.revision.move(verb, self.id, by=by, now=now)
        notes = self._noted(f"{verb.value}_revision", by=by, now=now, text=comment)
        noted = replace(self, revision=left, updated_at=now, notes=notes)
        if verb is not RevisionVerb.APPROVE:
            return noted
        number = self.plan_version + 1
        approved = self.revision.approved(number, by=by, now=now)
        return replace(
            noted,
            plan=approved.plan,
            plan_version=number,
            approver=by,
            versions=(*self.approved_versions(), approved),
        )

    def comment(self, text: str, *, by: str, now: datetime) -> "Campaign":
        """Add what somebody says about the campaign."""
        return replace(self, updated_at=now, notes=self._noted("comment", by=by, now=now, text=text))

    def tested_variants(self) -> tuple[Variant, ...]:
        """Return the ways that are compared, or refuse with NO_VARIANTS."""
        if not self.plan.variants:
            raise NoVariants(self.id)
        return self.plan.variants

    def choose_winner(self, variant: str, *, by: str, now: datetime, comment: str = "") -> "Campaign":
        """Give everybody one variant from now on; an empty one lets them be compared again."""
        names = [each.name for each in self.tested_variants()]
        if self.state not in {CampaignState.RUNNING, CampaignState.PAUSED}:
            raise CampaignNotStarted(self.id)
        if variant and variant not in names:
            raise InvalidField("variant", f"variant must be one of: {', '.join(names)}; or empty.")
        said = f"{variant or '-'} {comment}".strip()
        return replace(
            self, winner=variant, updated_at=now, notes=self._noted("choose_winner", by=by, now=now, text=said)
        )

    def test_sent(self, addresses: int, *, by: str, now: datetime) -> "Campaign":
        """Note that somebody had the message sent to so many addresses of the staff."""
        return replace(self, notes=self._noted("send_test", by=by, now=now, text=str(addresses)))

    def approved_versions(self) -> tuple[CampaignVersion, ...]:
        """Return the versions that were approved; a campaign stored before there were versions has one."""
        if self.versions or not self.approver:
            return self.versions
        return (CampaignVersion(1, self.plan, self.author, self.created_at, approver=self.approver),)

    def on(self, day: date) -> "Campaign":
        """Return the campaign with the plan that counts for the occurrences of a civil day."""
        counts = [each for each in self.versions if each.effective_from is None or each.effective_from <= day]
        return self._with(counts[-1]) if counts else self

    def as_planned(self, plan_version: int) -> "Campaign":
        """Return the campaign with the plan of this version, by which a touch was planned."""
        if plan_version == self.plan_version:
            return self
        return next((self._with(each) for each in self.versions if each.number == plan_version), self)

    def _with(self, version: CampaignVersion) -> "Campaign":
        if version.number == self.plan_version:
            return self
        return replace(self, plan=version.plan, plan_version=version.number)

    def _noted(self, verb: str, *, by: str, now: datetime, text: str = "") -> tuple[ReviewNote, ...]:
        note = ReviewNote(by, now, verb, text, self.plan_version + (self.revision is not None))
        return (*self.notes, note)[-_NOTES_KEPT:]


def _approved(campaign: Campaign, *, by: str, now: datetime) -> Campaign:
    if by == campaign.author:
        raise ApproverIsAuthor(campaign.id)
    version = CampaignVersion(
        number=campaign.plan_version,
        plan=campaign.plan,
        author=campaign.author,
        created_at=campaign.created_at,
        submitted_by=campaign.submitted_by,
        submitted_at=campaign.submitted_at,
        approver=by,
        approved_at=now,
    )
    return replace(campaign, approver=by, versions=(version,))
