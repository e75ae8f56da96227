"""Import a table of customers, again and again if need be: what is stored already stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.chassis.clock import Clock
from services.chassis.csv_rows import CheckedRow, ImportReport, check_rows
from services.chassis.ids import new_id
from services.chassis.tables import Columns
from services.contracts.domain.customers.customer import FIELDS, Customer, CustomerDetails, CustomerKind, check_details
from services.contracts.domain.customers.customer_rows import OPTIONAL, REQUIRED, check_row
from services.contracts.ports.customers import ImportedCustomers
from services.contracts.ports.tables import Tables
from services.contracts.usecases.imports import Plan, TellProgress, Upload, import_rows, plan_rows

REASON = "Imported. 导入。"
"""Why the stage of a relation was moved, where a file moved it."""

_UNTOLD = check_details(CustomerDetails(kind=CustomerKind.PERSON, name="-"), FIELDS)
"""What a new customer has where the file has no column for it; kind and name are always told."""


@dataclass(frozen=True, slots=True)
class ImportCustomers:
    """Creates and changes customers by their external reference, in chunks."""

    customers: ImportedCustomers
    tables: Tables
    clock: Clock
    tell: TellProgress

    def __call__(self, upload: Upload, *, author: str) -> ImportReport:
        """Return what became of each row; refuses only a file that is no table, and then stores nothing."""
        with self.tell.following(upload):
            checked = check_rows(
                self.tell.reading(upload, self.tables.rows(upload.content, Columns(REQUIRED, OPTIONAL))),
                key="external_ref",
                check=check_row,
                line_offset=upload.line_offset,
            )
            return import_rows(checked, upload, shelf=_Customers(self.customers, self.clock, author), tell=self.tell)


@dataclass(frozen=True, slots=True)
class _Customers:
    customers: ImportedCustomers
    clock: Clock
    author: str
    key_column: str = "external_ref"

    def plan(self, rows: Sequence[CheckedRow[dict[str, Any]]]) -> Plan[Customer]:
        stored = self.customers.by_external_refs([row.key for row in rows])
        return plan_rows(rows, stored, make=self._make, change=self._change)

    def add_many(self, things: Sequence[Customer]) -> set[str]:
        return self.customers.add_many(things)

    def change_many(self, changes: Sequence[tuple[Customer, Customer]]) -> set[str]:
        return self.customers.change_many(changes)

    def _make(self, told: dict[str, Any]) -> Customer:
        now = self.clock.now()
        return Customer.of(new_id("cus", now), {**_UNTOLD, **told}, now=now)

    def _change(self, old: Customer, told: dict[str, Any]) -> Customer:
        now = self.clock.now()
        details = {name: value for name, value in told.items() if name != "stage"}
        new = old.take_over(details, now=now)
        return new.move_to(told["stage"], REASON, author=self.author, now=now) if "stage" in told else new
