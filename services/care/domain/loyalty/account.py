"""The points and the tier of one member: every verb returns the next account and the line of the ledger it makes."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from services.care.domain.loyalty.entry import Entry, EntryKind, Lot, Posting, entry_id
from services.care.domain.loyalty.events import TierChanged
from services.care.domain.loyalty.months import month_of, within_window
from services.care.domain.loyalty.program import LoyaltyTerms
from services.care.domain.loyalty.refusals import (
    PointsNotEnough,
    PointsNotRedeemed,
    PrivilegeNotOfTier,
    PrivilegeUsedUp,
)
from services.care.domain.loyalty.tiers import TierState, moved
from services.care.domain.span import months_later

_KEPT_MONTHS = 36
_MEANS_RETURN = "return:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Its id is the member's. Lots stand in the order in which they end, those that never end last."""

    id: str
    version: int = 0
    lots: tuple[Lot, ...] = ()
    earned: dict[str, int] = field(default_factory=dict)
    """By `YYYY-MM`."""
    lifetime: int = 0
    entries: int = 0
    tier: TierState = field(default_factory=TierState)
    value_tier: str = ""
    value_version: int = 0
    value_customer_id: str = ""
    """Whose value that is: each customer's versions are counted by themselves."""
    used: dict[str, int] = field(default_factory=dict)
    """Privileges, by `code:YYYY`."""
    next_expiry: date | None = None
    """The first day on which a lot has ended."""
    next_check: date | None = None
    """The first day on which the tier may end."""
    judged_by: date | None = None
    """First day of the rules by which the tier was judged last."""
    update_time: datetime | None = None
    events: tuple[object, ...] = ()

    def balance(self, today: date) -> int:
        """Return what can be used on a day, whether or not the job that strikes off ended lots has run."""
        return sum(lot.points for lot in self.lots if lot.expires_on is None or lot.expires_on >= today)

    def earn(
        self, points: int, posting: Posting, *, terms: LoyaltyTerms | None, expires_on: date | None
    ) -> tuple["Account", Entry]:
        """Add points that count for the tier."""
        ends = expires_on or _end_of_life(posting.today, terms)
        month = month_of(posting.today)
        kept = month_of(months_later(posting.today.replace(day=1), 1 - _KEPT_MONTHS))
        earned = {key: value for key, value in self.earned.items() if key >= kept}
        grown = replace(
            self,
            lots=merged_lots([*self.lots, Lot(points, ends)]),
            earned=earned | {month: earned.get(month, 0) + points},
            lifetime=self.lifetime + points,
        )
        return posted(grown, EntryKind.EARN, points=points, posting=posting, expires_on=ends)

    def redeem(self, points: int, posting: Posting) -> tuple["Account", Entry]:
        """Take points, those that end first from the front, or refuse with POINTS_NOT_ENOUGH."""
        left, taken = self._take(points, posting.today)
        return posted(replace(self, lots=left), EntryKind.REDEEM, points=-points, posting=posting, parts=taken)

    def adjust(self, points: int, posting: Posting, *, terms: LoyaltyTerms | None) -> tuple["Account", Entry]:
        """Put a balance right; what is added counts for no tier."""
        if points < 0:
            left, taken = self._take(-points, posting.today)
            return posted(replace(self, lots=left), EntryKind.ADJUST, points=points, posting=posting, parts=taken)
        ends = _end_of_life(posting.today, terms)
        grown = replace(self, lots=merged_lots([*self.lots, Lot(points, ends)]))
        return posted(grown, EntryKind.ADJUST, points=points, posting=posting, expires_on=ends)

    def give_back(self, redemption: Entry, posting: Posting) -> tuple["Account", Entry]:
        """Return the points of a redemption to the days they ended on; what has ended meanwhile is struck off next."""
        if redemption.kind is not EntryKind.REDEEM:
            raise PointsNotRedeemed(redemption.id)
        grown = replace(self, lots=merged_lots([*self.lots, *redemption.parts]))
        return posted(grown, EntryKind.RETURN, points=-redemption.points, posting=posting)

    def use_privilege(self, code: str, posting: Posting, *, terms: LoyaltyTerms | None) -> tuple["Account", Entry]:
        """Note that a privilege of the tier was used, or refuse."""
        tier = terms.tier(self.tier.code) if terms else None
        privilege = next((each for each in tier.privileges if each.code == code), None) if tier else None
        if privilege is None:
            raise PrivilegeNotOfTier(code, self.tier.code)
        name = use_of(code, posting.today)
        times = self.used.get(name, 0)
        if privilege.per_year and times >= privilege.per_year:
            raise PrivilegeUsedUp(code, privilege.per_year)
        counted = replace(self, used=self.used | {name: times + 1})
        return posted(counted, EntryKind.PRIVILEGE, points=0, posting=replace(posting, reference=code))

    def expire(self, today: date, now: datetime) -> tuple["Account", Entry | None]:
        """Strike off what ended before a day."""
        ended = tuple(lot for lot in self.lots if lot.expires_on is not None and lot.expires_on < today)
        if not ended:
            return self, None
        lost = sum(lot.points for lot in ended)
        # The version tells two runs of one day apart, if a lot that had ended came back between them.
        posting = Posting(key=f"expire:{today}:{self.version}", reason="expired", by="", today=today, now=now)
        rest = replace(self, lots=self.lots[len(ended) :])
        return posted(rest, EntryKind.EXPIRE, points=-lost, posting=posting, parts=ended)

    def valued(self, value_tier: str, *, version: int, customer_id: str) -> "Account":
        """Take over what the member's customer is worth; older news of the same customer changes nothing."""
        if customer_id == self.value_customer_id and version <= self.value_version:
            return self
        return replace(self, value_tier=value_tier, value_version=version, value_customer_id=customer_id)

    def of_nobody_worth(self, customer_id: str) -> "Account":
        """Forget what another customer was worth: of the one that the member belongs to now nothing is known."""
        if self.value_customer_id in {"", customer_id}:
            return self
        return replace(self, value_tier="", value_version=0, value_customer_id="")

    def judged(self, terms: LoyaltyTerms | None, *, today: date, now: datetime) -> "Account":
        """Return the account with the tier it has today, and the days on which to look at it again."""
        if terms is None:
            return replace(self, next_expiry=_first_end(self.lots), next_check=None, judged_by=None)
        points = within_window(self.earned, today, months=terms.window_months)
        tier = moved(self.tier, terms, points=points, value_tier=self.value_tier, today=today)
        lowest = terms.rank(tier.code) == 0
        events = self.events if tier.code == self.tier.code else (*self.events, _changed(self, tier, now=now))
        return replace(
            self,
            tier=tier,
            next_expiry=_first_end(self.lots),
            next_check=None if lowest or tier.protected_until is None else tier.protected_until + timedelta(days=1),
            judged_by=terms.effective_from,
            update_time=now,
            events=events,
        )

    def _take(self, points: int, today: date) -> tuple[tuple[Lot, ...], tuple[Lot, ...]]:
        """Return the lots that are left and those that were taken; lots that have ended stay for the job."""
        if points > self.balance(today):
            raise PointsNotEnough(self.balance(today), points)
        left, taken, wanted = [], [], points
        for lot in self.lots:
            usable = lot.expires_on is None or lot.expires_on >= today
            part = min(lot.points, wanted) if usable else 0
            wanted -= part
            if part:
                taken.append(Lot(part, lot.expires_on))
            if lot.points > part:
                left.append(Lot(lot.points - part, lot.expires_on))
        return tuple(left), tuple(taken)


