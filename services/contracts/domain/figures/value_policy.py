"""The rules by which customers' value is computed; every number in them is the company's own to set."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property

from services.chassis.errors import InvalidField
from services.contracts.domain.figures.served import Served, ServedKind, Severity
from services.contracts.domain.terms.currencies import CURRENCIES, decimals
from services.contracts.domain.terms.money import Money, rounded

POLICY_ID = "value_policy"
BPS = 10_000
_MOST_AMOUNT = 10**15
_MOST_HORIZON, _MOST_RATES, _MOST_GROWTH = 120, 200, 100_000
_RANGES: Mapping[str, tuple[int, int]] = {
    "contract_margin_bps": (0, BPS),
    "order_margin_bps": (0, BPS),
    "case_low": (0, _MOST_AMOUNT),
    "case_normal": (0, _MOST_AMOUNT),
    "case_high": (0, _MOST_AMOUNT),
    "case_major": (0, _MOST_AMOUNT),
    "visit_cost": (0, _MOST_AMOUNT),
    "horizon_months": (1, _MOST_HORIZON),
    "discount_bps": (0, BPS),
    "high_value_from": (1, _MOST_AMOUNT),
    "growing_from_bps": (1, _MOST_GROWTH),
    "potential_from": (1, _MOST_AMOUNT),
    "at_risk_from": (1, 100),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What one unit of a currency is worth in the policy's, both in main units."""

    currency_code: str
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class ValuePolicy:
    """Amounts are in smallest units of the policy's currency; `bps` are hundredths of a percent."""

    id: str = POLICY_ID
    version: int = 0
    """0: nobody has set it; these are the defaults."""
    currency_code: str = "CNY"
    contract_margin_bps: int = 4_000
    order_margin_bps: int = 2_500
    case_low: int = 5_000
    case_normal: int = 10_000
    case_high: int = 30_000
    case_major: int = 60_000
    visit_cost: int = 8_000
    horizon_months: int = 36
    discount_bps: int = 1_000
    """A year; a twelfth of it counts each month."""
    high_value_from: int = 10_000_000
    growing_from_bps: int = 2_000
    potential_from: int = 2_000_000
    at_risk_from: int = 60
    rates: tuple[Rate, ...] = ()
    update_time: datetime | None = None
    events: tuple[object, ...] = ()

    def checked(self) -> "ValuePolicy":
        """Return the policy, or refuse with INVALID_FIELD and the field's name."""
        if self.currency_code not in CURRENCIES:
            raise InvalidField("policy.currency_code", "policy.currency_code must be an ISO 4217 code in use.")
        for name, (least, most) in _RANGES.items():
            if not least <= getattr(self, name) <= most:
                raise InvalidField(f"policy.{name}", f"policy.{name} must be {least} to {most}.")
        codes = [each.currency_code for each in self.rates]
        if (
            len(codes) > _MOST_RATES
            or len(set(codes)) < len(codes)
            or not set(codes) <= CURRENCIES - {self.currency_code}
        ):
            raise InvalidField("policy.rates", "policy.rates names each other currency in use at most once.")
        return self

    def replaced(self, wanted: "ValuePolicy", *, now: datetime) -> "ValuePolicy":
        """Return the policy with everything that people set taken over."""
        return replace(wanted, id=self.id, version=self.version, update_time=now, events=())

    @cached_property
    def _factors(self) -> Mapping[str, Fraction]:
        own = decimals(self.currency_code)
        known = {self.currency_code: Fraction(1)}
        return known | {
            each.currency_code: Fraction(each.rate) * Fraction(10) ** (own - decimals(each.currency_code))
            for each in self.rates
        }

    def converted(self, money: Money) -> Fraction | None:
        """Return the amount in smallest units of the policy's currency, or None where there is no rate."""
        factor = self._factors.get(money.currency_code)
        return None if factor is None else money.minor_units * factor

    def cost_of(self, served: Served) -> int:
        """Return what a case or visit costs us."""
        if served.kind is ServedKind.VISIT:
            return self.visit_cost
        return {
            Severity.LOW: self.case_low,
            Severity.NORMAL: self.case_normal,
            Severity.HIGH: self.case_high,
            Severity.MAJOR: self.case_major,
        }[served.severity]

    def money(self, amount: Fraction | int) -> Money:
        """Return an amount of the policy's currency, rounded once."""
        return Money(self.currency_code, rounded(Fraction(amount)))

    @cached_property
    def discounts(self) -> tuple[Fraction, ...]:
        """The present value of 1 at the end of each month of the horizon."""
        monthly = 1 + Fraction(self.discount_bps, BPS * 12)
        return tuple(monthly**-k for k in range(1, self.horizon_months + 1))


def read_rate(currency_code: str, text: str) -> Rate:
    """Return an exchange rate, or refuse with INVALID_FIELD what is no positive decimal."""
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal(0)
    if not rate.is_finite() or not Decimal("1e-9") <= rate <= Decimal("1e9"):
        raise InvalidField("policy.rates.rate", "policy.rates.rate must be a decimal above 0, such as 7.12.")
    return Rate(currency_code=currency_code, rate=rate)
