"""An opportunity: a deal with one customer that moves through stages until it is won or lost."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.chassis.checks import civil_date, line, text
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, optional_id
from services.contracts.domain.sales.follow_ups import FollowUp, FollowUpDetails, kept
from services.contracts.domain.sales.opportunity_stages import (
    OPEN,
    TRANSITIONS,
    LossReason,
    OpportunityKind,
    OpportunityStage,
    OpportunityVerb,
    StageMove,
    WinReason,
)
from services.contracts.domain.sales.sales_errors import OpportunityNotOpen, SalesTransitionRefused
from services.contracts.domain.terms.money import Money, checked_price

MOST_TITLE, MOST_REASON, MOST_ASSETS = 200, 500, 500
_CHANGEABLE = ("title", "owner_id", "amount", "close_date")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityDetails:
    """What people, or another room, say of a deal, not yet checked."""

    kind: OpportunityKind | None
    title: str
    customer_id: str
    owner_id: str = ""
    amount: Money | None = None
    close_date: str = ""
    contract_id: str = ""
    lead_id: str = ""
    asset_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is known better now; only the fields that the mask names count."""

    mask: tuple[str, ...]
    title: str = ""
    owner_id: str = ""
    amount: Money | None = None
    close_date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """An opportunity as stored."""

    id: str
    version: int = 1
    kind: OpportunityKind
    title: str
    customer_id: str
    owner_id: str
    amount: Money | None
    close_date: date | None
    stage: OpportunityStage = OpportunityStage.QUALIFYING
    moves: tuple[StageMove, ...]
    follow_ups: tuple[FollowUp, ...] = ()
    next_action: str = ""
    next_action_date: date | None = None
    lead_id: str
    contract_id: str
    asset_ids: tuple[str, ...]
    win_reason: WinReason | None = None
    loss_reason: LossReason | None = None
    outcome_note: str = ""
    closed_time: datetime | None = None
    author: str
    """Who opened it. Empty: the service itself."""
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def opened(cls, opportunity_id: str, details: OpportunityDetails, *, author: str, now: datetime) -> "Opportunity":
        """Return the new opportunity, or refuse with INVALID_FIELD or INVALID_ID and the field's name."""
        if details.kind is None:
            raise InvalidField("kind", "kind is missing.")
        if len(details.asset_ids) > MOST_ASSETS:
            raise InvalidField("asset_ids", f"asset_ids holds more than {MOST_ASSETS} ids.")
        return cls(
            id=opportunity_id,
            kind=details.kind,
            title=_title(details.title),
            customer_id=check_id(details.customer_id, "cus", field="customer_id"),
            owner_id=optional_id(details.owner_id, "emp", field="owner_id"),
            amount=_amount(details.amount),
            close_date=_day(details.close_date),
            moves=(StageMove(stage=OpportunityStage.QUALIFYING, time=now, author=author),),
            lead_id=details.lead_id,
            contract_id=optional_id(details.contract_id, "con", field="contract_id"),
            asset_ids=tuple(dict.fromkeys(check_id(asset, "ast", field="asset_ids") for asset in details.asset_ids)),
            author=author,
            create_time=now,
            update_time=now,
        )

    @property
    def is_open(self) -> bool:
        """Say whether it is neither won nor lost."""
        return self.stage in OPEN

    def update(self, correction: Correction, *, now: datetime) -> "Opportunity":
        """Return the opportunity with what is known better; a mask that names nothing, or a stranger, is refused."""
        strangers = [name for name in correction.mask if name not in _CHANGEABLE]
        if strangers or not correction.mask:
            raise InvalidField("update_mask", f"update_mask must name some of {', '.join(_CHANGEABLE)}.")
        checked: dict[str, Any] = {}
        if "title" in correction.mask:
            checked["title"] = _title(correction.title)
        if "owner_id" in correction.mask:
            checked["owner_id"] = optional_id(correction.owner_id, "emp", field="owner_id")
        if "amount" in correction.mask:
            checked["amount"] = _amount(correction.amount)
        if "close_date" in correction.mask:
            checked["close_date"] = _day(correction.close_date)
        return replace(self._moved(OpportunityVerb.UPDATE, "", now=now), **checked)

    def follow_up(self, details: FollowUpDetails, *, author: str, now: datetime) -> "Opportunity":
        """Return the opportunity with one more entry in its log, and its next action."""
        entry = details.checked(author, now=now)
        return replace(
            self._moved(OpportunityVerb.FOLLOW_UP, author, now=now),
            follow_ups=kept(self.follow_ups, entry),
            next_action=entry.next_action,
            next_action_date=entry.next_action_date,
        )

    def propose(self, author: str, *, now: datetime) -> "Opportunity":
        """Return the opportunity with a proposal under way."""
        return self._moved(OpportunityVerb.PROPOSE, author, now=now)

    def negotiate(self, author: str, *, now: datetime) -> "Opportunity":
        """Return the opportunity whose terms are talked about."""
        return self._moved(OpportunityVerb.NEGOTIATE, author, now=now)

    def win(self, reason: WinReason | None, note: str, *, author: str, now: datetime) -> "Opportunity":
        """Return the won opportunity; the reason OTHER needs a note."""
        if reason is None:
            raise InvalidField("reason", "reason is missing.")
        told = text(note, "note", most=MOST_REASON, least=int(reason is WinReason.OTHER))
        return replace(self._closed(OpportunityVerb.WIN, told, author=author, now=now), win_reason=reason)

    def won_by_quote(self, amount: Money, *, author: str, now: datetime) -> "Opportunity":
        """Return the opportunity won by an accepted quote, worth what was signed; one that is won already stays.

        Refused with OPPORTUNITY_NOT_OPEN where it was lost.
        """
        if self.stage is OpportunityStage.WON:
            return self
        if not self.is_open:
            raise OpportunityNotOpen(self.id, stage=self.stage.value)
        return replace(self.win(WinReason.QUOTE_ACCEPTED, "", author=author, now=now), amount=amount)

    def lose(self, reason: LossReason | None, note: str, *, author: str, now: datetime) -> "Opportunity":
        """Return the lost opportunity; the reason OTHER needs a note."""
        if reason is None:
            raise InvalidField("reason", "reason is missing.")
        told = text(note, "note", most=MOST_REASON, least=int(reason is LossReason.OTHER))
        return replace(self._closed(OpportunityVerb.LOSE, told, author=author, now=now), loss_reason=reason)

    def reopen(self, author: str, *, now: datetime) -> "Opportunity":
        """Return the lost opportunity that is worked on again; its log keeps that it was lost."""
        again = self._moved(OpportunityVerb.REOPEN, author, now=now)
        return replace(again, loss_reason=None, outcome_note="", closed_time=None)

    def _closed(self, verb: OpportunityVerb, note: str, *, author: str, now: datetime) -> "Opportunity":
        moved = self._moved(verb, author, now=now)
        return replace(moved, outcome_note=note, closed_time=now, next_action="", next_action_date=None)

    def _moved(self, verb: OpportunityVerb, author: str, *, now: datetime) -> "Opportunity":
        stage = TRANSITIONS.get((self.stage, verb))
        if stage is None:
            raise SalesTransitionRefused("opportunity", self.id, state=self.stage.value, verb=verb.value)
        if stage is self.stage:
            return replace(self, update_time=now)
        move = StageMove(stage=stage, time=now, author=author)
        return replace(self, stage=stage, moves=(*self.moves, move), update_time=now)


def _title(value: str) -> str:
    return line(value, "title", most=MOST_TITLE, least=1)


def _amount(amount: Money | None) -> Money | None:
    return checked_price(amount, "amount") if amount else None


def _day(value: str) -> date | None:
    return civil_date(value, "close_date") if value else None
