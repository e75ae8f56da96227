"""A quote: versions of what a deal costs, of which the last one counts, in a window in which it can be signed."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.chassis.checks import civil_date, line, text
from services.chassis.errors import InvalidField
from services.chassis.ids import derived_id
from services.contracts.domain.sales.opportunity import Opportunity
from services.contracts.domain.sales.opportunity_stages import OpportunityStage
from services.contracts.domain.sales.quote_lines import QuoteLine, QuoteLineDetails, priced
from services.contracts.domain.sales.quote_states import TRANSITIONS, QuoteState, QuoteVerb, QuoteVoidReason
from services.contracts.domain.sales.sales_errors import (
    OpportunityNotOpen,
    QuoteApproverIsAuthor,
    QuoteExpired,
    QuoteNotAccepted,
    SalesTransitionRefused,
)
from services.contracts.domain.sales.sales_events import QuoteAccepted
from services.contracts.domain.terms.money import Money, total

MOST_TITLE, MOST_NAME, MOST_NOTE, MOST_REASON, MOST_VERSIONS = 200, 200, 5000, 500, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteContent:
    """What people write into a version, not yet checked."""

    title: str
    lines: tuple[QuoteLineDetails, ...]
    start_date: str
    sign_by: str
    discount_bps: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """By whom a version is written, when, and which day that is where the company is."""

    author: str
    now: datetime
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteVersion:
    """One version; what it says is never changed."""

    number: int
    state: QuoteState = QuoteState.DRAFT
    title: str
    lines: tuple[QuoteLine, ...]
    discount_bps: int
    start_date: date
    sign_by: date
    """Last day on which it can be accepted."""
    note: str
    total: Money
    """Over every line's whole term."""
    author: str
    approver: str = ""
    create_time: datetime
    approved_time: datetime | None = None
    sent_time: datetime | None = None
    accepted_time: datetime | None = None
    accepted_by: str = ""
    voided_time: datetime | None = None
    void_reason: QuoteVoidReason | None = None
    void_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A quote as stored."""

    id: str
    version: int = 1
    opportunity_id: str
    customer_id: str
    owner_id: str
    state: QuoteState
    """That of the last version."""
    sign_by: date
    """That of the last version."""
    versions: tuple[QuoteVersion, ...]
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def drafted(cls, quote_id: str, opportunity: Opportunity, *, content: QuoteContent, written: Written) -> "Quote":
        """Return the quote with its first version.

        Refused with INVALID_FIELD or INVALID_ID and the field's name, and OPPORTUNITY_NOT_OPEN.
        """
        if opportunity.stage is OpportunityStage.LOST:
            raise OpportunityNotOpen(opportunity.id, stage=opportunity.stage.value)
        first = _version(quote_id, content, number=1, written=written)
        return cls(
            id=quote_id,
            opportunity_id=opportunity.id,
            customer_id=opportunity.customer_id,
            owner_id=opportunity.owner_id,
            state=first.state,
            sign_by=first.sign_by,
            versions=(first,),
            create_time=written.now,
            update_time=written.now,
        )

    @property
    def current(self) -> QuoteVersion:
        """Return the version that counts: the last one."""
        return self.versions[-1]

    @property
    def accepted(self) -> QuoteVersion:
        """Return the version that the customer accepted, or refuse with QUOTE_NOT_ACCEPTED."""
        if self.state is not QuoteState.ACCEPTED:
            raise QuoteNotAccepted(self.id, state=self.state.value)
        return self.current

    def revise(self, content: QuoteContent, *, written: Written) -> "Quote":
        """Return the quote with a new version; the former is void then, superseded unless it was void before."""
        self._moved(QuoteVerb.REVISE)
        if len(self.versions) >= MOST_VERSIONS:
            raise InvalidField("quote_id", f"A quote has at most {MOST_VERSIONS} versions: write a new one.")
        last = self.current
        if last.state is not QuoteState.VOID:
            last = _voided(last, QuoteVoidReason.SUPERSEDED, now=written.now)
        new = _version(self.id, content, number=last.number + 1, written=written)
        versions = (*self.versions[:-1], last, new)
        return replace(
            self, versions=versions, state=new.state, sign_by=new.sign_by, update_time=written.now, events=()
        )

    def approve(self, approver: str, *, today: date, now: datetime) -> "Quote":
        """Return the approved quote; the author is refused, and so is a window that is over."""
        moved = self._moved(QuoteVerb.APPROVE)
        if approver == moved.author:
            raise QuoteApproverIsAuthor(self.id)
        self._refuse_expired(today)
        return self._with(replace(moved, approver=approver, approved_time=now), now)

    def send(self, *, today: date, now: datetime) -> "Quote":
        """Return the quote that the customer has."""
        moved = self._moved(QuoteVerb.SEND)
        self._refuse_expired(today)
        return self._with(replace(moved, sent_time=now), now)

    def accept(self, accepted_by: str, number: int, *, today: date, now: datetime) -> "Quote":
        """Return the quote that the customer signed; a version that is not the last one counts no more."""
        name = line(accepted_by, "accepted_by", most=MOST_NAME, least=1)
        if number not in {0, self.current.number}:
            raise SalesTransitionRefused("quote", self.id, state="superseded", verb=QuoteVerb.ACCEPT.value)
        moved = self._moved(QuoteVerb.ACCEPT)
        self._refuse_expired(today)
        accepted = replace(moved, accepted_by=name, accepted_time=now)
        said = QuoteAccepted(
            quote_id=self.id,
            quote_version=accepted.number,
            opportunity_id=self.opportunity_id,
            customer_id=self.customer_id,
            owner_id=self.owner_id,
            title=accepted.title,
            total=accepted.total,
            start_date=accepted.start_date,
            occurred_time=now,
        )
        return replace(self._with(accepted, now), events=(said,))

    def void(self, note: str, *, now: datetime) -> "Quote":
        """Return the quote that somebody called off."""
        why = text(note, "note", most=MOST_REASON, least=1)
        self._moved(QuoteVerb.VOID)
        return self._with(_voided(self.current, QuoteVoidReason.MANUAL, now=now, note=why), now)

    def expire(self, *, today: date, now: datetime) -> "Quote":
        """Return the quote that nobody signed in time, or itself while there is time, or nothing to expire."""
        if (self.state, QuoteVerb.EXPIRE) not in TRANSITIONS or today <= self.sign_by:
            return self
        return self._with(_voided(self.current, QuoteVoidReason.CASCADE_OF_EXPIRED, now=now), now)

    def _moved(self, verb: QuoteVerb) -> QuoteVersion:
        state = TRANSITIONS.get((self.state, verb))
        if state is None:
            raise SalesTransitionRefused("quote", self.id, state=self.state.value, verb=verb.value)
        return replace(self.current, state=state)

    def _refuse_expired(self, today: date) -> None:
        if today > self.sign_by:
            raise QuoteExpired(self.id, sign_by=self.sign_by)

    def _with(self, version: QuoteVersion, now: datetime) -> "Quote":
        versions = (*self.versions[:-1], version)
        return replace(self, versions=versions, state=version.state, update_time=now, events=())


def _version(quote_id: str, content: QuoteContent, *, number: int, written: Written) -> QuoteVersion:
    start = civil_date(content.start_date, "start_date")
    sign_by = civil_date(content.sign_by, "sign_by")
    ids = [derived_id("lin", quote_id, str(number), str(place)) for place in range(len(content.lines))]
    lines = priced(content.lines, content.discount_bps, start=start, ids=ids)
    earliest = min(start, *(each.start_date for each in lines))
    if sign_by >= earliest:
        raise InvalidField("sign_by", f"sign_by must be before {earliest}, the earliest day of the deal.")
    if sign_by < written.today:
        raise InvalidField("sign_by", "sign_by is over already.")
    return QuoteVersion(
        number=number,
        title=line(content.title, "title", most=MOST_TITLE, least=1),
        lines=lines,
        discount_bps=content.discount_bps,
        start_date=start,
        sign_by=sign_by,
        note=text(content.note, "note", most=MOST_NOTE),
        total=total((each.total for each in lines), lines[0].total.currency_code),
        author=written.author,
        create_time=written.now,
    )


def _voided(version: QuoteVersion, reason: QuoteVoidReason, *, now: datetime, note: str = "") -> QuoteVersion:
    return replace(version, state=QuoteState.VOID, void_reason=reason, void_note=note, voided_time=now)
