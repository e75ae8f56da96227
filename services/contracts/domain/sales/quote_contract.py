"""The contract that an accepted quote leads to: the same price to the cent, in lines for each billing period."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from math import gcd

from services.contracts.domain.life_cycle.contract_terms import LineDetails, TermsDetails
from services.contracts.domain.sales.quote import Quote
from services.contracts.domain.sales.quote_lines import QuoteLine, length_of, periods_in
from services.contracts.domain.sales.sales_errors import QuoteHasNothingToPromise, QuoteRhythmsDiffer
from services.contracts.domain.terms.money import Money, total
from services.contracts.domain.terms.periods import add_period
from services.contracts.domain.terms.terms import BillingTerms, Period, PeriodUnit, RenewalTerms


def terms_of(quote: Quote) -> TermsDetails:
    """Return what the contract says; refused with QUOTE_NOT_ACCEPTED, QUOTE_HAS_NO_TERM, QUOTE_RHYTHMS_DIFFER.

    Lines without a term are sold once: they are for the order. A contract bills all its lines in one rhythm, the
    longest that is no longer than any period of the quote and that every term is a multiple of; each line's total is
    spread over it without losing a cent. A line that begins off that rhythm has its first and last period prorated.
    """
    accepted = quote.accepted
    lines = [each for each in accepted.lines if each.term]
    if not lines:
        raise QuoteHasNothingToPromise(quote.id)
    rhythm = _rhythm(quote.id, lines)
    start = min(each.start_date for each in lines)
    end = max(each.end_date for each in lines if each.end_date)
    return TermsDetails(
        title=accepted.title,
        start_date=start.isoformat(),
        end_date=end.isoformat(),
        price=total((each.total for each in lines), accepted.total.currency_code),
        lines=tuple(made for each in lines for made in _spread(each, rhythm)),
        billing=BillingTerms(period=rhythm),
        renewal=RenewalTerms(term=max((each.term for each in lines if each.term), key=lambda term: length_of(term)[1])),
    )


def _rhythm(quote_id: str, lines: Sequence[QuoteLine]) -> Period:
    terms = [each.term for each in lines if each.term]
    every = [*terms, *(each.period for each in lines if each.period)]
    kinds = {length_of(each)[0] for each in every}
    if len(kinds) > 1:
        raise QuoteRhythmsDiffer(quote_id)
    shortest = min(every, key=lambda period: length_of(period)[1])
    length = gcd(length_of(shortest)[1], *(length_of(term)[1] for term in terms))
    if length == length_of(shortest)[1]:
        return shortest
    return Period(PeriodUnit.MONTH if kinds == {"months"} else PeriodUnit.DAY, length)


def _spread(quoted: QuoteLine, rhythm: Period) -> Iterator[LineDetails]:
    """Yield the line for each period; where cents are left over, the first periods bear one more each."""
    count = periods_in(quoted.term, rhythm).numerator  # the rhythm divides every term
    each, left_over = divmod(quoted.total.minor_units, count)
    if not left_over:
        quantity = quoted.quantity if each % quoted.quantity == 0 else 1
        yield _line(quoted, each // quantity, quantity=quantity)
        return
    turn = add_period(quoted.start_date, rhythm, k=left_over)
    day_before = (turn - timedelta(days=1)).isoformat()
    yield _line(quoted, each + 1, days=(quoted.start_date.isoformat(), day_before))
    yield _line(quoted, each, days=(turn.isoformat(), _end(quoted)))


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
