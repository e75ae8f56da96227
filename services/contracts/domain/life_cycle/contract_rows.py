"""Rows of a contract file: one line of a contract each, the contract's own cells repeated or left empty."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.chassis.checks import line
from services.chassis.csv_rows import CheckedRow, CheckedRows, RowError
from services.chassis.errors import InvalidField
from services.contracts.domain.catalog.catalog_rows import price_cell
from services.contracts.domain.customers.customer import MOST_REF, search_key
from services.contracts.domain.terms.currencies import CURRENCIES
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.row_words import listed, whole, word
from services.contracts.domain.terms.terms import BillingTerms, BillingTiming, Period, PeriodUnit

CONTRACT_COLUMNS = (
    (
        *("contract_ref", "customer_ref", "title", "start_date", "end_date"),
        *("currency", "price", "line_description", "line_price"),
    ),
    (
        *("owner_id", "billing_period", "billing_timing", "product_code", "asset_serials", "service_types"),
        *("quantity", "line_start_date", "line_end_date"),
    ),
)
_OF_CONTRACT = (
    *("customer_ref", "title", "start_date", "end_date", "currency", "price"),
    *("owner_id", "billing_period", "billing_timing"),
)
INCOMPLETE = "CONTRACT_INCOMPLETE"
"""Code of a good row whose contract has a bad one."""

_PERIODS = {
    "": Period(PeriodUnit.YEAR, 1),
    "week": Period(PeriodUnit.WEEK, 1), "周": Period(PeriodUnit.WEEK, 1),
    "month": Period(PeriodUnit.MONTH, 1), "月": Period(PeriodUnit.MONTH, 1),
    "quarter": Period(PeriodUnit.QUARTER, 1), "季度": Period(PeriodUnit.QUARTER, 1),
    "half-year": Period(PeriodUnit.MONTH, 6), "半年": Period(PeriodUnit.MONTH, 6),
    "year": Period(PeriodUnit.YEAR, 1), "年": Period(PeriodUnit.YEAR, 1),
}  # fmt: skip
_TIMINGS = {
    "": BillingTiming.IN_ADVANCE,
    "in_advance": BillingTiming.IN_ADVANCE, "advance": BillingTiming.IN_ADVANCE, "预付": BillingTiming.IN_ADVANCE,
    "in_arrears": BillingTiming.IN_ARREARS, "arrears": BillingTiming.IN_ARREARS, "后付": BillingTiming.IN_ARREARS,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One line of a contract; product and assets are named by the company's own keys."""

    line: int
    """Of the file."""
    description: str
    price: Money
    product_code: str
    serial_keys: tuple[str, ...]
    service_types: tuple[str, ...]
    quantity: int
    start_date: str
    end_date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRows:
    """Everything that the file says of one contract."""

    contract_ref: str
    customer_ref: str
    owner_id: str
    title: str
    start_date: str
    end_date: str
    price: Money | None
    """Of the whole term. None: what the lines cost in it."""
    billing: BillingTerms
    lines: tuple[LineRow, ...]


@dataclass(slots=True)
class _Group:
    first_line: int
    head: dict[str, str]
    lines: list[LineRow] = field(default_factory=list)
    bad_line: int = 0


def group_rows(rows: Iterable[tuple[int, Mapping[str, str]]]) -> CheckedRows[ContractRows]:
    """Return the contracts of a file, wherever their rows stand; a bad row costs its whole contract.

    The first row of a contract says what the others may repeat or leave empty.
    """
    checked: CheckedRows[ContractRows] = CheckedRows()
    groups: dict[str, _Group] = {}
    for at, cells in rows:
        checked.rows += 1
        ref = cells["contract_ref"]
        group = groups.setdefault(ref, _Group(at, {name: cells.get(name, "") for name in _OF_CONTRACT}))
        try:
            group.lines.append(_row(at, cells, group=group))
        except InvalidField as refusal:
            checked.errors.append(RowError(at, refusal.field, refusal.code, refusal.message))
            group.bad_line = group.bad_line or at
    for ref, group in groups.items():
        if group.bad_line:
            good = [each.line for each in group.lines]
            checked.errors.extend(incomplete(good, because=group.bad_line))
        else:
            checked.good.append(CheckedRow(group.first_line, ref, _contract(ref, group)))
    return checked


def incomplete(lines: Sequence[int], *, because: int) -> list[RowError]:
    """Return the errors of good rows whose contract has a bad one."""
    wrong = f"Line {because} of the same contract is wrong, so none of it was taken."
    return [RowError(line, "contract_ref", INCOMPLETE, wrong) for line in lines]


def _row(at: int, cells: Mapping[str, str], *, group: _Group) -> LineRow:
    line(cells["contract_ref"], "contract_ref", most=MOST_REF, least=1)
    for name, first in group.head.items():
        if cells.get(name, "") not in {"", first}:
            raise InvalidField(name, f"{name} differs from line {group.first_line} of the same contract.")
    if at == group.first_line:
        _check_head(group.head)
    currency = group.head["currency"]
    if currency not in CURRENCIES:
        raise InvalidField("currency", "currency must be an ISO 4217 code in use, such as CNY.")
    serials = tuple(search_key(each) for each in listed(cells.get("asset_serials", "")))
    code = cells.get("product_code", "")
    if serials and not code:
        raise InvalidField("product_code", "product_code is missing: serial numbers are unique within a product.")
    return LineRow(
        line=at,
        description=cells["line_description"],
        price=Money(currency, price_cell(cells["line_price"], "line_price", currency_code=currency)),
        product_code=code,
        serial_keys=serials,
        service_types=listed(cells.get("service_types", "")),
        quantity=whole(cells.get("quantity", "") or "1", "quantity"),
        start_date=cells.get("line_start_date", ""),
        end_date=cells.get("line_end_date", ""),
    )


def _check_head(head: Mapping[str, str]) -> None:
    """Refuse a first row whose own words nobody understands; the rest is checked with the whole contract."""
    if not head["customer_ref"]:
        raise InvalidField("customer_ref", "customer_ref is missing.")
    if head["currency"] in CURRENCIES and head["price"]:
        price_cell(head["price"], "price", currency_code=head["currency"])
    word(head["billing_period"], "billing_period", words=_PERIODS)
    word(head["billing_timing"], "billing_timing", words=_TIMINGS)


def _contract(ref: str, group: _Group) -> ContractRows:
    head = group.head
    period = word(head["billing_period"], "billing_period", words=_PERIODS)
    timing = word(head["billing_timing"], "billing_timing", words=_TIMINGS)
    currency = head["currency"]
    said = Money(currency, price_cell(head["price"], "price", currency_code=currency)) if head["price"] else None
    return ContractRows(
        contract_ref=ref,
        customer_ref=head["customer_ref"],
        owner_id=head["owner_id"],
        title=head["title"],
        start_date=head["start_date"],
        end_date=head["end_date"],
        price=said,
        billing=BillingTerms(period=period, timing=timing),
        lines=tuple(group.lines),
    )
