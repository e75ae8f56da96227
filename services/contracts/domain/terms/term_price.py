"""What lines cost in a term, by the arithmetic that bills them; so the price of a term is what its lines are billed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from services.contracts.domain.terms.money import Money, total
from services.contracts.domain.terms.periods import Span, whole_tiles
from services.contracts.domain.terms.proration import prorate
from services.contracts.domain.terms.terms import AnchorMode, BillingTerms, ContractLine, TermsVersion


def anchor_day(billing: BillingTerms, *, first: date, start: date) -> date:
    """Return the day that the periods of a term that begins on `start` are counted from.

    That is the first day of the contract's first term, so that a 31st or a 29 February comes back in later terms, too,
    as long as the count from it meets `start`; else `start`.
    """
    if billing.anchor_date:
        return billing.anchor_date
    if first == start or billing.anchor_mode is not AnchorMode.ANNIVERSARY:
        return start
    tile = next(whole_tiles(first, billing.period, mode=billing.anchor_mode, first=start, last=start))
    return first if tile.start == start else start


def term_price(
    lines: Sequence[ContractLine], billing: BillingTerms, *, term: Span, anchor: date, currency: str
) -> Money:
    """Return what the lines cost in a term: every billing period in it, the ones it cuts by the day count."""
    return total((_line_price(line, billing, term=term, anchor=anchor) for line in lines), currency)


def at_its_price(terms: TermsVersion, *, first: date) -> TermsVersion:
    """Return the terms at the price of their lines; without lines, as they are. `first`: see `anchor_day`."""
    if not terms.lines:
        return terms
    price = term_price(
        terms.lines,
        terms.billing,
        term=Span(terms.start_date, terms.end_date),
        anchor=anchor_day(terms.billing, first=first, start=terms.start_date),
        currency=terms.price.currency_code,
    )
    return replace(terms, price=price)


def _line_price(line: ContractLine, billing: BillingTerms, *, term: Span, anchor: date) -> Money:
    own = term.cut(Span(line.start_date or term.start, line.end_date or term.end))
    if own is None:
        return Money(line.price.currency_code, 0)
    return _cost(line.price * line.quantity, billing, own=own, anchor=anchor)


@lru_cache(maxsize=4096)  # a run meets the same price and term again and again
def _cost(price: Money, billing: BillingTerms, *, own: Span, anchor: date) -> Money:
    periods = whole_tiles(anchor, billing.period, mode=billing.anchor_mode, first=own.start, last=own.end)
    parts = ((whole, part) for whole in periods if (part := whole.cut(own)))
    return total(
        (prorate(price, part=part, whole=whole, day_count=billing.day_count).amount for whole, part in parts),
        price.currency_code,
    )
