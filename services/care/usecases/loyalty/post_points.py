"""Moves points: every call carries a key of the caller's, so that a repeat moves nothing twice."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from services.care.domain.loyalty.account import Account, return_key
from services.care.domain.loyalty.entry import Claim, Entry, EntryKind, Posting
from services.care.domain.loyalty.program import MOST_POINTS, LoyaltyTerms
from services.care.ports.loyalty import PointsLedger, Programs
from services.chassis import checks
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id

MOST_KEY, MOST_REASON, MOST_REFERENCE = 100, 200, 100
_Verb = Callable[[Account, Posting, LoyaltyTerms | None], tuple[Account, Entry]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a caller wants to have posted."""

    member_id: str
    key: str
    reason: str
    by: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PostPoints:
    """Earns, redeems, corrects, returns points and uses privileges; the tier follows in the same write."""

    ledger: PointsLedger
    programs: Programs
    clock: Clock
    time_zone: str

    def earn(self, order: Order, points: int, *, expires_on: date | None) -> tuple[Account, Entry]:
        """Add points."""
        _check_amount(points, 1)
        if expires_on is not None and expires_on < self._today():
            raise InvalidField("expires_on", "expires_on lies in the past.")
        claim = Claim(
            key=order.key, kind=EntryKind.EARN, points=points, reference=order.reference, expires_on=expires_on
        )
        return self._post(
            order,
            claim,
            verb=lambda account, posting, terms: account.earn(points, posting, terms=terms, expires_on=expires_on),
        )

    def redeem(self, order: Order, points: int) -> tuple[Account, Entry]:
        """Take points, or refuse with POINTS_NOT_ENOUGH."""
        _check_amount(points, 1)
        claim = Claim(key=order.key, kind=EntryKind.REDEEM, points=-points, reference=order.reference)
        return self._post(order, claim, verb=lambda account, posting, _: account.redeem(points, posting))

    def adjust(self, order: Order, points: int) -> tuple[Account, Entry]:
        """Put a balance right."""
        _check_amount(points, -MOST_POINTS)
        claim = Claim(key=order.key, kind=EntryKind.ADJUST, points=points, reference=order.reference)
        return self._post(
            order, claim, verb=lambda account, posting, terms: account.adjust(points, posting, terms=terms)
        )

    def give_back(self, entry_id: str, reason: str, *, by: str) -> tuple[Account, Entry]:
        """Take a redemption back."""
        redemption = self.ledger.entry(check_id(entry_id, "pnt", field="entry_id"))
        order = Order(
            member_id=redemption.member_id,
            key=return_key(redemption),
            reason=reason,
            by=by,
            reference=redemption.reference,
        )
        claim = Claim(key=order.key, kind=EntryKind.RETURN, points=-redemption.points, reference=redemption.reference)
        return self._post(order, claim, verb=lambda account, posting, _: account.give_back(redemption, posting))

    def use_privilege(self, order: Order, privilege: str) -> tuple[Account, Entry]:
        """Note that a privilege was used."""
        return self._post(
            replace(order, reason=order.reason or privilege),
            Claim(key=order.key, kind=EntryKind.PRIVILEGE, reference=privilege),
            verb=lambda account, posting, terms: account.use_privilege(privilege, posting, terms=terms),
        )

    def _post(self, order: Order, claim: Claim, *, verb: _Verb) -> tuple[Account, Entry]:
        asked = check_id(order.member_id, "mem", field="member_id")
        now, today = self.clock.now(), self._today()
        posting = Posting(
            key=checks.line(order.key, "key", least=1, most=MOST_KEY),
            reason=checks.line(order.reason, "reason", least=1, most=MOST_REASON),
            reference=checks.line(order.reference, "reference", most=MOST_REFERENCE),
            by=order.by,
            today=today,
            now=now,
        )
        terms = self.programs.get().terms_at(today)

        def step(account: Account) -> tuple[Account, Entry]:
            changed, entry = verb(account.judged(terms, today=today, now=now), posting, terms)
            return changed.judged(terms, today=today, now=now), entry

        return self.ledger.post(asked, replace(claim, key=posting.key), step=step)

    def _today(self) -> date:
        return self.clock.now().astimezone(ZoneInfo(self.time_zone)).date()


def _check_amount(points: int, least: int) -> None:
    if not least <= points <= MOST_POINTS or points == 0:
        raise InvalidField("points", f"points must be {least} to {MOST_POINTS}, and not 0.")
