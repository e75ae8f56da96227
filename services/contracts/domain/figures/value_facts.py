"""What the value of a customer is computed from, and plain figures over it."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from services.contracts.domain.figures.booked import Agreed, BookedContract
from services.contracts.domain.figures.recurring import monthly
from services.contracts.domain.figures.served import Served
from services.contracts.domain.figures.value_policy import ValuePolicy
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.periods import Span, add_months, months_in

_DAY = timedelta(days=1)
_PRIOR_RENEWED, _PRIOR_ENDED = 7, 10
"""What we believe of renewals before any was seen: 7 of 10, worth ten terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """An order, or a service that was charged."""

    day: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFacts:
    """One customer, doublets included."""

    customer_id: str
    contracts: tuple[BookedContract, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    served: tuple[Served, ...] = ()

    def first_day(self) -> date | None:
        """Return the day of the first contract or purchase, or None."""
        days = [each.versions[0].start_date for each in self.contracts] + [each.day for each in self.purchases]
        return min(days, default=None)

    def in_force(self, day: date) -> list[tuple[BookedContract, Agreed]]:
        """Return the contracts in force on a day, with their terms."""
        return [(each, terms) for each in self.contracts if (terms := each.paying_at(day))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """How many terms have ended in this company, and how many of these were followed by another."""

    ended: int = 0
    renewed: int = 0

    @property
    def rate(self) -> Fraction:
        """The part of terms that are renewed: what was seen, with ten terms of what is believed beforehand."""
        return Fraction(self.renewed + _PRIOR_RENEWED, self.ended + _PRIOR_ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """Twelve months of one customer, in smallest units of the policy's currency."""

    contracts: Fraction
    purchases: Fraction
    cost: int

    @property
    def turnover(self) -> Fraction:
        """What contracts and purchases brought."""
        return self.contracts + self.purchases


def year_until(facts: CustomerFacts, last: date, *, policy: ValuePolicy) -> Year:
    """Return the twelve months that end with a day; amounts without an exchange rate are left out."""
    span = Span(add_months(last, -12) + _DAY, last)
    brought = (earned(each, span, policy=policy) for each in facts.contracts)
    bought = (policy.converted(each.amount) for each in facts.purchases if span.holds(each.day))
    return Year(
        contracts=sum(brought, Fraction(0)),
        purchases=sum((each for each in bought if each is not None), Fraction(0)),
        cost=sum(policy.cost_of(each) for each in facts.served if span.holds(each.served_time.date())),
    )


def earned(contract: BookedContract, span: Span, *, policy: ValuePolicy) -> Fraction:
    """Return what a contract brought within the days: of each term's price, the days in force by the term's days."""
    days = {span.start, span.end + _DAY} | {each.effective_date for each in contract.moves}
    for version in contract.versions:
        days |= {version.effective_date, version.start_date, version.end_date + _DAY}
    if contract.termination:
        days.add(contract.termination.last_date + _DAY)
    stops = sorted(day for day in days if span.start <= day <= span.end + _DAY)
    brought = Fraction(0)
    for start, after in itertools.pairwise(stops):
        terms = contract.paying_at(start)
        price = policy.converted(terms.price) if terms else None
        if terms and price is not None:
            brought += price * (after - start).days / Span(terms.start_date, terms.end_date).days
    return brought


def expected_of(contract: BookedContract, today: date, *, survival: Survival, policy: ValuePolicy) -> Fraction:
    """Return the present value of what a contract is expected to bring within the horizon.

    Each month ahead brings the monthly price of the current term, times the part of contracts that survive the ends
    of terms until then, discounted. A contract that was terminated, or whose renewal was cancelled, survives no end.
    """
    terms = contract.paying_at(today)
    price = policy.converted(terms.price) if terms else None
    if terms is None or price is None:
        return Fraction(0)
    month = monthly(terms) * price / terms.price.minor_units if terms.price.minor_units else Fraction(0)
    last = min(terms.end_date, contract.termination.last_date) if contract.termination else terms.end_date
    follows = contract.termination is None and contract.renewal_cancelled_time is None
    length = months_in(Span(terms.start_date, terms.end_date)) or 1
    expected = Fraction(0)
    for k, discount in enumerate(policy.discounts):
        ends = _ends_before(add_months(today, k), last, length=length)
        if ends and not follows:
            break
        expected += month * survival.rate**ends * discount
    return expected


def _ends_before(day: date, last: date, *, length: int) -> int:
    """Return how many ends of terms of so many months lie before a day, the first of them at `last`."""
    if day <= last:
        return 0
    months = (day.year - last.year) * 12 + day.month - last.month - (day.day <= last.day)
    return 1 + max(months, 0) // length


def left_out(facts: CustomerFacts, policy: ValuePolicy) -> tuple[str, ...]:
    """Return the currencies that the policy has no rate for, in alphabetical order."""
    moneys: Iterable[Money] = [each.amount for each in facts.purchases] + [
        version.price for each in facts.contracts for version in each.versions
    ]
    return tuple(sorted({each.currency_code for each in moneys if policy.converted(each) is None}))
