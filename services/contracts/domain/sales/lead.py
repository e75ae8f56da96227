"""A lead: somebody who may buy. It is followed up until it becomes an opportunity or is given up."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.chassis.checks import text
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, optional_id
from services.contracts.domain.sales.follow_ups import FollowUp, FollowUpDetails, kept
from services.contracts.domain.sales.sales_errors import SalesTransitionRefused

MOST_CONTACT, MOST_NEED, MOST_REASON = 500, 2000, 500


class LeadState(StrEnum):
    """Where a lead stands."""

    NEW = "new"
    WORKING = "working"
    QUALIFIED = "qualified"
    DISQUALIFIED = "disqualified"


class LeadSource(StrEnum):
    """Where a lead came from."""

    WEB = "web"
    PHONE = "phone"
    EVENT = "event"
    REFERRAL = "referral"
    CAMPAIGN = "campaign"
    VISIT = "visit"
    OTHER = "other"


class DisqualifyReason(StrEnum):
    """Why a lead was given up."""

    UNREACHABLE = "unreachable"
    NO_NEED = "no_need"
    NO_BUDGET = "no_budget"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    OTHER = "other"


class LeadVerb(StrEnum):
    """What can be done to a lead."""

    FOLLOW_UP = "follow_up"
    ASSIGN = "assign"
    QUALIFY = "qualify"
    DISQUALIFY = "disqualify"
    REOPEN = "reopen"


TRANSITIONS: dict[tuple[LeadState, LeadVerb], LeadState] = {
    (LeadState.NEW, LeadVerb.ASSIGN): LeadState.NEW,
    (LeadState.NEW, LeadVerb.FOLLOW_UP): LeadState.WORKING,
    (LeadState.NEW, LeadVerb.QUALIFY): LeadState.QUALIFIED,
    (LeadState.NEW, LeadVerb.DISQUALIFY): LeadState.DISQUALIFIED,
    (LeadState.WORKING, LeadVerb.ASSIGN): LeadState.WORKING,
    (LeadState.WORKING, LeadVerb.FOLLOW_UP): LeadState.WORKING,
    (LeadState.WORKING, LeadVerb.QUALIFY): LeadState.QUALIFIED,
    (LeadState.WORKING, LeadVerb.DISQUALIFY): LeadState.DISQUALIFIED,
    (LeadState.DISQUALIFIED, LeadVerb.REOPEN): LeadState.WORKING,
}
"""Every move there is; whatever is not in here is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadDetails:
    """What people write down of a lead, not yet checked."""

    source: LeadSource | None
    contact: str
    need: str = ""
    owner_id: str = ""
    customer_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A lead as stored."""

    id: str
    version: int = 1
    source: LeadSource
    contact: str
    """Who they are and how they are reached, as people wrote it."""
    need: str
    owner_id: str
    state: LeadState = LeadState.NEW
    follow_ups: tuple[FollowUp, ...] = ()
    next_action: str = ""
    next_action_date: date | None = None
    customer_id: str = ""
    opportunity_id: str = ""
    disqualify_reason: DisqualifyReason | None = None
    disqualify_note: str = ""
    author: str
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def written(cls, lead_id: str, details: LeadDetails, *, author: str, now: datetime) -> "Lead":
        """Return the new lead, or refuse with INVALID_FIELD or INVALID_ID and the field's name."""
        if details.source is None:
            raise InvalidField("source", "source is missing.")
        return cls(
            id=lead_id,
            source=details.source,
            contact=text(details.contact, "contact", most=MOST_CONTACT, least=1),
            need=text(details.need, "need", most=MOST_NEED),
            owner_id=optional_id(details.owner_id, "emp", field="owner_id"),
            customer_id=optional_id(details.customer_id, "cus", field="customer_id"),
            author=author,
            create_time=now,
            update_time=now,
        )

    def assign(self, owner_id: str, *, now: datetime) -> "Lead":
        """Return the lead in this employee's hands."""
        owner = check_id(owner_id, "emp", field="owner_id")
        return replace(self._moved(LeadVerb.ASSIGN, now), owner_id=owner)

    def follow_up(self, details: FollowUpDetails, *, author: str, now: datetime) -> "Lead":
        """Return the lead with one more entry in its log, and its next action."""
        entry = details.checked(author, now=now)
        return replace(
            self._moved(LeadVerb.FOLLOW_UP, now),
            follow_ups=kept(self.follow_ups, entry),
            next_action=entry.next_action,
            next_action_date=entry.next_action_date,
        )

    def qualify(self, opportunity_id: str, customer_id: str, *, now: datetime) -> "Lead":
        """Return the lead that became this opportunity of this customer."""
        return replace(
            self._moved(LeadVerb.QUALIFY, now),
            opportunity_id=opportunity_id,
            customer_id=customer_id,
            next_action="",
            next_action_date=None,
        )

    def disqualify(self, reason: DisqualifyReason | None, note: str, *, now: datetime) -> "Lead":
        """Return the lead given up; the reason OTHER needs a note."""
        if reason is None:
            raise InvalidField("reason", "reason is missing.")
        return replace(
            self._moved(LeadVerb.DISQUALIFY, now),
            disqualify_reason=reason,
            disqualify_note=text(note, "note", most=MOST_REASON, least=int(reason is DisqualifyReason.OTHER)),
            next_action="",
            next_action_date=None,
        )

    def reopen(self, now: datetime) -> "Lead":
        """Return the lead that is worked on again."""
        return replace(self._moved(LeadVerb.REOPEN, now), disqualify_reason=None, disqualify_note="")

    def refuse_unless(self, verb: LeadVerb) -> LeadState:
        """Return the state that a verb leads to, or refuse with LEAD_TRANSITION_REFUSED."""
        state = TRANSITIONS.get((self.state, verb))
        if state is None:
            raise SalesTransitionRefused("lead", self.id, state=self.state.value, verb=verb.value)
        return state

    def _moved(self, verb: LeadVerb, now: datetime) -> "Lead":
        return replace(self, state=self.refuse_unless(verb), update_time=now)
