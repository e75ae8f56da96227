"""What renewals are expected to bring: the pipeline, the forecast by category, and what a week's snapshot keeps."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from services.contracts.domain.renewals.renewal import Renewal
from services.contracts.domain.renewals.renewal_calls import CallCategory
from services.contracts.domain.renewals.renewal_stages import RenewalStage
from services.contracts.domain.terms.money import Money, rounded

_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What was expected of one open renewal at one moment; a week's snapshot keeps one for each."""

    renewal_id: str
    owner_id: str
    month: str
    term_end: date
    category: CallCategory
    likelihood: int
    due: Money
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastLine:
    """One month, category and currency."""

    month: str
    category: CallCategory
    renewals: int
    due: Money
    amount: Money
    weighted: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineCell:
    """One month, owner and currency."""

    month: str
    owner_id: str
    open: int
    won: int
    lost: int
    due: Money
    won_amount: Money
    needs_leader: int


def expected_of(renewal: Renewal) -> Expected:
    """Return what is expected of an open renewal."""
    return Expected(
        renewal_id=renewal.id,
        owner_id=renewal.owner_id,
        month=renewal.month,
        term_end=renewal.term_end,
        category=renewal.category,
        likelihood=renewal.likelihood.score,
        due=renewal.due_amount,
        amount=renewal.expected,
    )


def forecast(expected: Iterable[Expected]) -> list[ForecastLine]:
    """Return one line for each month, category and currency, in this order."""
    groups: dict[tuple[str, CallCategory, str], list[Expected]] = defaultdict(list)
    for each in expected:
        groups[each.month, each.category, each.amount.currency_code].append(each)
    order = list(CallCategory)
    return [
        ForecastLine(
            month=month,
            category=category,
            renewals=len(found),
            due=_sum(currency, [each.due for each in found]),
            amount=_sum(currency, [each.amount for each in found]),
            weighted=weighted(found, currency),
        )
        for (month, category, currency), found in sorted(
            groups.items(), key=lambda item: (item[0][0], order.index(item[0][1]), item[0][2])
        )
    ]


def weighted(expected: Sequence[Expected], currency_code: str) -> Money:
    """Return each amount times its likelihood, added up exactly and rounded half up once."""
    exact = sum((Fraction(each.amount.minor_units * each.likelihood, _PERCENT) for each in expected), Fraction(0))
    return Money(currency_code, rounded(exact))


def pipeline(renewals: Iterable[Renewal]) -> list[PipelineCell]:
    """Return one cell for each month, owner and currency, in this order."""
    groups: dict[tuple[str, str, str], list[Renewal]] = defaultdict(list)
    for each in renewals:
        groups[each.month, each.owner_id, each.due_amount.currency_code].append(each)
    return [_cell(key, groups[key]) for key in sorted(groups)]


def _cell(key: tuple[str, str, str], found: Sequence[Renewal]) -> PipelineCell:
    month, owner_id, currency = key
    won = [each for each in found if each.stage is RenewalStage.WON]
    return PipelineCell(
        month=month,
        owner_id=owner_id,
        open=sum(each.open for each in found),
        won=len(won),
        lost=sum(each.stage is RenewalStage.LOST for each in found),
        due=_sum(currency, [each.due_amount for each in found]),
        won_amount=_sum(currency, [each.outcome.amount for each in won if each.outcome]),
        needs_leader=sum(bool(each.attention) for each in found),
    )


def _sum(currency_code: str, amounts: Iterable[Money]) -> Money:
    return Money(currency_code, sum(each.minor_units for each in amounts))
