"""What service costs without cover: the rates of a price list, and the price of a quantity by them."""

from dataclasses import dataclass
from fractions import Fraction

from services.contracts.domain.entitlement.coverage import MINUTES_PER_HOUR, ServiceUnit
from services.contracts.domain.terms.money import Money, scaled


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRates:
    """The prices of one kind of service on the list of a day; None: the list has none."""

    case: Money | None = None
    """Of one case, whatever it takes."""
    hour: Money | None = None
    """Of one hour of labour."""
    visit: Money | None = None
    """Of one visit: the way there and back."""

    def of(self, unit: ServiceUnit) -> Money | None:
        """Return the price of one case, hour or visit."""
        return {ServiceUnit.CASES: self.case, ServiceUnit.MINUTES: self.hour, ServiceUnit.VISITS: self.visit}[unit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A product on the price list that covers a kind of service for those who buy it."""

    product_id: str
    name_en: str
    name_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """What the price list of a day says about one kind of service."""

    rates: ServiceRates = ServiceRates()
    offer: Offer | None = None


def rounded_up(minutes: int, unit_minutes: int) -> int:
    """Return the minutes that are counted: begun units count as whole ones."""
    return -(-minutes // unit_minutes) * unit_minutes


def price_of(quantity: int, unit: ServiceUnit | None, *, rates: ServiceRates) -> Money | None:
    """Return the list price of a quantity, rounded half up once; None where the list has no price for its unit.

    One call for service (no unit) is priced as a case, else as a visit, else as an hour: the first that is listed.
    """
    if unit is None:
        first = rates.case or rates.visit or rates.hour
        return None if first is None else scaled(first, Fraction(quantity))
    rate = rates.of(unit)
    if rate is None:
        return None
    return scaled(rate, Fraction(quantity, MINUTES_PER_HOUR) if unit is ServiceUnit.MINUTES else Fraction(quantity))
