"""The contract that an accepted quote leads to: the same price to the cent, in lines for each billing period."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import gcd

from services.contracts.domain.life_cycle.contract_terms import LineDetails, TermsDetails
from services.contracts.domain.sales.quote import Quote
from services.contracts.domain.sales.quote_lines import QuoteLine, length_of, periods_in
from services.contracts.domain.sales.sales_errors import QuoteHasNothingToPromise, QuoteRhythmsDiffer
from services.contracts.domain.terms.money import Money, total
from services.contracts.domain.terms.periods import Span, add_period, whole_tiles
from services.contracts.domain.terms.proration import prorate
from services.contracts.domain.terms.terms import BillingTerms, Period, PeriodUnit, RenewalTerms

_DAY = timedelta(days=1)


def terms_of(quote: Quote) -> TermsDetails:
    """Return what the contract says; refused with QUOTE_NOT_ACCEPTED, QUOTE_HAS_NO_TERM, QUOTE_RHYTHMS_DIFFER.

    Lines without a term are sold once: they are for the order. A contract bills all its lines in one rhythm, the
    longest that is no longer than any period of the quote and that every term is a multiple of; each line's total is
    spread over it without losing a cent. A line that begins off that rhythm has its first and last period prorated;
    one period bears what that costs more or less, so that what is billed is what was signed.
    """
    accepted = quote.accepted
    lines = [each for each in accepted.lines if each.term]
    if not lines:
        raise QuoteHasNothingToPromise(quote.id)
    rhythm = _rhythm(quote.id, lines)
    start, billing = min(each.start_date for each in lines), BillingTerms(period=rhythm)
    end = max(each.end_date for each in lines if each.end_date)
    return TermsDetails(
        title=accepted.title,
        start_date=start.isoformat(),
        end_date=end.isoformat(),
        price=total((each.total for each in lines), accepted.total.currency_code),
        lines=tuple(made for each in lines for made in _made_up(each, billing, anchor=start)),
        billing=billing,
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


def _made_up(quoted: QuoteLine, billing: BillingTerms, *, anchor: date) -> Iterator[LineDetails]:
    """Yield the lines that are billed the line's total, whatever day its periods begin on."""
    spread = list(_spread(quoted, billing.period))
    parts = [
        _Part(place, part, whole)
        for place, each in enumerate(spread)
        for whole in whole_tiles(
            anchor, billing.period, mode=billing.anchor_mode, first=_days(each).start, last=_days(each).end
        )
        if (part := whole.cut(_days(each)))
    ]
    costs = [each.cost(_price(spread[each.place]), billing) for each in parts]
    short = quoted.total.minor_units - sum(costs)
    longest = max(range(len(parts)), key=lambda at: parts[at].days.days)
    for place, each in enumerate(spread):
        if short and place == parts[longest].place:
            yield from _carved(each, parts[longest], billing=billing, amount=costs[longest] + short)
        else:
            yield each


@dataclass(frozen=True, slots=True)
class _Part:
    """The days of a line in one period."""

    place: int
    """Of the line."""
    days: Span
    whole: Span

    def cost(self, price: Money, billing: BillingTerms) -> int:
        return prorate(price, part=self.days, whole=self.whole, day_count=billing.day_count).amount.minor_units


def _carved(line: LineDetails, part: _Part, *, billing: BillingTerms, amount: int) -> Iterator[LineDetails]:
    """Yield the line in pieces, of which the part costs the amount; a part never costs more than its whole."""
    days, currency = _days(line), _price(line).currency_code
    most = (abs(amount) + 1) * (part.whole.days + 1)
    price = bisect_left(range(most), amount, key=lambda units: part.cost(Money(currency, units), billing))
    if days.start < part.days.start:
        yield replace(line, end_date=(part.days.start - _DAY).isoformat())
    own = replace(line, quantity=1, price=Money(currency, price))
    yield replace(own, start_date=part.days.start.isoformat(), end_date=part.days.end.isoformat())
    if part.days.end < days.end:
        yield replace(line, start_date=(part.days.end + _DAY).isoformat())


def _days(line: LineDetails) -> Span:
    return Span(date.fromisoformat(line.start_date), date.fromisoformat(line.end_date))


def _price(line: LineDetails) -> Money:
    assert line.price is not None  # noqa: S101  # `_line` sets it
    return line.price * line.quantity


def _spread(quoted: QuoteLine, rhythm: Period) -> Iterator[LineDetails]:
    """Yield the line for each period; where cents are left over, the first periods bear one more each."""
    count = periods_in(quoted.term, rhythm).numerator  # the rhythm divides every term
    each, left_over = divmod(quoted.total.minor_units, count)
    if not left_over:
        quantity = quoted.quantity if each % quoted.quantity == 0 else 1
        yield _line(quoted, each // quantity, quantity=quantity)
        return
    turn = add_period(quoted.start_date, rhythm, k=left_over)
    day_before = (turn - _DAY).isoformat()
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
