"""What a price becomes by an uplift, or by the ratio of an index to its base."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from services.contracts.domain.terms.money import Money, rounded
from services.contracts.domain.terms.terms import ContractLine, TermsVersion

_WHOLE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far a price in force may move at once, and to what it is rounded."""

    floor_bps: int | None = None
    """The change is at least so many hundredths of a percent; 0: it never falls. None: no floor."""
    cap_bps: int | None = None
    """The change is at most so many hundredths of a percent. None: no cap."""
    round_to: int = 1
    """Prices are whole multiples of so many minor units, a half goes up; floor and cap go before."""


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A price and how it was found, in signs that need no language."""

    price: Money
    formula: str


@dataclass(frozen=True, slots=True)
class BasePrice:
    """The price that was agreed, not escalated, and the day from which it holds."""

    price: Money
    effective_date: date


def uplifted(price: Money, *, bps: int, bounds: Bounds) -> NewPrice:
    """Return the price with so many hundredths of a percent on top; negative ones take away."""
    factor = Fraction(_WHOLE + bps, _WHOLE)
    formula = f"{price} × {_WHOLE + bps}/{_WHOLE}"
    return _new(price.minor_units * factor, price, bounds=bounds, formula=formula)


def escalated(base: Money, *, base_value: Decimal, value: Decimal, in_force: Money, bounds: Bounds) -> NewPrice:
    """Return the base price times the ratio of the index to its value at the base.

    Never the difference of the index on top of a price that is escalated already: 1,000 at 105.65 is 1,081.40 at
    114.25, whatever it was at 110.50 in between. Floor and cap bound the step from the price in force; since the base
    stays, what a cap holds back comes with a later step.
    """
    exact = base.minor_units * (Fraction(value) / Fraction(base_value))
    return _new(exact, in_force, bounds=bounds, formula=f"{base} × {value}/{base_value}")


def base_price(versions: Sequence[TermsVersion], line_id: str, *, escalated_by: frozenset[int]) -> BasePrice | None:
    """Return what was last agreed for a line in the order of versions, leaving out those that an index made."""
    base, last = None, None
    for version in versions:
        line = _line(version, line_id)
        if line is None:
            continue
        if line.price != last and version.number not in escalated_by:
            base = BasePrice(line.price, line.start_date or version.effective_date)
        last = line.price
    return base


def _line(version: TermsVersion, line_id: str) -> ContractLine | None:
    return next((each for each in version.lines if each.id == line_id), None)


def _new(exact: Fraction, in_force: Money, *, bounds: Bounds, formula: str) -> NewPrice:
    unbound = Money(in_force.currency_code, rounded(exact))
    price = Money(in_force.currency_code, _bounded(exact, in_force.minor_units, bounds=bounds))
    return NewPrice(price, f"{formula} = {unbound}{'' if price == unbound else f' → {price}'}")


def _bounded(exact: Fraction, in_force: int, *, bounds: Bounds) -> int:
    """Return the nearest whole multiple within floor and cap; where none lies within, the nearest price that does."""
    least = 0 if bounds.floor_bps is None else ceil(Fraction(in_force * (_WHOLE + bounds.floor_bps), _WHOLE))
    most = None if bounds.cap_bps is None else floor(Fraction(in_force * (_WHOLE + bounds.cap_bps), _WHOLE))
    wanted = max(exact, Fraction(least))
    if most is not None:
        wanted = min(wanted, Fraction(most))
    steps = wanted / bounds.round_to
    for step in (rounded(steps), floor(steps), ceil(steps)):
        price = step * bounds.round_to
        if least <= price and (most is None or price <= most):
            return price
    return rounded(wanted)
