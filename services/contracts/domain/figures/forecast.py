"""What the purchase models expect of customers; brings numpy and scipy, so only the job imports it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

import numpy as np

from services.contracts.domain.figures.buying import Buying, Histories, NotFitted
from services.contracts.domain.figures.forecast_shapes import History
from services.contracts.domain.figures.judge_value import Forecast
from services.contracts.domain.figures.spending import Spending, value_ahead
from services.contracts.domain.figures.value_facts import Purchase, Survival
from services.contracts.domain.figures.value_model import ValueModel
from services.contracts.domain.figures.value_policy import BPS, ValuePolicy

_WEEK = 7.0
_WEEKS_OF_YEAR = 365.2425 / _WEEK


def history_of(purchases: Sequence[Purchase], today: date, *, policy: ValuePolicy) -> History | None:
    """Return the history up to today, or None without a purchase in a currency that the policy knows."""
    days: dict[date, Fraction] = {}
    for each in purchases:
        amount = policy.converted(each.amount)
        if amount is not None and each.day <= today:
            days[each.day] = days.get(each.day, Fraction(0)) + amount
    if not days:
        return None
    order = sorted(days)
    repeats = [float(days[day]) for day in order[1:]]
    return History(
        repeats=len(repeats),
        last_weeks=(order[-1] - order[0]).days / _WEEK,
        observed_weeks=(today - order[0]).days / _WEEK,
        average=sum(repeats) / len(repeats) if repeats else 0.0,
        mean=float(sum(days.values())) / len(days),
    )


def fit(histories: Sequence[History], survival: Survival, *, policy: ValuePolicy, now: datetime) -> ValueModel:
    """Return the model of all customers; what cannot be fitted is left empty, and the note says why."""
    notes: list[str] = []
    buying, spending = Buying(0, 0, 0, 0), Spending(0, 0, 0)
    try:
        buying = Buying.fit(_table(histories))
    except NotFitted as error:
        notes.append(f"BG/NBD: {error}")
    try:
        spending = Spending.fit([each.repeats for each in histories], [each.average for each in histories])
    except NotFitted as error:
        notes.append(f"Gamma-Gamma: {error}")
    return ValueModel(
        fitted_time=now,
        policy_version=policy.version,
        customers=len(histories),
        buying=(buying.r, buying.alpha, buying.a, buying.b) if buying.r else (),
        buying_log_likelihood=buying.log_likelihood,
        spending=(spending.p, spending.q, spending.v) if spending.p else (),
        spending_log_likelihood=spending.log_likelihood,
        note=" ".join(notes),
        survival=survival,
    )


def forecasts(histories: Mapping[str, History], model: ValueModel, *, policy: ValuePolicy) -> Mapping[str, Forecast]:
    """Return what is expected of each customer; nothing of anybody where buying could not be fitted.

    Without a model of spending, each purchase is taken to be worth the customer's own mean.
    """
    if not model.buying or not histories:
        return {}
    each, buying = list(histories.values()), Buying(*model.buying)
    table = _table(each)
    amounts = np.array([one.mean for one in each])
    if model.spending:
        amounts = Spending(*model.spending).average(table.repeats, [one.average for one in each])
    turnover = value_ahead(
        buying,
        table,
        amounts=amounts,
        periods=policy.horizon_months,
        length=_WEEKS_OF_YEAR / 12,
        discount=policy.discount_bps / BPS / 12,
    )
    alive, expected = buying.alive(table), buying.purchases(table, _WEEKS_OF_YEAR)
    return {
        customer_id: Forecast(
            alive_permille=round(float(alive[place]) * 1000),
            expected_orders_hundredths=round(float(expected[place]) * 100),
            turnover=round(float(turnover[place])),
        )
        for place, customer_id in enumerate(histories)
    }


def _table(histories: Sequence[History]) -> Histories:
    return Histories.of(
        [each.repeats for each in histories],
        last=[each.last_weeks for each in histories],
        observed=[each.observed_weeks for each in histories],
    )
