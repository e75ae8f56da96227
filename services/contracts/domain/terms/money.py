"""Money: whole smallest units of a currency; no float touches it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from services.chassis.errors import InvalidField
from services.contracts.domain.terms.currencies import CURRENCIES, decimals

MOST_PRICE = 10**15
"""No price is above ten trillion yuan: the wire and the database hold the sum of nine thousand such ones."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the smallest unit of its currency (fen, cent, yen). ValueError: two currencies are mixed."""

    currency_code: str
    minor_units: int

    def __add__(self, other: "Money") -> "Money":
        """Return the sum."""
        return Money(self._same(other), self.minor_units + other.minor_units)

    def __sub__(self, other: "Money") -> "Money":
        """Return the difference."""
        return Money(self._same(other), self.minor_units - other.minor_units)

    def __neg__(self) -> "Money":
        """Return the amount the other way round."""
        return Money(self.currency_code, -self.minor_units)

    def __mul__(self, count: int) -> "Money":
        """Return so many times the amount."""
        return Money(self.currency_code, self.minor_units * count)

    def __str__(self) -> str:
        """Return it as people write it: `CNY 1234.50`, `JPY 500`."""
        places = decimals(self.currency_code)
        return f"{self.currency_code} {Decimal(self.minor_units).scaleb(-places):.{places}f}"

    def _same(self, other: "Money") -> str:
        if other.currency_code != self.currency_code:
            raise ValueError(f"{self.currency_code} and {other.currency_code} do not add up.")
        return self.currency_code


def total(amounts: Iterable[Money], currency_code: str) -> Money:
    """Return the sum of amounts of one currency; nothing adds up to zero."""
    return sum(amounts, Money(currency_code, 0))


def rounded(value: Fraction) -> int:
    """Return the nearest whole number; a half goes away from zero, so that a credit mirrors its charge."""
    return _quotient(value.numerator, value.denominator)


def scaled(money: Money, factor: Fraction) -> Money:
    """Return the amount times the factor, rounded half up once, at the end."""
    return portion(money, factor.numerator, of=factor.denominator)


def portion(money: Money, parts: int, *, of: int) -> Money:
    """Return so many parts of the amount, rounded half up once; in whole numbers, for it is done millions of times."""
    return Money(money.currency_code, _quotient(money.minor_units * parts, of))


def split(money: Money, weights: Sequence[int | Fraction]) -> tuple[Money, ...]:
    """Return parts in proportion to the weights that add up to the whole: largest remainder, then the earlier part.

    ValueError: a weight is negative, or all are zero. https://en.wikipedia.org/wiki/Quota_method (Hamilton).
    """
    whole = sum(weights, Fraction(0))
    if whole <= 0 or min(weights) < 0:
        raise ValueError("Weights are not negative, and one is above zero.")
    size, sign = abs(money.minor_units), -1 if money.minor_units < 0 else 1
    shares = [Fraction(size * weight) / whole for weight in weights]
    floors = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: floors[i] - shares[i])
    for i in by_remainder[: size - sum(floors)]:
        floors[i] += 1
    return tuple(Money(money.currency_code, sign * part) for part in floors)


def checked_price(price: Money | None, field: str = "price") -> Money:
    """Return the price of a new contract, or refuse with INVALID_FIELD a currency not in use or an absurd amount.

    Checked once, when it is written: a currency that is given up later must not make old contracts unreadable.
    """
    if price is None:
        raise InvalidField(field, f"{field} is missing.")
    if price.currency_code not in CURRENCIES:
        raise InvalidField(
            f"{field}.currency_code", f"{field}.currency_code must be an ISO 4217 code in use, such as CNY."
        )
    if price.minor_units < 0:
        raise InvalidField(f"{field}.minor_units", f"{field}.minor_units must not be negative.")
    if price.minor_units > MOST_PRICE:
        raise InvalidField(f"{field}.minor_units", f"{field} comes to more than {MOST_PRICE} minor units.")
    return price


def _quotient(numerator: int, denominator: int) -> int:
    half_up = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -half_up if numerator < 0 else half_up
