"""Sets the rules of points and tiers, and explains what they lead to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from services.care.domain.loyalty.account import Account
from services.care.domain.loyalty.explanation import TierExplanation, explain_tier
from services.care.domain.loyalty.program import LoyaltyProgram, LoyaltyTerms
from services.care.ports.loyalty import PointsLedger, Programs
from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id


@dataclass(frozen=True, slots=True)
class SetTerms:
    """Sets rules from a day on; accounts are judged by them when that day comes."""

    programs: Programs
    clock: Clock
    time_zone: str

    def __call__(self, terms: LoyaltyTerms, *, by: str, etag: str, request_id: str) -> LoyaltyProgram:
        """Return the program after the change."""
        now = self.clock.now()
        today = now.astimezone(ZoneInfo(self.time_zone)).date()
        return self.programs.change(
            lambda program: program.with_terms(terms, by=by, today=today, now=now),
            etag=etag,
            request_key=request_key("terms", request_id),
        )


@dataclass(frozen=True, slots=True)
class ReadAccounts:
    """Shows accounts as they stand today, whether or not a job has run."""

    ledger: PointsLedger
    programs: Programs
    clock: Clock
    time_zone: str

    def today(self) -> date:
        """Return the company's civil day."""
        return self.clock.now().astimezone(ZoneInfo(self.time_zone)).date()

    def terms(self) -> LoyaltyTerms | None:
        """Return the rules of today."""
        return self.programs.get().terms_at(self.today())

    def judged(self, accounts: Iterable[Account], terms: LoyaltyTerms | None) -> list[Account]:
        """Return the accounts with the tiers of today by these rules."""
        today, now = self.today(), self.clock.now()
        return [account.judged(terms, today=today, now=now) for account in accounts]

    def explain(self, member_id: str) -> tuple[Account, TierExplanation]:
        """Return the account of a member and why its tier is what it is."""
        member = self.ledger.payee(check_id(member_id, "mem", field="member_id"))
        terms = self.terms()
        (account,) = self.judged([self.ledger.account(member)], terms)
        return account, explain_tier(account, terms, today=self.today())
