"""Campaigns: the plan, the life cycle and who may move it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.care.domain.calendars.birthday_rules import BirthdayRules
from services.care.domain.language import Language
from services.chassis import checks
from services.chassis.errors import DomainError, Forbidden, InvalidField, Kind

MOST_CATCH_UP_DAYS = 30


class CampaignState(StrEnum):
    DRAFT = "CAMPAIGN_STATE_DRAFT"
    IN_REVIEW = "CAMPAIGN_STATE_IN_REVIEW"
    APPROVED = "CAMPAIGN_STATE_APPROVED"
    RUNNING = "CAMPAIGN_STATE_RUNNING"
    PAUSED = "CAMPAIGN_STATE_PAUSED"
    ARCHIVED = "CAMPAIGN_STATE_ARCHIVED"


class CampaignVerb(StrEnum):
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    ARCHIVE = "archive"


_S = CampaignState
TRANSITIONS: dict[CampaignVerb, tuple[frozenset[CampaignState], CampaignState]] = {
    CampaignVerb.SUBMIT: (frozenset({_S.DRAFT}), _S.IN_REVIEW),
    CampaignVerb.APPROVE: (frozenset({_S.IN_REVIEW}), _S.APPROVED),
    CampaignVerb.REJECT: (frozenset({_S.IN_REVIEW}), _S.DRAFT),
    CampaignVerb.START: (frozenset({_S.APPROVED}), _S.RUNNING),
    CampaignVerb.PAUSE: (frozenset({_S.RUNNING}), _S.PAUSED),
    CampaignVerb.RESUME: (frozenset({_S.PAUSED}), _S.RUNNING),
    CampaignVerb.ARCHIVE: (frozenset(_S) - {_S.ARCHIVED}, _S.ARCHIVED),
}
"""The whole life cycle: from which states a verb leads, and where to. Everything else is refused."""


class CampaignTransitionRefused(DomainError):
    kind, reason = Kind.PRECONDITION, "CAMPAIGN_TRANSITION_REFUSED"

    def __init__(self, verb: CampaignVerb, campaign_id: str, state: CampaignState) -> None:
        super().__init__(
            f"Campaign {campaign_id} cannot {verb.value}: it is {state.value.removeprefix('CAMPAIGN_STATE_').lower()}.",
            campaign_id=campaign_id,
            state=state.value,
        )


class ApproverIsAuthor(Forbidden):
    reason = "APPROVER_IS_AUTHOR"

    def __init__(self, campaign_id: str) -> None:
        super().__init__("The author cannot approve the campaign: four eyes are needed.", campaign_id=campaign_id)


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """The words of one language, in Liquid."""

    language: Language
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """When a greeting leaves, by which rules, and with which words."""

    send_at: str
    """Local wall time of the member, `HH:MM`."""
    catch_up_days: int
    rules: BirthdayRules
    templates: tuple[MessageTemplate, ...]

    def checked(self) -> "CampaignPlan":
        """Return the plan, or refuse the field that is wrong."""
        _check_wall_time(self.send_at)
        if not 0 <= self.catch_up_days <= MOST_CATCH_UP_DAYS:
            raise InvalidField("plan.catch_up_days", f"plan.catch_up_days must be 0 to {MOST_CATCH_UP_DAYS}.")
        languages = [template.language for template in self.templates]
        if sorted(languages) != sorted(Language):
            raise InvalidField(
                "plan.templates", "plan.templates needs exactly one template in English and one in Simplified Chinese."
            )
        return replace(self, templates=tuple(_checked_template(template) for template in self.templates))

    def template(self, language: Language) -> MessageTemplate:
        """Return the words of a language."""
        return next(template for template in self.templates if template.language is language)


def _checked_template(template: MessageTemplate) -> MessageTemplate:
    return MessageTemplate(
        template.language,
        checks.line(template.subject, "plan.templates.subject", least=1, most=200),
        checks.text(template.body, "plan.templates.body", least=1, most=20_000),
    )


def _check_wall_time(value: str) -> None:
    try:
        parsed = datetime.strptime(value, "%H:%M")  # noqa: DTZ007  # a wall time has no zone
    except ValueError:
        parsed = None
    if parsed is None or parsed.strftime("%H:%M") != value:
        raise InvalidField("plan.send_at", "plan.send_at must be a wall time written HH:MM, for example 09:00.")


@dataclass(frozen=True, slots=True)
class Campaign:
    """A birthday campaign; each verb returns the next state or refuses."""

    id: str
    name: str
    plan: CampaignPlan
    author: str
    created_at: datetime
    updated_at: datetime
    state: CampaignState = CampaignState.DRAFT
    approver: str = ""
    started_at: datetime | None = None
    version: int = 1
    events: tuple[object, ...] = ()

    def move(self, verb: CampaignVerb, *, by: str, now: datetime) -> "Campaign":
        """Apply a verb on behalf of a person."""
        allowed, target = TRANSITIONS[verb]
        if self.state not in allowed:
            raise CampaignTransitionRefused(verb, self.id, self.state)
        moved = replace(self, state=target, updated_at=now)
        if verb is CampaignVerb.APPROVE:
            if by == self.author:
                raise ApproverIsAuthor(self.id)
            return replace(moved, approver=by)
        if verb is CampaignVerb.START:
            return replace(moved, started_at=now)
        return moved
