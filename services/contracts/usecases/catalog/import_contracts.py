"""Import a table of contract lines as drafts, again and again if need be: what is stored already stays as it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from services.chassis.clock import Clock
from services.chassis.csv_rows import MOST_ROWS, CheckedRow, CsvTooLarge, ImportReport, Row, RowError
from services.chassis.errors import InvalidField
from services.chassis.ids import derived_id
from services.chassis.tables import Columns
from services.contracts.domain.catalog.asset import Asset
from services.contracts.domain.catalog.product import Product
from services.contracts.domain.customers.customer import Customer, CustomerKind
from services.contracts.domain.life_cycle import contract_review
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_review import Particulars
from services.contracts.domain.life_cycle.contract_rows import (
    CONTRACT_COLUMNS,
    ContractRows,
    LineRow,
    group_rows,
    incomplete,
)
from services.contracts.domain.life_cycle.contract_terms import LineDetails, TermsDetails
from services.contracts.domain.terms.terms import TermsVersion
from services.contracts.ports.catalog import ImportedAssets, ImportedContracts, ImportedProducts, KnownCustomers
from services.contracts.ports.tables import Tables
from services.contracts.usecases.imports import Plan, TellProgress, Upload, import_rows, plan_rows

_COLUMNS = {
    "description": "line_description",
    "price": "line_price",
    "start_date": "line_start_date",
    "end_date": "line_end_date",
    "asset_ids": "asset_serials",
    "product_id": "product_code",
}
"""Where a field of a line stands in the table."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the table may name, on record."""

    contracts: ImportedContracts
    assets: ImportedAssets
    products: ImportedProducts
    customers: KnownCustomers


@dataclass(frozen=True, slots=True)
class ImportContracts:
    """Creates and changes drafts by the company's own reference, in chunks."""

    known: Known
    tables: Tables
    clock: Clock
    company_zone: str
    """For customers who have none of their own."""
    tell: TellProgress

    def __call__(self, upload: Upload, *, author: str) -> ImportReport:
        """Return what became of each contract; refuses only a file that is no table, and then stores nothing."""
        with self.tell.following(upload):
            broken: list[RowError] = []
            rows = self.tell.reading(upload, self.tables.rows(upload.content, Columns(*CONTRACT_COLUMNS)))
            checked = group_rows(_whole(rows, broken, line_offset=upload.line_offset))
            checked.errors.extend(broken)
            checked.rows += len(broken)
            return import_rows(
                checked, upload, shelf=_Drafts(self.known, self.clock, self.company_zone, author), tell=self.tell
            )


def _whole(rows: Iterator[Row], broken: list[RowError], *, line_offset: int) -> Iterator[tuple[int, Mapping[str, str]]]:
    for count, row in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise CsvTooLarge(f"The file has more than {MOST_ROWS} rows. Split it between two contracts.")
        at = row.line + line_offset
        if row.broken or row.cells != len(row.values):
            wrong = row.broken or f"The row has {row.cells} cells, the header has {len(row.values)}."
            broken.append(RowError(at, "", "CSV_ROW_BROKEN", wrong))
        else:
            yield at, row.values


@dataclass(frozen=True, slots=True)
class _Found:
    """What a chunk of rows names, by the company's keys."""

    products: Mapping[str, Product]
    customers: Mapping[str, Customer]
    assets: Mapping[tuple[str, str], Asset]


