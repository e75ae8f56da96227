"""The term that follows: its days counted from the first anchor, its lines, and its price by the agreed rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from services.contracts.domain.billing.billing_errors import IndexValueMissing
from services.contracts.domain.billing.escalation import BasePrice, Bounds, NewPrice, base_price, escalated, uplifted
from services.contracts.domain.billing.price_index import IndexValue, PriceIndex
from services.contracts.domain.billing.repricing import made_by_index
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.renewals.notice_policies import OPEN_ENDED_NOTICE, policy_of
from services.contracts.domain.renewals.renewals_errors import TermNotPriceable
from services.contracts.domain.terms.money import Money, scaled
from services.contracts.domain.terms.periods import Span, add_period, months_in, whole_tiles
from services.contracts.domain.terms.term_price import anchor_day, term_price
from services.contracts.domain.terms.terms import (
    AnchorMode,
    ContractLine,
    Period,
    PeriodUnit,
    PriceChange,
    RenewalKind,
    RenewalTerms,
    TermsVersion,
)

_DAY = timedelta(days=1)
_BPS = 10_000
_MONTH = Period(PeriodUnit.MONTH, 1)
_LAG_MONTHS = 3
"""An index of a month is published some weeks after it: three months before a day its value is known."""
_MOST_NOTICE_DAYS = 31
"""The days of the longest month: a notice of more than these is longer than one month."""
_UNIT_DAYS = {PeriodUnit.DAY: 1, PeriodUnit.WEEK: 7, PeriodUnit.MONTH: 30, PeriodUnit.QUARTER: 91, PeriodUnit.YEAR: 365}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """What was looked up for the price of the next term."""

    index: PriceIndex | None = None
    """The one that the contract goes by, for `INDEX`. None: there is no such index."""
    list_prices: Mapping[str, Money] = field(default_factory=dict)
    """Of one unit for one billing period, by product, for `LIST`."""


@dataclass(frozen=True, slots=True)
class NextTerm:
    """What the contract would go on with, and how its price was found, in signs that need no language."""

    terms: TermsVersion
    formula: str


def renewal_rule(contract: Contract) -> RenewalTerms:
    """Return how the contract goes on by law: what was agreed, or less, where the law allows only an open end."""
    agreed = contract.renewal
    policy = policy_of(contract.jurisdiction, consumer=contract.consumer)
    if not policy.open_ended_only or agreed.kind is not RenewalKind.AUTO:
        return agreed
    long = agreed.notice.count * _UNIT_DAYS[agreed.notice.unit] > _MOST_NOTICE_DAYS
    return replace(agreed, kind=RenewalKind.EVERGREEN, term=_MONTH, notice=OPEN_ENDED_NOTICE if long else agreed.notice)


def next_span(contract: Contract) -> Span:
    """Return the days of the term after the current one.

    Where the terms so far are whole periods of the contract's first day, it is counted from that day: a term that
    began on the 31st does so again after a February. Else it is counted from its own first day.
    """
    term, start = renewal_rule(contract).term, contract.end_date + _DAY
    anchor = contract.versions[0].start_date
    here = next(
        (each for each in whole_tiles(anchor, term, mode=AnchorMode.ANNIVERSARY, first=start, last=start)), None
    )
    if here is not None and here.start == start:
        return here
    return Span(start, add_period(start, term, k=1) - _DAY)


def next_term(contract: Contract, quotes: Quotes) -> NextTerm:
    """Return the terms of the next term, or refuse with TERM_NOT_PRICEABLE.

    With lines the price is what they are billed in the term; one that was agreed as a whole is scaled by the length of
    the term. Either way a year costs twelve months, not one. An index moves what was agreed, from the day it holds,
    and never a price that an index has made of it: chained steps come to the ratio of the index to its base.
    """
    span, lines = next_span(contract), tuple[ContractLine, ...]()
    if contract.lines:
        kept = [each for each in contract.lines if each.end_date is None or each.end_date >= contract.end_date]
        found = [_line_price(contract, each, quotes=quotes, on=span.start) for each in kept]
        lines = tuple(_whole(line, new.price) for line, new in zip(kept, found, strict=True))
        anchor = anchor_day(contract.billing, first=contract.versions[0].start_date, start=span.start)
        price = term_price(lines, contract.billing, term=span, anchor=anchor, currency=contract.price.currency_code)
        parts = " + ".join(f"{line.quantity} × {new.formula}" for line, new in zip(kept, found, strict=True))
        period = contract.billing.period
        formula = f"{price} = Σ {period.count} {period.unit}: {parts or '0'}"
    else:
        price, formula = _whole_price(contract, quotes, span=span)
    terms = replace(
        contract.terms,
        start_date=span.start,
        end_date=span.end,
        effective_date=span.start,
        price=price,
        lines=lines,
        renewal=renewal_rule(contract),
        reason=formula,
        text_sha256="",
    )
    return NextTerm(terms, formula)


def length_ratio(old: Span, new: Span) -> Fraction:
    """Return how much longer a term is: in months where both are whole months, else in days."""
    before, after = months_in(old), months_in(new)
    return Fraction(after, before) if before and after else Fraction(new.days, old.days)


def _line_price(contract: Contract, line: ContractLine, *, quotes: Quotes, on: date) -> NewPrice:
    """Return what one unit of a line costs for one billing period of the term that begins on a day."""
    change = contract.renewal.price_change
    if change is PriceChange.LIST:
        listed = quotes.list_prices.get(line.product_id)
        if listed is None:
            raise TermNotPriceable(contract.id, because=f"no list price for {line.product_id or line.description}.")
        return NewPrice(listed, str(listed))
    if change is PriceChange.UPLIFT:
        new = uplifted(line.price, bps=contract.renewal.uplift_bps, bounds=Bounds())
        return NewPrice(new.price, f"({new.formula})")
    if change is PriceChange.INDEX:
        agreed = base_price(contract.versions, line.id, escalated_by=made_by_index(contract))
        base = agreed or BasePrice(line.price, contract.start_date)
        before, after = _index_values(contract, quotes, base=base.effective_date, on=on)
        new = escalated(base.price, base_value=before.value, value=after.value, in_force=line.price, bounds=Bounds())
        return NewPrice(new.price, f"({new.formula}) ({contract.renewal.index_id} {after.month}/{before.month})")
    return NewPrice(line.price, str(line.price))


def _whole_price(contract: Contract, quotes: Quotes, *, span: Span) -> tuple[Money, str]:
    """Return what a term costs that was agreed as a whole, and how that was found."""
    change, base, factor, sign = contract.renewal.price_change, contract.terms, Fraction(1), ""
    if change is PriceChange.LIST:
        raise TermNotPriceable(contract.id, because="it goes by the price list and has no lines.")
    if change is PriceChange.UPLIFT:
        factor = Fraction(_BPS + contract.renewal.uplift_bps, _BPS)
        sign = f" × {_BPS + contract.renewal.uplift_bps}/{_BPS}"
    if change is PriceChange.INDEX:
        moved = made_by_index(contract)
        base = next(each for each in reversed(contract.versions) if each.number not in moved)
        before, after = _index_values(contract, quotes, base=base.start_date, on=span.start)
        factor = Fraction(after.value) / Fraction(before.value)
        sign = f" × {after.value}/{before.value} ({contract.renewal.index_id} {after.month}/{before.month})"
    ratio = length_ratio(Span(base.start_date, base.end_date), span)
    price = scaled(base.price, ratio * factor)
    return price, f"{base.price}{'' if ratio == 1 else f' × {ratio}'}{sign} = {price}"


def _index_values(contract: Contract, quotes: Quotes, *, base: date, on: date) -> tuple[IndexValue, IndexValue]:
    try:
        if quotes.index:
            return quotes.index.at(base, lag_months=_LAG_MONTHS), quotes.index.at(on, lag_months=_LAG_MONTHS)
    except IndexValueMissing as missing:
        raise TermNotPriceable(contract.id, because=missing.message) from missing
    raise TermNotPriceable(contract.id, because=f"there is no index {contract.renewal.index_id}.")


def _whole(line: ContractLine, price: Money) -> ContractLine:
    """Return the line at its new price, for the whole of a term."""
    if line.start_date is line.end_date is None and price == line.price:
        return line
    return replace(line, price=price, start_date=None, end_date=None)
