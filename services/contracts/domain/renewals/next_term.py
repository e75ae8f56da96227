"""The term that follows: its days counted from the first anchor, its lines, and its price by the agreed rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fractions import Fraction

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
_MOST_NOTICE_DAYS = 31
"""The days of the longest month: a notice of more than these is longer than one month."""
_UNIT_DAYS = {PeriodUnit.DAY: 1, PeriodUnit.WEEK: 7, PeriodUnit.MONTH: 30, PeriodUnit.QUARTER: 91, PeriodUnit.YEAR: 365}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """What was looked up for the price of the next term."""

    index_factor: Fraction | None = None
    """The index at the next term by the index at `base_version`, for `INDEX`. None: it has no value for one of them."""
    index_formula: str = ""
    """The same in signs, with the id of the index."""
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
    the term. Either way a year costs twelve months, not one.
    """
    span, base = next_span(contract), base_version(contract)
    factor, sign = _factor(contract, quotes)
    agreed = {each.id: each.price for each in base.lines}
    kept = [each for each in contract.lines if each.end_date is None or each.end_date >= contract.end_date]
    based = (_at(each, agreed.get(each.id, each.price)) for each in kept)
    lines = tuple(_line(contract, each, quotes=quotes, factor=factor) for each in based)
    if contract.renewal.price_change is PriceChange.LIST and not lines:
        raise TermNotPriceable(contract.id, because="it goes by the price list and has no lines.")
    if contract.lines:
        anchor = anchor_day(contract.billing, first=contract.versions[0].start_date, start=span.start)
        price = term_price(lines, contract.billing, term=span, anchor=anchor, currency=contract.price.currency_code)
        parts = " + ".join(f"{each.quantity} × {each.price}" for each in lines)
        formula = f"{price} = Σ {contract.billing.period.count} {contract.billing.period.unit}: {parts or '0'}{sign}"
    else:
        ratio = length_ratio(Span(base.start_date, base.end_date), span)
        price = scaled(base.price, ratio * factor)
        formula = f"{base.price}{'' if ratio == 1 else f' × {ratio}'}{sign} = {price}"
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


def base_version(contract: Contract) -> TermsVersion:
    """Return the version whose prices the next term's are counted from.

    An index is applied to what was agreed last, never to a price that it has made already: chained steps then come to
    the ratio of the index to its base.
    """
    if contract.renewal.price_change is not PriceChange.INDEX:
        return contract.terms
    agreed = (version for version in contract.versions if contract.renewal.index_id not in version.reason)
    return max(agreed, key=lambda version: version.number, default=contract.terms)


def length_ratio(old: Span, new: Span) -> Fraction:
    """Return how much longer a term is: in months where both are whole months, else in days."""
    before, after = months_in(old), months_in(new)
    return Fraction(after, before) if before and after else Fraction(new.days, old.days)


def _factor(contract: Contract, quotes: Quotes) -> tuple[Fraction, str]:
    change = contract.renewal.price_change
    if change is PriceChange.UPLIFT:
        factor = Fraction(_BPS + contract.renewal.uplift_bps, _BPS)
        return factor, f" × {_BPS + contract.renewal.uplift_bps}/{_BPS}"
    if change is PriceChange.INDEX:
        if quotes.index_factor is None:
            raise TermNotPriceable(contract.id, because=f"the index {contract.renewal.index_id} has no value for it.")
        return quotes.index_factor, f" × {quotes.index_formula}"
    return Fraction(1), ""


def _line(contract: Contract, line: ContractLine, *, quotes: Quotes, factor: Fraction) -> ContractLine:
    if contract.renewal.price_change is PriceChange.LIST:
        listed = quotes.list_prices.get(line.product_id)
        if listed is None:
            raise TermNotPriceable(contract.id, because=f"no list price for {line.product_id or line.description}.")
        return _whole(_at(line, listed))
    return _whole(_at(line, scaled(line.price, factor)))


def _at(line: ContractLine, price: Money) -> ContractLine:
    return line if price == line.price else replace(line, price=price)


def _whole(line: ContractLine) -> ContractLine:
    """Return the line for the whole of a term."""
    return line if line.start_date is line.end_date is None else replace(line, start_date=None, end_date=None)
