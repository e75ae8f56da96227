"""One common end for several contracts: what the days in between cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.chassis.errors import InvalidField
from services.contracts.domain.billing.billing_plan import anchor_of, lines_of
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.terms.money import Money, portion, total
from services.contracts.domain.terms.periods import Span, whole_tiles
from services.contracts.domain.terms.proration import Prorated, prorate
from services.contracts.domain.terms.terms import ContractLine, TermsVersion


@dataclass(frozen=True, slots=True)
class StubLine:
    """What one line costs from the end of its contract to the common end."""

    line_id: str
    description: str
    amount: Money
    formula: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """The days that a contract lacks; none where it ends on the common day already."""

    contract_id: str
    days: Span | None
    lines: tuple[StubLine, ...]
    amount: Money


def co_terminate(contracts: Sequence[Contract], *, end: date | None) -> tuple[date, tuple[Stub, ...]]:
    """Return the common end (None asked: the latest of all) and the stub of each contract, in the order given.

    Refused with INVALID_FIELD: an end before the end of one of them; terminate that instead.
    """
    latest = max(each.end_date for each in contracts)
    common = end or latest
    if common < latest:
        raise InvalidField("end_date", f"end_date must not be before {latest}, when the last of them ends.")
    return common, tuple(_stub(each, common) for each in contracts)


def _stub(contract: Contract, common: date) -> Stub:
    terms, currency = contract.terms, contract.price.currency_code
    if terms.end_date >= common:
        return Stub(contract_id=contract.id, days=None, lines=(), amount=Money(currency, 0))
    days = Span(terms.end_date + timedelta(days=1), common)
    lasting = [line for line in lines_of(terms) if line.end_date is None or line.end_date >= terms.end_date]
    lines = tuple(_line(contract, terms, line=line, days=days) for line in lasting)
    return Stub(
        contract_id=contract.id, days=days, lines=lines, amount=total((each.amount for each in lines), currency)
    )


def _line(contract: Contract, terms: TermsVersion, *, line: ContractLine, days: Span) -> StubLine:
    parts = _by_period(contract, terms, line=line, days=days) if line.id else [_as_before(terms, days)]
    amount = total((each.amount for each in parts), terms.price.currency_code)
    return StubLine(line.id, line.description, amount, " + ".join(each.formula for each in parts))


def _by_period(contract: Contract, terms: TermsVersion, *, line: ContractLine, days: Span) -> list[Prorated]:
    billing = terms.billing
    found = []
    for tile in whole_tiles(
        anchor_of(contract, terms), billing.period, mode=billing.anchor_mode, first=days.start, last=days.end
    ):
        part = tile.cut(days)
        if part:
            found.append(prorate(line.price * line.quantity, part=part, whole=tile, day_count=billing.day_count))
    return found


def _as_before(terms: TermsVersion, days: Span) -> Prorated:
    """A contract without lines goes on at the price of its term, by the day."""
    term = Span(terms.start_date, terms.end_date)
    amount = portion(terms.price, days.days, of=term.days)
    return Prorated(amount, f"{terms.price} × {days.days}/{term.days} = {amount}")
