"""The contract that an accepted quote leads to: the same price to the cent, in lines for each billing period."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from fractions import Fraction

from services.chassis.errors import InvalidField
from services.contracts.domain.contract_terms import LineDetails, TermsDetails
from services.contracts.domain.money import Money, rounded, total
from services.contracts.domain.periods import add_period
from services.contracts.domain.quote import Quote
from services.contracts.domain.quote_lines import QuoteLine, periods_in
from services.contracts.domain.sales_errors import QuoteHasNothingToPromise
from services.contracts.domain.terms import BillingTerms, Period, PeriodUnit, RenewalTerms

_DAYS = {PeriodUnit.DAY: 1, PeriodUnit.WEEK: 7, PeriodUnit.MONTH: 30, PeriodUnit.QUARTER: 91, PeriodUnit.YEAR: 365}
"""About how long a unit is: only to say which of two periods is the shorter."""


def terms_of(quote: Quote) -> TermsDetails:
    """Return what the contract says; refused with QUOTE_NOT_ACCEPTED, QUOTE_HAS_NO_TERM.

    Lines without a term are sold once: they are for the order. A contract bills all its lines in one rhythm, the
    shortest of the quote's; each line's total is spread over it without losing a cent.
    """
    accepted = quote.accepted
    lines = [each for each in accepted.lines if each.term]
    if not lines:
        raise QuoteHasNothingToPromise(quote.id)
    rhythm = min((each.period or each.term for each in lines if each.term), key=_length)
    start = min(each.start_date for each in lines)
    end = max(each.end_date for each in lines if each.end_date)
    return TermsDetails(
        title=accepted.title,
        start_date=start.isoformat(),
        end_date=end.isoformat(),
        price=total((each.total for each in lines), accepted.total.currency_code),
        lines=tuple(made for each in lines for made in _spread(each, rhythm)),
        billing=BillingTerms(period=rhythm),
        renewal=RenewalTerms(term=max((each.term for each in lines if each.term), key=_length)),
    )


def _length(period: Period) -> int:
    return _DAYS[period.unit] * period.count


def _spread(quoted: QuoteLine, rhythm: Period) -> Iterator[LineDetails]:
    """Yield the line for each period; where cents are left over, the first periods bear one more each."""
    count = _periods(quoted, rhythm)
    if count.denominator > 1:
        yield _line(quoted, rounded(quoted.total.minor_units / count / quoted.quantity), quantity=quoted.quantity)
        return
    each, left_over = divmod(quoted.total.minor_units, count.numerator)
    if not left_over:
        quantity = quoted.quantity if each % quoted.quantity == 0 else 1
        yield _line(quoted, each // quantity, quantity=quantity)
        return
    turn = add_period(quoted.start_date, rhythm, k=left_over)
    day_before = (turn - timedelta(days=1)).isoformat()
    yield _line(quoted, each + 1, days=(quoted.start_date.isoformat(), day_before))
    yield _line(quoted, each, days=(turn.isoformat(), _end(quoted)))


def _periods(quoted: QuoteLine, rhythm: Period) -> Fraction:
    try:
        return periods_in(quoted.term, rhythm)
    except InvalidField:  # days beside months: the line is one price for its whole term
        return Fraction(1)


def _line(quoted: QuoteLine, minor_units: int, *, quantity: int = 1, days: Sequence[str] = ()) -> LineDetails:
    start, end = days or (quoted.start_date.isoformat(), _end(quoted))
    return LineDetails(
        description=quoted.description,
        product_id=quoted.product_id,
        asset_ids=quoted.asset_ids,
        service_types=quoted.service_types,
        quantity=quantity,
        price=Money(quoted.total.currency_code, minor_units),
        start_date=start,
        end_date=end,
    )


def _end(quoted: QuoteLine) -> str:
    return quoted.end_date.isoformat() if quoted.end_date else ""