def return_key(redemption: Entry) -> str:
    """Return the key under which a redemption returns, so that it does once."""
    return f"{_MEANS_RETURN}{redemption.id}"


def use_of(privilege: str, today: date) -> str:
    """Return under which name the uses of a privilege in a calendar year are counted."""
    return f"{privilege}:{today.year}"


def _end_of_life(today: date, terms: LoyaltyTerms | None) -> date | None:
    return months_later(today, terms.points_live_months) if terms and terms.points_live_months else None


def _first_end(lots: tuple[Lot, ...]) -> date | None:
    return lots[0].expires_on + timedelta(days=1) if lots and lots[0].expires_on else None


def merged_lots(lots: list[Lot]) -> tuple[Lot, ...]:
    """Return one lot for each day, in the order in which they end: an account stays small however often it earns."""
    by_end: dict[date | None, int] = {}
    for lot in lots:
        by_end[lot.expires_on] = by_end.get(lot.expires_on, 0) + lot.points
    return tuple(Lot(by_end[end], end) for end in sorted(by_end, key=lambda end: (end is None, end or date.min)))


def _changed(account: Account, tier: TierState, *, now: datetime) -> TierChanged:
    return TierChanged(
        member_id=account.id,
        old_tier=account.tier.code,
        new_tier=tier.code,
        since=tier.since.isoformat() if tier.since else "",
        protected_until=tier.protected_until.isoformat() if tier.protected_until else "",
        reason=tier.reason.value,
        occurred_time=now,
    )


def posted(
    account: Account,
    kind: EntryKind,
    *,
    points: int,
    posting: Posting,
    expires_on: date | None = None,
    parts: tuple[Lot, ...] = (),
) -> tuple[Account, Entry]:
    """Return the account with one more line in its ledger, and that line."""
    entry = Entry(
        id=entry_id(account.id, posting.key),
        member_id=account.id,
        number=account.entries + 1,
        kind=kind,
        points=points,
        balance=account.balance(posting.today),
        key=posting.key,
        reason=posting.reason,
        reference=posting.reference,
        by=posting.by,
        create_time=posting.now,
        expires_on=expires_on,
        parts=parts,
    )
    return replace(account, entries=entry.number, update_time=posting.now), entry
