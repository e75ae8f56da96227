"""Judges what a customer is worth: value, risk, tier and stage, each with its reasons.

Every point of the risk stands in one table below. The tier is the first that fits of: at risk, high value, growing,
stable, potential. Nothing here is learned: a person can follow each step.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from services.contracts.domain.customers.customer import CustomerStage, CustomerTier
from services.contracts.domain.figures.booked import Agreed, BookedContract
from services.contracts.domain.figures.customer_value import Judgement
from services.contracts.domain.figures.value_facts import (
    CustomerFacts,
    Survival,
    Year,
    expected_of,
    left_out,
    year_until,
)
from services.contracts.domain.figures.value_policy import BPS, ValuePolicy
from services.contracts.domain.figures.value_reasons import Because, Reason, reason
from services.contracts.domain.terms.money import rounded
from services.contracts.domain.terms.periods import add_months

_DAY = timedelta(days=1)
_ENDING = timedelta(days=90)
_LOOK_BACK = timedelta(days=180)
_POINTS_NOTHING_IN_FORCE, _POINTS_ENDING, _POINTS_CANCELLED, _POINTS_FALLING, _POINTS_STOPPED = 50, 20, 40, 15, 40
_POINTS_COMPLAINT, _MOST_COMPLAINT = 10, 30
_POINTS_LATE, _MOST_LATE = 5, 15
_POINTS_DISSATISFIED, _MOST_DISSATISFIED = 15, 30
_ALIVE_BELOW, _GONE_BELOW = 300, 100
"""In thousandths: below the first a customer who bought is at risk, below the second it is lost."""
_NEW_MONTHS = 6
_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What the purchase models expect of one customer."""

    alive_permille: int
    expected_orders_hundredths: int
    turnover: int
    """Present value of purchases within the horizon, in smallest units of the policy's currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is the same for every customer judged today."""

    today: date
    policy: ValuePolicy
    survival: Survival