@dataclass(frozen=True, slots=True)
class _Drafts:
    known: Known
    clock: Clock
    company_zone: str
    author: str
    key_column: str = "contract_ref"
    refs: dict[str, str] = field(default_factory=dict)
    """By the id of a contract: the company's reference."""

    def plan(self, rows: Sequence[CheckedRow[ContractRows]]) -> Plan[Contract]:
        found = self._find(rows)
        ids = {row.key: contract_id(row.key) for row in rows}
        self.refs.update((value, key) for key, value in ids.items())
        on_record = self.known.contracts.by_ids(list(ids.values()))
        stored = {key: on_record[value] for key, value in ids.items() if value in on_record}
        plan = plan_rows(
            rows,
            stored,
            make=lambda told: self._written(told, found),
            change=lambda old, told: self._rewritten(old, told, found=found),
        )
        by_line = {row.line: row.told for row in rows}
        plan.errors = [each for error in plan.errors for each in _placed(error, by_line[error.line])]
        return plan

    def add_many(self, things: Sequence[Contract]) -> set[str]:
        return {self.refs[lost] for lost in self.known.contracts.add_many(things)}

    def change_many(self, changes: Sequence[tuple[Contract, Contract]]) -> set[str]:
        return {self.refs[lost] for lost in self.known.contracts.change_many(changes)}

    def _find(self, rows: Sequence[CheckedRow[ContractRows]]) -> _Found:
        lines = [line for row in rows for line in row.told.lines]
        products = self.known.products.by_codes(sorted({line.product_code for line in lines if line.product_code}))
        customers = self.known.customers.by_external_refs(sorted({row.told.customer_ref for row in rows}))
        wanted = {
            (products[line.product_code].id, serial)
            for line in lines
            if line.product_code in products
            for serial in line.serial_keys
        }
        return _Found(products, customers, self.known.assets.by_serials(sorted(wanted)))

    def _written(self, told: ContractRows, found: _Found) -> Contract:
        customer = self._customer(told.customer_ref, found)
        particulars = Particulars(
            customer_id=customer.id,
            owner_id=told.owner_id,
            time_zone=customer.time_zone or self.company_zone,
            consumer=customer.kind is not CustomerKind.ORGANISATION,
        )
        details = _details(told, found, customer=customer)
        now = self.clock.now()
        return contract_review.draft(
            contract_id(told.contract_ref), particulars, details=details, author=self.author, now=now
        )

    def _rewritten(self, old: Contract, told: ContractRows, *, found: _Found) -> Contract:
        """A draft is written anew; what is in review or signed already must be what the file says."""
        new = self._written(told, found)
        if _agreed(old) == _agreed(new):
            return old
        particulars = Particulars(
            customer_id=new.customer_id, owner_id=new.owner_id, time_zone=new.time_zone, consumer=new.consumer
        )
        customer = self._customer(told.customer_ref, found)
        if old.customer_id not in {customer.id, *customer.merged_ids}:
            raise InvalidField("customer_ref", "The contract is another customer's on record. It cannot change hands.")
        details = _details(told, found, customer=customer)
        return contract_review.update(old, particulars, details=details, by=self.author, now=self.clock.now())

    def _customer(self, external_ref: str, found: _Found) -> Customer:
        customer = found.customers.get(external_ref)
        if customer is None:
            raise InvalidField("customer_ref", f"There is no customer with the external reference {external_ref}.")
        return self.known.customers.get(customer.merged_into_id) if customer.merged_into_id else customer


def contract_id(contract_ref: str) -> str:
    """Return the id of the contract that the company calls so; a second import finds the first's."""
    return derived_id("con", "import", contract_ref)


def _details(told: ContractRows, found: _Found, *, customer: Customer) -> TermsDetails:
    return TermsDetails(
        title=told.title,
        start_date=told.start_date,
        end_date=told.end_date,
        price=told.price,
        lines=tuple(
            _line(line, f"lines[{place}]", found=found, customer=customer) for place, line in enumerate(told.lines)
        ),
        billing=told.billing,
    )


def _line(line: LineRow, path: str, *, found: _Found, customer: Customer) -> LineDetails:
    product = found.products.get(line.product_code)
    if line.product_code and product is None:
        raise InvalidField(f"{path}.product_id", f"There is no product with the code {line.product_code}.")
    assets = [found.assets.get((product.id, serial)) for serial in line.serial_keys] if product else []
    family = {customer.id, *customer.merged_ids}
    for serial, asset in zip(line.serial_keys, assets, strict=False):
        if asset is None or asset.customer_id not in family:
            raise InvalidField(
                f"{path}.asset_ids", f"The customer has no {line.product_code} with the serial {serial}."
            )
    return LineDetails(
        description=line.description,
        product_id=product.id if product else "",
        asset_ids=tuple(asset.id for asset in assets if asset),
        service_types=line.service_types,
        quantity=line.quantity,
        price=line.price,
        start_date=line.start_date,
        end_date=line.end_date,
    )


def _agreed(contract: Contract) -> tuple[str, TermsVersion]:
    """Return what was agreed at first, without who recorded it and when."""
    return contract.owner_id, replace(contract.versions[0], recorded_time=_NEVER, recorded_by="")


def _placed(error: RowError, told: ContractRows) -> list[RowError]:
    """Return the error at the row and column that it comes from, and those of the contract's other rows."""
    head, _, name = error.column.partition("].")
    place = int(head.removeprefix("lines[")) if head.startswith("lines[") and name else 0
    at = told.lines[place].line
    plain = (name or error.column).split(".")[0]
    column = _COLUMNS.get(plain, plain) if name else plain
    others = [line.line for line in told.lines if line.line != at]
    return [RowError(at, column, error.code, error.message), *incomplete(others, because=at)]
