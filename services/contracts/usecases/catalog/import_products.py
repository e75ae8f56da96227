"""Import a table of products, again and again if need be: what is stored already stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.chassis.clock import Clock
from services.chassis.csv_rows import CheckedRow, ImportReport, check_rows
from services.chassis.ids import new_id
from services.chassis.tables import Columns
from services.contracts.domain.catalog.catalog_rows import PRODUCT_COLUMNS, product_row
from services.contracts.domain.catalog.product import FIELDS, Product, ProductDetails, check_details
from services.contracts.ports.catalog import ImportedProducts
from services.contracts.ports.tables import Tables
from services.contracts.usecases.imports import Plan, TellProgress, Upload, import_rows, plan_rows

_UNTOLD = check_details(ProductDetails(code="-"), FIELDS)
"""What a new product has where the file has no column for it; the code is always told."""


@dataclass(frozen=True, slots=True)
class ImportProducts:
    """Creates and changes products by their code, in chunks."""

    products: ImportedProducts
    tables: Tables
    clock: Clock
    tell: TellProgress

    def __call__(self, upload: Upload) -> ImportReport:
        """Return what became of each row; refuses only a file that is no table, and then stores nothing."""
        with self.tell.following(upload):
            checked = check_rows(
                self.tell.reading(upload, self.tables.rows(upload.content, Columns(*PRODUCT_COLUMNS))),
                key="code",
                check=product_row,
                line_offset=upload.line_offset,
            )
            return import_rows(checked, upload, shelf=_Products(self.products, self.clock), tell=self.tell)


@dataclass(frozen=True, slots=True)
class _Products:
    products: ImportedProducts
    clock: Clock
    key_column: str = "code"

    def plan(self, rows: Sequence[CheckedRow[dict[str, Any]]]) -> Plan[Product]:
        stored = self.products.by_codes([row.key for row in rows])
        return plan_rows(rows, stored, make=self._make, change=self._change)

    def add_many(self, things: Sequence[Product]) -> set[str]:
        return self.products.add_many(things)

    def change_many(self, changes: Sequence[tuple[Product, Product]]) -> set[str]:
        return self.products.change_many(changes)

    def _make(self, told: dict[str, Any]) -> Product:
        now = self.clock.now()
        return Product.of(new_id("prd", now), {**_UNTOLD, **told}, now=now)

    def _change(self, old: Product, told: dict[str, Any]) -> Product:
        return old.take_over(told, now=self.clock.now())
