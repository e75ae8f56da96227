"""What a contract is billed, computed from its beginning: one charge for each contract line and period."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from services.contracts.domain.billing.billing_errors import ScheduleTooLong
from services.contracts.domain.billing.billing_line import BillingKey
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.periods import Span, whole_tiles
from services.contracts.domain.terms.proration import Prorated, prorate
from services.contracts.domain.terms.term_price import anchor_day
from services.contracts.domain.terms.terms import BillingTiming, ContractLine, CreditPolicy, TermsVersion

MOST_LINES = 20_000
"""No schedule has more lines: a guard against a mistake in the terms, such as a daily rhythm for a century."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What one contract line costs in one period."""

    key: BillingKey
    description: str
    start_date: date
    end_date: date
    due_date: date
    amount: Money
    formula: str
    terms_number: int


def charges(contract: Contract, *, until: date, most: int = MOST_LINES) -> Mapping[BillingKey, Charge]:
    """Return what is owed for every period that begins by `until`.

    A period costs its price where the terms hold for all of its days; else the days of each version of the terms cost
    their part of it. Suspended days cost nothing. What a termination leaves of the last period is decided by its
    credit policy. Refused with BILLING_SCHEDULE_TOO_LONG.
    """
    if not contract.signed or (contract.termination and not contract.activated_time and contract.terminated_time):
        return {}
    found: dict[BillingKey, Charge] = {}
    for span, terms in agreed(contract):
        for charge in _of_version(contract, terms, span=span, until=until):
            first = found.get(charge.key)
            found[charge.key] = _joined(first, charge, timing=terms.billing.timing) if first else charge
            if len(found) > most:
                raise ScheduleTooLong(contract.id, most=most)
    return found


def agreed(contract: Contract) -> Iterator[tuple[Span, TermsVersion]]:
    """Yield the days on which each version of the terms holds, in order; what is agreed last for a day holds on it."""
    starts = sorted({each.effective_date for each in contract.versions})
    for first, following in pairwise([*starts, date.max]):
        terms = contract.terms_at(first)
        if terms is None:
            continue
        span = Span(max(first, terms.start_date), min(terms.end_date, following - _DAY))
        if span.start <= span.end:
            yield span, terms


def anchor_of(contract: Contract, terms: TermsVersion) -> date:
    """Return the day that periods are counted from: see `anchor_day`."""
    return anchor_day(terms.billing, first=contract.versions[0].start_date, start=terms.start_date)


def lines_of(terms: TermsVersion) -> tuple[ContractLine, ...]:
    """Return what is billed one by one; a contract without lines is billed as a whole, under no line's id."""
    return terms.lines or (ContractLine(id="", description=terms.title, price=terms.price),)


def _of_version(contract: Contract, terms: TermsVersion, *, span: Span, until: date) -> Iterator[Charge]:
    billing = terms.billing
    last = min(span.end, until)
    if last < span.start:
        return
    tiles = whole_tiles(
        anchor_of(contract, terms), billing.period, mode=billing.anchor_mode, first=span.start, last=last
    )
    lines = lines_of(terms)
    for tile in tiles:
        for line in lines:
            own = span.cut(Span(line.start_date or terms.start_date, line.end_date or terms.end_date))
            part = tile.cut(own) if own else None
            owed = _owed(contract, terms, tile=tile, part=part) if part else ()
            charge = _charge(terms, line, tile=tile, owed=owed)
            if charge:
                yield charge


def _charge(terms: TermsVersion, line: ContractLine, *, tile: Span, owed: tuple[Span, ...]) -> Charge | None:
    parts = [_price(terms, line, tile=tile, part=part) for part in owed]
    if not parts:
        return None
    start, end = owed[0].start, owed[-1].end
    return Charge(
        key=BillingKey(line.id, tile.start, tile.end),
        description=line.description,
        start_date=start,
        end_date=end,
        due_date=_due(Span(start, end), terms.billing.timing),
        amount=Money(terms.price.currency_code, sum(each.amount.minor_units for each in parts)),
        formula=" + ".join(each.formula for each in parts),
        terms_number=terms.number,
    )


def _price(terms: TermsVersion, line: ContractLine, *, tile: Span, part: Span) -> Prorated:
    whole = tile if line.id else Span(terms.start_date, terms.end_date)
    return prorate(line.price * line.quantity, part=part, whole=whole, day_count=terms.billing.day_count)


def _owed(contract: Contract, terms: TermsVersion, *, tile: Span, part: Span) -> tuple[Span, ...]:
    """Return the days of a part that must be paid for: without suspensions, and what a termination leaves of it."""
    kept = _left(contract, terms, tile=tile, part=part)
    owed = [kept] if kept else []
    for each in contract.suspensions:
        pause = Span(each.start_date, each.end_date or each.planned_end_date or date.max)
        owed = [rest for span in owed for rest in _without(span, pause)]
    return tuple(owed)


def _left(contract: Contract, terms: TermsVersion, *, tile: Span, part: Span) -> Span | None:
    """What was billed in advance of a period that has begun stays, goes by the day or goes whole, as agreed."""
    ended = contract.termination
    period = tile.cut(Span(terms.start_date, terms.end_date)) or part
    if ended is None or period.end <= ended.last_date:
        return part
    if period.start > ended.last_date:
        return None
    if terms.billing.timing is BillingTiming.IN_ARREARS or ended.credit_policy is CreditPolicy.PRORATED:
        return part.cut(Span(period.start, ended.last_date))
    return part if ended.credit_policy is CreditPolicy.NONE else None


def _without(span: Span, pause: Span) -> Iterator[Span]:
    common = span.cut(pause)
    if common is None:
        yield span
        return
    if span.start < common.start:
        yield Span(span.start, common.start - _DAY)
    if common.end < span.end:
        yield Span(common.end + _DAY, span.end)


def _joined(first: Charge, second: Charge, *, timing: BillingTiming) -> Charge:
    """Two versions of the terms hold in one period: their parts are one charge."""
    start, end = min(first.start_date, second.start_date), max(first.end_date, second.end_date)
    return replace(
        second,
        start_date=start,
        end_date=end,
        due_date=_due(Span(start, end), timing),
        amount=first.amount + second.amount,
        formula=f"{first.formula} + {second.formula}",
    )


def _due(span: Span, timing: BillingTiming) -> date:
    return span.start if timing is BillingTiming.IN_ADVANCE else span.end + _DAY
