"""Monthly recurring revenue of a day, and why it changed: five movements that add up to the change.

A contract brings its price divided by the months of its term, exactly: fractions are rounded only where they are
shown. Movements are judged per customer, so the end of one of several contracts is a contraction and no churn, and a
renewal on the next day is no movement at all. A suspended contract brings nothing while it is suspended.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, pairwise

from services.contracts.domain.figures.booked import Agreed, BookedContract
from services.contracts.domain.life_cycle.contract_states import FINAL, ContractState
from services.contracts.domain.terms.money import rounded
from services.contracts.domain.terms.periods import Span, months_in

_DAY = timedelta(days=1)
_BEFORE = frozenset(ContractState) - FINAL - {ContractState.ACTIVE, ContractState.SUSPENDED}
_DAYS_OF_MONTH = Fraction(146_097, 4_800)
"""Days of 400 years of the Gregorian calendar by their months: 30.436875."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movements:
    """By how much recurring revenue changed and why, in smallest units; losses are negative."""

    new: Fraction = Fraction(0)
    """Customers who never paid before."""
    expansion: Fraction = Fraction(0)
    contraction: Fraction = Fraction(0)
    churn: Fraction = Fraction(0)
    """Customers who pay nothing any more."""
    reactivation: Fraction = Fraction(0)
    """Customers who had left and pay again."""

    @property
    def total(self) -> Fraction:
        """The change."""
        return self.new + self.expansion + self.contraction + self.churn + self.reactivation

    def __add__(self, other: "Movements") -> "Movements":
        """Return both together."""
        names = [each.name for each in fields(self)]
        return Movements(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One stretch of days in whole smallest units: opening and the five movements add up to closing, exactly."""

    span: Span
    opening: int
    new: int
    expansion: int
    contraction: int
    churn: int
    reactivation: int
    closing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """Recurring revenue in one currency from the first day to the last, in smallest units a month."""

    span: Span
    opening: Fraction
    """At the end of the day before the first."""
    days: Mapping[date, Movements]
    """The days on which something changed."""
    retained: tuple[tuple[Fraction, Fraction], ...]
    """For each customer who paid at the opening: what then, and what at the closing."""

    @property
    def closing(self) -> Fraction:
        """At the end of the last day."""
        return self.opening + sum((each.total for each in self.days.values()), Fraction(0))

    @property
    def gross_retention(self) -> Fraction | None:
        """The part of the opening that is still there, growth not counted: at most 1. None: nothing was there."""
        kept = sum((min(before, after) for before, after in self.retained), Fraction(0))
        return kept / self.opening if self.opening else None

    @property
    def net_retention(self) -> Fraction | None:
        """What the customers of the opening pay at the closing, by the opening. None: nothing was there."""
        kept = sum((after for _, after in self.retained), Fraction(0))
        return kept / self.opening if self.opening else None

    def row(self, span: Span) -> Row:
        """Return a stretch of the days in whole units.

        Running totals are rounded, not movements: so they add up, and none is off by more than one unit.
        """
        before = sum((moved.total for day, moved in self.days.items() if day < span.start), self.opening)
        moved = sum((each for day, each in self.days.items() if span.holds(day)), Movements())
        steps = (moved.new, moved.expansion, moved.contraction, moved.churn, moved.reactivation)
        running = [rounded(each) for each in accumulate(steps, initial=before)]
        new, expansion, contraction, churn, reactivation = (after - until for until, after in pairwise(running))
        return Row(
            span=span,
            opening=running[0],
            new=new,
            expansion=expansion,
            contraction=contraction,
            churn=churn,
            reactivation=reactivation,
            closing=running[-1],
        )


def monthly(terms: Agreed) -> Fraction:
    """Return what a term brings in a month: its price by its months; a term of other days by its mean months."""
    return terms.price.minor_units / _months(terms.start_date, terms.end_date)


@lru_cache(maxsize=20_000)
def _months(first: date, last: date) -> Fraction:
    """Return the months of a term: a report asks for the same terms again and again."""
    span = Span(first, last)
    months = months_in(span)
    return Fraction(months) if months else span.days / _DAYS_OF_MONTH


def recurring(contracts: Iterable[BookedContract], span: Span, *, known_at: datetime | None) -> Mapping[str, Revenue]:
    """Return the revenue of each currency, by its code in alphabetical order, as known at a moment."""
    changes: dict[str, dict[str, dict[date, Fraction]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(Fraction))
    )
    for contract in contracts:
        known = contract.known(known_at)
        if known is None:
            continue
        for currency, day, change in _changes(known):
            days = changes[currency][known.customer_id]
            days[day] = days[day] + change if day in days else change
    return {currency: _revenue(changes[currency].values(), span) for currency in sorted(changes)}


@dataclass(slots=True)
class _Sum:
    opening: Fraction = Fraction(0)
    days: dict[date, dict[str, Fraction]] = field(default_factory=lambda: defaultdict(dict))
    retained: list[tuple[Fraction, Fraction]] = field(default_factory=list)


def _revenue(customers: Iterable[Mapping[date, Fraction]], span: Span) -> Revenue:
    found = _Sum()
    for changes in customers:
        paid, paid_before, opening = Fraction(0), False, Fraction(0)
        for day in sorted(changes):
            if day > span.end:
                break
            after = paid + changes[day]
            if day < span.start:
                opening = after
            elif after != paid:
                kind = _kind(paid, after, paid_before=paid_before)
                moved = found.days[day]
                moved[kind] = moved[kind] + after - paid if kind in moved else after - paid
            paid, paid_before = after, paid_before or after > 0
        found.opening += opening
        if opening:
            found.retained.append((opening, paid))
    days = {day: Movements(**moved) for day, moved in sorted(found.days.items())}
    return Revenue(span=span, opening=found.opening, days=days, retained=tuple(found.retained))


def _kind(before: Fraction, after: Fraction, *, paid_before: bool) -> str:
    if not before:
        return "reactivation" if paid_before else "new"
    if not after:
        return "churn"
    return "expansion" if after > before else "contraction"


def _changes(contract: BookedContract) -> Iterable[tuple[str, date, Fraction]]:
    """Yield the days on which what one contract brings in a month changes, and by how much."""
    plain = _plain(contract)
    return _day_by_day(contract) if plain is None else plain


def _plain(contract: BookedContract) -> Sequence[tuple[str, date, Fraction]] | None:
    """Return the changes of a contract with one term that came into force once: of nearly all. None: look closer."""
    moves = contract.moves
    ended = len(moves) > 1 and moves[-1].state in FINAL
    last = moves[-2] if ended else moves[-1]
    if last.state is not ContractState.ACTIVE or len(contract.versions) != 1 or contract.termination:
        return None
    if any(each.state not in _BEFORE for each in moves[: -2 if ended else -1]):
        return None
    (terms,) = contract.versions
    first = max(last.effective_date, terms.effective_date, terms.start_date)
    after = terms.end_date + _DAY
    if ended:
        after = min(after, moves[-1].effective_date)
    if first >= after or not terms.price.minor_units:
        return ()
    brings, currency = monthly(terms), terms.price.currency_code
    return ((currency, first, brings), (currency, after, -brings))


def _day_by_day(contract: BookedContract) -> Iterable[tuple[str, date, Fraction]]:
    currency, brought = "", Fraction(0)
    for day in _days_of_change(contract):
        terms = contract.paying_at(day)
        now = monthly(terms) if terms else Fraction(0)
        if terms and terms.price.currency_code != currency:
            if brought:
                yield currency, day, -brought
            currency, brought = terms.price.currency_code, Fraction(0)
        if now != brought:
            yield currency, day, now - brought
        brought = now


def _days_of_change(contract: BookedContract) -> list[date]:
    days = {each.effective_date for each in contract.moves}
    for version in contract.versions:
        days |= {version.effective_date, version.start_date, version.end_date + _DAY}
    if contract.termination:
        days.add(contract.termination.last_date + _DAY)
    return sorted(days)
