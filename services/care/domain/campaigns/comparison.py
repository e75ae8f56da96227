"""Whether one way of writing does better than another: a two-proportion test with an interval, which may say no.

Formulas: the pooled two-proportion z test (Fleiss, Levin, Paik: Statistical Methods for Rates and Proportions, 3rd ed.,
section 3.1) and the interval of the difference from two Wilson intervals (Newcombe, Statistics in Medicine 17, 1998,
method 10), which stays within -1 and 1 and holds its level for small shares.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

LEVEL = 0.05
"""How often a difference may be claimed where there is none."""
LEAST_EXPECTED = 5.0
"""Fewer expected successes or failures in a group, and the normal approximation does not hold."""
_NORMAL = NormalDist()


class Verdict(StrEnum):
    """Data: shown to programs; add, never rename."""

    WINNER = "winner"
    NO_DIFFERENCE = "no_difference"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Arm:
    """One way: how many got it, and how many of them did what was hoped for."""

    name: str
    sent: int
    converted: int

    @property
    def rate(self) -> float:
        """The share, 0 to 1; 0 where nobody got it."""
        return self.converted / self.sent if self.sent else 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """The better rate less the other one, with the interval in which the true one lies."""

    better: str
    other: str
    value: float
    low: float
    high: float
    p_value: float
    """How often chance alone gives so large a difference."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What can be said as of now."""

    verdict: Verdict
    winner: str
    """Empty unless the verdict is WINNER."""
    differences: tuple[Difference, ...]
    """The best arm against each other one."""


def compare(arms: Sequence[Arm]) -> Comparison:
    """Compare two ways or more; raises ValueError for fewer.

    The best one wins if it beats each other one at `LEVEL` divided by the number of comparisons (Bonferroni). Nothing
    is said with fewer than `LEAST_EXPECTED` expected successes or failures in any of two arms compared.
    """
    if len(arms) < 2:  # noqa: PLR2004  # a comparison needs two
        raise ValueError("two ways are needed")
    best, *others = sorted(arms, key=lambda arm: (-arm.rate, arm.name))
    level = LEVEL / len(others)
    differences = tuple(difference(best, other, level=level) for other in others)
    if any(_least_expected(best, other) < LEAST_EXPECTED for other in others):
        return Comparison(Verdict.TOO_FEW, "", differences)
    if all(each.p_value < level for each in differences):
        return Comparison(Verdict.WINNER, best.name, differences)
    return Comparison(Verdict.NO_DIFFERENCE, "", differences)


def difference(better: Arm, other: Arm, *, level: float = LEVEL) -> Difference:
    """Return the difference of two rates with its interval at `1 - level`, and the p value of the two-sided test."""
    value = better.rate - other.rate
    (low_1, high_1), (low_2, high_2) = (wilson(arm, level=level) for arm in (better, other))
    low = value - sqrt((better.rate - low_1) ** 2 + (high_2 - other.rate) ** 2)
    high = value + sqrt((high_1 - better.rate) ** 2 + (other.rate - low_2) ** 2)
    return Difference(better.name, other.name, value, max(-1.0, low), min(1.0, high), _p_value(better, other))


def wilson(arm: Arm, *, level: float = LEVEL) -> tuple[float, float]:
    """Return the Wilson score interval of a rate at `1 - level`; 0 to 1 where nobody got the message."""
    if not arm.sent:
        return 0.0, 1.0
    z, n = _NORMAL.inv_cdf(1 - level / 2), arm.sent
    middle = arm.rate + z * z / (2 * n)
    spread = z * sqrt(arm.rate * (1 - arm.rate) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def _p_value(one: Arm, other: Arm) -> float:
    if not one.sent or not other.sent:
        return 1.0
    pooled = (one.converted + other.converted) / (one.sent + other.sent)
    deviation = sqrt(pooled * (1 - pooled) * (1 / one.sent + 1 / other.sent))
    if deviation == 0:
        return 1.0
    return 2 * (1 - _NORMAL.cdf(abs(one.rate - other.rate) / deviation))


def _least_expected(one: Arm, other: Arm) -> float:
    total = one.sent + other.sent
    if not total:
        return 0.0
    pooled = (one.converted + other.converted) / total
    return min(one.sent, other.sent) * min(pooled, 1 - pooled)
