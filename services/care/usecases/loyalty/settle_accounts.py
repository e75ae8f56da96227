"""Strikes off points that ended and judges tiers anew; killed anywhere, it goes on where it was."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.care.domain.loyalty.account import Account
from services.care.domain.loyalty.entry import Entry
from services.care.domain.loyalty.program import LoyaltyTerms
from services.care.domain.segments.facts import HeldValue
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


class Valued(NamedTuple):
    """A change of a member's account by what their customer is worth."""

    member_id: str
    customer_id: str
    step: Callable[[Account], Account]


@dataclass(frozen=True, slots=True)
class JudgeValued:
    """Changes accounts, and judges their tiers by the rules of today."""

    ledger: PointsLedger
    programs: Programs
    clock: Clock
    time_zone: str

    def __call__(self, changes: Iterable[Valued]) -> None:
        """Store each change whose member belongs to that customer still."""
        now = self.clock.now()
        today = now.astimezone(ZoneInfo(self.time_zone)).date()
        terms = self.programs.get().terms_at(today)
        for member_id, customer_id, step in changes:
            judged = partial(_judged, step=step, terms=terms, today=today, now=now)
            self.ledger.change(member_id, judged, customer_id=customer_id)


@dataclass(frozen=True, slots=True)
class HearValue:
    """Contracts computed anew what a customer is worth: the tiers of its members may follow."""

    judge: JudgeValued
    members: CustomersMembers

    def __call__(self, customer_id: str, value_tier: str, *, version: int) -> None:
        """Judge the members of a customer; news that is older than what was heard changes nothing."""

        def step(account: Account) -> Account:
            return account.valued(value_tier, version=version, customer_id=customer_id)

        members = self.members.linked_to(customer_id, most=_MOST_MEMBERS)
        self.judge(Valued(member_id, customer_id, step) for member_id in members)


@dataclass(frozen=True, slots=True)
class FollowValue:
    """Lets the tiers of members who came to a customer, or left one, follow what their own customer is worth."""

    judge: JudgeValued
    ledger: PointsLedger

    def __call__(self, members: Mapping[str, str], values: Sequence[HeldValue]) -> None:
        """Judge those of the members, by their customers' ids, whose account tells of another value."""
        worth = {value.id: value for value in values}
        accounts = {account.id: account for account in self.ledger.accounts(list(members))}
        changes = []
        for member_id, customer_id in members.items():
            step = partial(_worth, customer_id=customer_id, value=worth.get(customer_id))
            account = accounts.get(member_id, Account(id=member_id))
            if step(account) is not account:
                changes.append(Valued(member_id, customer_id, step))
        if changes:
            self.judge(changes)


def _judged(
    account: Account,
    *,
    step: Callable[[Account], Account],
    terms: LoyaltyTerms | None,
    today: date,
    now: datetime,
) -> Account:
    return step(account).judged(terms, today=today, now=now)


def _worth(account: Account, *, customer_id: str, value: HeldValue | None) -> Account:
    if value is None:
        return account.of_nobody_worth(customer_id)
    tier = f"CUSTOMER_TIER_{value.tier.upper()}"
    return account.valued(tier, version=value.seq, customer_id=customer_id)


def _settled(account: Account, terms: LoyaltyTerms | None, *, today: date, now: datetime) -> _Change:
    struck, entry = account.expire(today, now)
    return account, struck.judged(terms, today=today, now=now), entry
