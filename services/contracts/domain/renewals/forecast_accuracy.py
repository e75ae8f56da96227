"""How good past forecasts were: the Brier score of likelihoods, the mean absolute percentage error of amounts.

- Brier score: the mean of (f - o)^2 over forecasts f of an event and outcomes o of 1 or 0. G. W. Brier, Verification
  of forecasts expressed in terms of probability, Monthly Weather Review 78 (1950), in its form for two outcomes.
- Mean absolute percentage error: the mean of |actual - forecast| / |actual|. R. J. Hyndman and A. B. Koehler, Another
  look at measures of forecast accuracy, International Journal of Forecasting 22 (2006); undefined for an actual of 0.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.contracts.domain.renewals.renewal_calls import CallCategory
from services.contracts.domain.renewals.renewal_forecast import Expected

_PERCENT, _BAND = 100, 20
_FORECASTS: Mapping[str, frozenset[CallCategory] | None] = {
    "commit": frozenset({CallCategory.COMMIT}),
    "best_case": frozenset({CallCategory.COMMIT, CallCategory.BEST_CASE}),
    "weighted": None,
}
"""By name: the categories that count with their whole amount; None: every renewal with its likelihood."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One forecast and what came of it."""

    expected: Expected
    won: bool
    won_amount: int
    """In smallest units of the forecast's currency; 0 for a renewal that was lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastError:
    """How far one kind of forecast was off in one currency."""

    forecast: str
    currency_code: str
    months: int
    left_out: int
    """Months with a forecast in which nothing was won."""
    mape: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Renewals that were said to be about as likely."""

    from_score: int
    to_score: int
    renewals: int
    won: int
    mean_score: Fraction


def brier(judged: Sequence[tuple[Fraction, bool]]) -> Fraction | None:
    """Return the mean squared distance of probabilities (0 to 1) from outcomes, or None for no forecasts."""
    if not judged:
        return None
    return sum(((said - int(came)) ** 2 for said, came in judged), Fraction(0)) / len(judged)


def mape(pairs: Sequence[tuple[int, int | Fraction]]) -> Fraction | None:
    """Return the mean of |actual - forecast| / |actual| over (actual, forecast), or None where no actual is not 0."""
    errors = [abs(Fraction(said) - actual) / abs(actual) for actual, said in pairs if actual]
    return sum(errors, Fraction(0)) / len(errors) if errors else None


def brier_of(judged: Sequence[Judged]) -> Fraction | None:
    """Return the Brier score of likelihoods."""
    return brier([(Fraction(each.expected.likelihood, _PERCENT), each.won) for each in judged])


def brier_base(judged: Sequence[Judged]) -> Fraction | None:
    """Return the Brier score of always saying the share that was won."""
    share = Fraction(sum(each.won for each in judged), len(judged)) if judged else Fraction(0)
    return brier([(share, each.won) for each in judged])


def errors_of(judged: Iterable[Judged]) -> list[ForecastError]:
    """Return the error of each kind of forecast in each currency; a month is one pair of actual and forecast."""
    by_currency: dict[str, dict[str, list[Judged]]] = defaultdict(lambda: defaultdict(list))
    for each in judged:
        by_currency[each.expected.amount.currency_code][each.expected.month].append(each)
    return [
        _error(name, currency, pairs=[_pair(found, categories) for found in months.values()])
        for currency, months in sorted(by_currency.items())
        for name, categories in _FORECASTS.items()
    ]


def bands_of(judged: Iterable[Judged]) -> list[Band]:
    """Return the bands 0-19, 20-39, 40-59, 60-79 and 80-100 that hold any."""
    groups: dict[int, list[Judged]] = defaultdict(list)
    for each in judged:
        groups[min(each.expected.likelihood // _BAND, _PERCENT // _BAND - 1)].append(each)
    last = _PERCENT // _BAND - 1
    return [
        Band(
            from_score=number * _BAND,
            to_score=_PERCENT if number == last else number * _BAND + _BAND - 1,
            renewals=len(found),
            won=sum(each.won for each in found),
            mean_score=Fraction(sum(each.expected.likelihood for each in found), len(found)),
        )
        for number, found in sorted(groups.items())
    ]


def _pair(found: Sequence[Judged], categories: frozenset[CallCategory] | None) -> tuple[int, int | Fraction]:
    actual = sum(each.won_amount for each in found)
    if categories is None:
        said = sum(
            (Fraction(each.expected.amount.minor_units * each.expected.likelihood, _PERCENT) for each in found),
            Fraction(0),
        )
    else:
        said = Fraction(sum(each.expected.amount.minor_units for each in found if each.expected.category in categories))
    return actual, said


def _error(name: str, currency: str, *, pairs: Sequence[tuple[int, int | Fraction]]) -> ForecastError:
    months = sum(bool(actual) for actual, _ in pairs)
    return ForecastError(
        forecast=name, currency_code=currency, months=months, left_out=len(pairs) - months, mape=mape(pairs)
    )
