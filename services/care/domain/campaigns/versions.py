"""Versions of a campaign's plan: what was approved, from which day it counts, and the one that is being written."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.campaigns.planning import last_open_day
from services.care.domain.state_words import plain
from services.chassis.errors import DomainError, Forbidden, Kind


class ApproverIsAuthor(Forbidden):
    reason = "APPROVER_IS_AUTHOR"

    def __init__(self, campaign_id: str) -> None:
        super().__init__("The author cannot approve the campaign: four eyes are needed.", campaign_id=campaign_id)


class RevisionState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"


class RevisionVerb(StrEnum):
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    DISCARD = "discard"


REVISION_TRANSITIONS: dict[RevisionVerb, tuple[frozenset[RevisionState], RevisionState | None]] = {
    RevisionVerb.SUBMIT: (frozenset({RevisionState.DRAFT}), RevisionState.IN_REVIEW),
    RevisionVerb.APPROVE: (frozenset({RevisionState.IN_REVIEW}), None),
    RevisionVerb.REJECT: (frozenset({RevisionState.IN_REVIEW}), RevisionState.DRAFT),
    RevisionVerb.DISCARD: (frozenset(RevisionState), None),
}
"""The life of a revision; None: there is no revision any more."""


class RevisionTransitionRefused(DomainError):
    kind, reason = Kind.PRECONDITION, "REVISION_TRANSITION_REFUSED"

    def __init__(self, verb: RevisionVerb, campaign_id: str, state: RevisionState) -> None:
        super().__init__(
            f"The revision of campaign {campaign_id} cannot {verb.value}: it is {plain(state)}.",
            campaign_id=campaign_id,
            state=state.value,
        )


class NoRevision(DomainError):
    kind, reason = Kind.PRECONDITION, "NO_REVISION"

    def __init__(self, campaign_id: str) -> None:
        super().__init__(
            f"Nobody is revising campaign {campaign_id}: there is nothing to move.", campaign_id=campaign_id
        )


@dataclass(frozen=True, slots=True)
class CampaignVersion:
    """A plan as it was approved."""

    number: int
    plan: CampaignPlan
    author: str
    created_at: datetime
    submitted_by: str = ""
    submitted_at: datetime | None = None
    approver: str = ""
    approved_at: datetime | None = None
    effective_from: date | None = None
    """The first civil day whose occurrences follow this version; None: from the beginning."""


@dataclass(frozen=True, slots=True)
class Revision:
    """The next version of a campaign that was started, while it is written and reviewed."""

    plan: CampaignPlan
    author: str
    """Who wrote it last."""
    created_at: datetime
    state: RevisionState = RevisionState.DRAFT
    submitted_by: str = ""
    submitted_at: datetime | None = None

    def move(self, verb: RevisionVerb, campaign_id: str, *, by: str, now: datetime) -> "Revision | None":
        """Apply a verb on behalf of a person; None: the revision is over."""
        allowed, target = REVISION_TRANSITIONS[verb]
        if self.state not in allowed:
            raise RevisionTransitionRefused(verb, campaign_id, self.state)
        if verb is RevisionVerb.APPROVE and by == self.author:
            raise ApproverIsAuthor(campaign_id)
        if target is None:
            return None
        if verb is RevisionVerb.SUBMIT:
            return replace(self, state=target, submitted_by=by, submitted_at=now)
        return replace(self, state=target)

    def approved(self, number: int, *, by: str, now: datetime) -> CampaignVersion:
        """Return the version that it becomes."""
        return CampaignVersion(
            number=number,
            plan=self.plan,
            author=self.author,
            created_at=self.created_at,
            submitted_by=self.submitted_by,
            submitted_at=self.submitted_at,
            approver=by,
            approved_at=now,
            effective_from=next_unplanned_day(now),
        )


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """What somebody did with a campaign or said about it."""

    by: str
    at: datetime
    verb: str
    """A verb of the life cycle, of the revision, or `comment`."""
    text: str = ""
    version: int = 1
    """The version that it is about."""


def next_unplanned_day(now: datetime) -> date:
    """Return the first civil day that is not yet today anywhere on earth: no occurrence of it can be planned yet.

    A version that counts from this day on changes nothing about a day that anybody may already live in, however far
    the planner has come: whoever is due that day gets the old version's message, once.
    """
    return last_open_day(now) + timedelta(days=1)
