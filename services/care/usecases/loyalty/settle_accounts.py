"""Strikes off points that ended and judges tiers anew; killed anywhere, it goes on where it was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.care.domain.loyalty.account import Account
from services.care.domain.loyalty.entry import Entry
from services.care.domain.loyalty.program import LoyaltyTerms
from services.care.ports.loyalty import AccountsStuck, CustomersMembers, PointsLedger, Programs
from services.chassis.clock import Clock

PAGE = 500
_MOST_MEMBERS = 1_000
_Change = tuple[Account, Account, Entry | None]


@dataclass(frozen=True, slots=True)
class SettleAccounts:
    """The nightly work on accounts, in pages that are stored whole or not at all."""

    ledger: PointsLedger
    programs: Programs
    clock: Clock
    time_zone: str
    tell: Callable[[AccountsStuck], None]
    page: int = PAGE

    def __call__(self, holds: Callable[[], bool]) -> int:
        """Settle what is due; return how many accounts were."""
        done, bad = 0, set[str]()
        self.ledger.catch_up()
        while holds():
            now = self.clock.now()
            today = now.astimezone(ZoneInfo(self.time_zone)).date()
            terms = self.programs.get().terms_at(today)
            found = self.ledger.due(today, terms.effective_from if terms else None, most=self.page + len(bad))
            due = [account for account in found if account.id not in bad]
            if not due:
                break
            changes = [_settled(account, terms, today=today, now=now) for account in due]
            try:
                done += len(changes) if self.ledger.settle(changes, day=today, now=now) else 0  # else: look again
            except AccountsStuck as error:
                self.tell(error)
                bad.update(error.member_ids)
        return done


@dataclass(frozen=True, slots=True)
class HearValue:
    """Contracts computed anew what a customer is worth: the tiers of its members may follow."""

    ledger: PointsLedger
    programs: Programs
    members: CustomersMembers
    clock: Clock
    time_zone: str

    def __call__(self, customer_id: str, value_tier: str, *, version: int) -> None:
        """Judge the members of a customer; news that is older than what was heard changes nothing."""
        now = self.clock.now()
        today = now.astimezone(ZoneInfo(self.time_zone)).date()
        terms = self.programs.get().terms_at(today)
        for member_id in self.members.linked_to(customer_id, most=_MOST_MEMBERS):
            self.ledger.change(
                member_id,
                lambda account: account.valued(value_tier, version=version).judged(terms, today=today, now=now),
            )


def _settled(account: Account, terms: LoyaltyTerms | None, *, today: date, now: datetime) -> _Change:
    struck, entry = account.expire(today, now)
    return account, struck.judged(terms, today=today, now=now), entry