def judge(facts: CustomerFacts, forecast: Forecast | None, *, given: Circumstances) -> Judgement:
    """Return what a customer is worth; `forecast` is None without purchases, or where no model could be fitted."""
    policy = given.policy
    year = year_until(facts, given.today, policy=policy)
    before = year_until(facts, add_months(given.today, -12), policy=policy)
    growth = (year.turnover - before.turnover) / before.turnover if before.turnover else None
    contract_margin = policy.money(year.contracts * policy.contract_margin_bps / BPS)
    order_margin = policy.money(year.purchases * policy.order_margin_bps / BPS)
    cost = policy.money(year.cost)
    expected = (expected_of(each, given.today, survival=given.survival, policy=policy) for each in facts.contracts)
    seen = _Seen(facts, forecast, given, year, growth, (contract_margin + order_margin - cost).minor_units)
    risks = list(_risks(seen))
    risk = min(_WHOLE, sum(each.risk_points for each in risks))
    contract_potential = policy.money(sum(expected, Fraction(0)) * policy.contract_margin_bps / BPS)
    order_potential = policy.money(Fraction(forecast.turnover if forecast else 0) * policy.order_margin_bps / BPS)
    potential = (contract_potential + order_potential).minor_units
    tier, why = _tier(seen, risk=risk, potential=potential)
    first = risks if tier is CustomerTier.AT_RISK else []
    rest = [] if first else risks
    return Judgement(
        tier=tier,
        stage=_stage(seen, risk=risk),
        risk=risk,
        current_value=contract_margin + order_margin - cost,
        contract_margin=contract_margin,
        order_margin=order_margin,
        cost_to_serve=cost,
        contract_potential=contract_potential,
        order_potential=order_potential,
        alive_permille=forecast.alive_permille if forecast else None,
        expected_orders_hundredths=forecast.expected_orders_hundredths if forecast else None,
        reasons=(*first, *why, *rest, *_notes(seen)),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    facts: CustomerFacts
    forecast: Forecast | None
    given: Circumstances
    year: Year
    growth: Fraction | None
    current: int


def _risks(seen: _Seen) -> Iterable[Reason]:
    facts, today = seen.facts, seen.given.today
    standing = facts.in_force(today)
    if facts.contracts and not standing and not _ahead(facts, today):
        last = max(_last_day(each) for each in facts.contracts)
        yield reason(Because.NOTHING_IN_FORCE, points=_POINTS_NOTHING_IN_FORCE, day=last)
    ending = [
        each
        for each in standing
        if each[1].end_date <= today + _ENDING and not _followed(facts, each[0], terms=each[1])
    ]
    leaving = [each for each in ending if _leaves(each[0])]
    leaving += [each for each in standing if each not in ending and each[0].termination]
    if leaving:
        yield reason(Because.RENEWAL_CANCELLED, points=_POINTS_CANCELLED, count=len(leaving))
    if open_ones := len([each for each in ending if each not in leaving]):
        yield reason(Because.CONTRACT_ENDING, points=_POINTS_ENDING, count=open_ones, day=today + _ENDING)
    if seen.growth is not None and seen.growth <= Fraction(-seen.given.policy.growing_from_bps, BPS):
        yield reason(Because.TURNOVER_FALLING, points=_POINTS_FALLING, percent=rounded(-seen.growth * _WHOLE))
    yield from _service_risks(seen)
    alive = seen.forecast.alive_permille if seen.forecast else None
    if alive is not None and alive < _ALIVE_BELOW and not standing:
        day = max(each.day for each in facts.purchases)
        yield reason(Because.PURCHASES_STOPPED, points=_POINTS_STOPPED, percent=alive // 10, day=day)


def _service_risks(seen: _Seen) -> Iterable[Reason]:
    since = seen.given.today - _LOOK_BACK
    served = [each for each in seen.facts.served if since < each.served_time.date() <= seen.given.today]
    for because, count, each, most in (
        (Because.COMPLAINTS, sum(one.complaint for one in served), _POINTS_COMPLAINT, _MOST_COMPLAINT),
        (Because.LATE_CASES, sum(not one.on_time for one in served), _POINTS_LATE, _MOST_LATE),
        (
            Because.DISSATISFIED_VISITS,
            sum(one.dissatisfied for one in served),
            _POINTS_DISSATISFIED,
            _MOST_DISSATISFIED,
        ),
    ):
        if count:
            yield reason(because, points=min(most, count * each), count=count)


def _tier(seen: _Seen, *, risk: int, potential: int) -> tuple[CustomerTier, list[Reason]]:
    policy = seen.given.policy
    amount = policy.money(seen.current)
    if risk >= policy.at_risk_from and seen.facts.first_day() is not None:
        return CustomerTier.AT_RISK, [_standing_value(seen)]
    if seen.current >= policy.high_value_from:
        least = policy.money(policy.high_value_from)
        return CustomerTier.HIGH_VALUE, [reason(Because.HIGH_CURRENT_VALUE, amount=amount, least=least)]
    if _grows(seen):
        return CustomerTier.GROWING, [_growth(seen), _standing_value(seen)]
    if potential >= policy.potential_from > seen.current:
        expected = policy.money(potential)
        words = reason(Because.HIGH_POTENTIAL, amount=expected, months=policy.horizon_months)
        return CustomerTier.POTENTIAL, [words]
    if seen.year.turnover or seen.current:
        return CustomerTier.STABLE, [_standing_value(seen)]
    empty = Because.NOTHING_YET if seen.facts.first_day() is None else Because.LITTLE_SO_FAR
    return CustomerTier.POTENTIAL, [reason(empty)]


def _stage(seen: _Seen, *, risk: int) -> CustomerStage:
    first, today = seen.facts.first_day(), seen.given.today
    if first is None:
        return CustomerStage.PROSPECT
    bound = bool(seen.facts.in_force(today)) or _ahead(seen.facts, today)
    alive = seen.forecast.alive_permille if seen.forecast else 0
    buys = bool(seen.facts.purchases) and (alive >= _GONE_BELOW or bool(seen.year.purchases))
    if not bound and not buys:
        return CustomerStage.LOST
    if risk >= seen.given.policy.at_risk_from:
        return CustomerStage.AT_RISK
    if first > add_months(today, -_NEW_MONTHS):
        return CustomerStage.ESTABLISHING
    return CustomerStage.DEVELOPING if _grows(seen) else CustomerStage.STABLE


def _standing_value(seen: _Seen) -> Reason:
    policy = seen.given.policy
    if seen.current < 0:
        return reason(Because.COSTS_MORE_THAN_IT_BRINGS, amount=policy.money(-seen.current))
    return reason(Because.VALUE_STEADY, amount=policy.money(seen.current))


def _grows(seen: _Seen) -> bool:
    return seen.growth is not None and seen.growth >= Fraction(seen.given.policy.growing_from_bps, BPS)


def _growth(seen: _Seen) -> Reason:
    return reason(Because.TURNOVER_GROWING, percent=rounded((seen.growth or Fraction(0)) * _WHOLE))


def _notes(seen: _Seen) -> Iterable[Reason]:
    if seen.facts.purchases and seen.forecast is None:
        yield reason(Because.NO_FORECAST_OF_ORDERS)
    if missing := left_out(seen.facts, seen.given.policy):
        yield reason(Because.CURRENCY_WITHOUT_RATE, currencies=", ".join(missing))


def _ahead(facts: CustomerFacts, today: date) -> bool:
    """Say whether a signed contract will begin."""
    return any(each.versions[0].start_date > today and not each.termination for each in facts.contracts)


def _followed(facts: CustomerFacts, contract: BookedContract, *, terms: Agreed) -> bool:
    """Say whether the next term is agreed, in this contract or its successor."""
    after = terms.end_date + _DAY
    return any(each.start_date == after for each in contract.versions) or any(
        each.predecessor_id == contract.id for each in facts.contracts
    )


def _leaves(contract: BookedContract) -> bool:
    return contract.termination is not None or contract.renewal_cancelled_time is not None


def _last_day(contract: BookedContract) -> date:
    last = max(each.end_date for each in contract.versions)
    return min(last, contract.termination.last_date) if contract.termination else last
