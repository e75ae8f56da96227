"""What is measured, and how a figure is judged."""

from dataclasses import dataclass
from math import sqrt

from services.chassis.errors import DomainError, Kind

Z_95 = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution: two-sided 95 %."""


class IndicatorNotFound(DomainError):
    kind, reason = Kind.NOT_FOUND, "INDICATOR_NOT_FOUND"

    def __init__(self, key: str) -> None:
        super().__init__(f"There is no indicator {key}. Known are {', '.join(INDICATORS)}.", indicator=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    key: str
    name_en: str
    name_zh: str
    formula_en: str
    formula_zh: str
    unit: str
    minimum_sample: int
    """Below this sample size a value is shown, but not judged."""


CASES_CLOSED_ON_TIME = Indicator(
    key="cases_closed_on_time",
    name_en="Cases closed on time",
    name_zh="按时结案率",
    formula_en="Cases the employee closed in the month not after their deadline, divided by all cases closed.",
    formula_zh="当月该员工按时（不晚于期限）结案的件数 ÷ 当月结案总件数。",
    unit="ratio",
    minimum_sample=5,
)
RETURN_VISITS_ON_TIME = Indicator(
    key="return_visits_on_time",
    name_en="Return visits on time",
    name_zh="回访按时率",
    formula_en=(
        "Return visits of the employee that were due in the month and made by that day, divided by all of them that "
        "were made or are overdue."
    ),
    formula_zh="该员工当月到期的回访中，不晚于到期日完成的件数 ÷ 已完成和已逾期的总件数。",
    unit="ratio",
    minimum_sample=5,
)
RETURN_VISIT_CONTACT_RATE = Indicator(
    key="return_visit_contact_rate",
    name_en="Return visit contact rate",
    name_zh="回访接通率",
    formula_en="Return visits that the employee ended in the month with somebody spoken with, divided by all ended.",
    formula_zh="当月该员工结束的回访中，与客户实际通话或见面的件数 ÷ 结束的总件数。",
    unit="ratio",
    minimum_sample=5,
)
INDICATORS = {
    indicator.key: indicator for indicator in (CASES_CLOSED_ON_TIME, RETURN_VISITS_ON_TIME, RETURN_VISIT_CONTACT_RATE)
}


def find_indicator(key: str) -> Indicator:
    """Return the indicator, or refuse with INDICATOR_NOT_FOUND."""
    if key not in INDICATORS:
        raise IndicatorNotFound(key)
    return INDICATORS[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorValue:
    """An indicator of one employee in one month, `YYYY-MM`."""

    employee_id: str
    indicator: Indicator
    month: str
    numerator: int = 0
    denominator: int = 0

    @property
    def rate(self) -> float | None:
        """Numerator by denominator; None without facts."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def sufficient(self) -> bool:
        """At least the indicator's minimum sample."""
        return self.denominator >= self.indicator.minimum_sample

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson interval of the rate; None without facts."""
        return wilson_interval(self.numerator, self.denominator) if self.denominator else None


def wilson_interval(successes: int, sample: int, *, z: float = Z_95) -> tuple[float, float]:
    """Return the score interval of a proportion; `sample` is at least 1.

    (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n). Source: E. B. Wilson, "Probable Inference, the Law of
    Succession, and Statistical Inference", Journal of the American Statistical Association 22 (1927), 209-212.
    Unlike p ± z·√(p(1-p)/n) it stays within 0 and 1 and means something for five cases.
    """
    rate = successes / sample
    scale = 1 + z * z / sample
    centre = (rate + z * z / (2 * sample)) / scale
    half = z / scale * sqrt(rate * (1 - rate) / sample + z * z / (4 * sample * sample))
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == sample else min(1.0, centre + half)
    return low, high
