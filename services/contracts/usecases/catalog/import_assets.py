"""Import a table of assets, again and again if need be: what is stored already stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.chassis.clock import Clock
from services.chassis.csv_rows import CheckedRow, ImportReport, check_rows
from services.chassis.errors import InvalidField
from services.chassis.ids import new_id
from services.chassis.tables import Columns
from services.contracts.domain.catalog.asset import Asset
from services.contracts.domain.catalog.catalog_rows import ASSET_COLUMNS, AssetRow, asset_key, asset_row, row_key
from services.contracts.domain.catalog.product import Product
from services.contracts.domain.customers.customer import Customer
from services.contracts.ports.catalog import ImportedAssets, ImportedProducts, KnownCustomers
from services.contracts.ports.tables import Tables
from services.contracts.usecases.imports import Plan, TellProgress, Upload, import_rows, plan_rows

_UNTOLD = {"delivery_date": None, "free_maintenance_months": 0}
"""What a new asset has where the file has no column for it."""


@dataclass(frozen=True, slots=True)
class ImportAssets:
    """Creates and changes assets by product and serial number, in chunks."""

    assets: ImportedAssets
    products: ImportedProducts
    customers: KnownCustomers
    tables: Tables
    clock: Clock
    tell: TellProgress

    def __call__(self, upload: Upload) -> ImportReport:
        """Return what became of each row; refuses only a file that is no table, and then stores nothing."""
        with self.tell.following(upload):
            checked = check_rows(
                self.tell.reading(upload, self.tables.rows(upload.content, Columns(*ASSET_COLUMNS))),
                key="serial",
                key_of=asset_key,
                check=asset_row,
                line_offset=upload.line_offset,
            )
            return import_rows(
                checked, upload, shelf=_Assets(self.assets, self.products, self.customers, self.clock), tell=self.tell
            )


@dataclass(frozen=True, slots=True)
class _Assets:
    assets: ImportedAssets
    products: ImportedProducts
    customers: KnownCustomers
    clock: Clock
    key_column: str = "serial"
    codes: dict[str, str] = field(default_factory=dict)
    """By the id of a product: the code that rows name it by."""

    def plan(self, rows: Sequence[CheckedRow[AssetRow]]) -> Plan[Asset]:
        products = self.products.by_codes(sorted({row.told.product_code for row in rows}))
        customers = self.customers.by_external_refs(sorted({row.told.customer_ref for row in rows}))
        ids = {code: product.id for code, product in products.items()}
        self.codes.update((product_id, code) for code, product_id in ids.items())
        wanted = {row.key: (ids.get(row.told.product_code, ""), row.told.told["serial_key"]) for row in rows}
        found = self.assets.by_serials([key for key in wanted.values() if key[0]])
        stored = {key: found[pair] for key, pair in wanted.items() if pair in found}
        return plan_rows(
            rows,
            stored,
            make=lambda row: self._make(row, products=products, customers=customers),
            change=lambda old, row: self._change(old, row, customers=customers),
        )

    def add_many(self, things: Sequence[Asset]) -> set[str]:
        return self._keys(self.assets.add_many(things))

    def change_many(self, changes: Sequence[tuple[Asset, Asset]]) -> set[str]:
        return self._keys(self.assets.change_many(changes))

    def _make(self, row: AssetRow, *, products: Mapping[str, Product], customers: Mapping[str, Customer]) -> Asset:
        product = products.get(row.product_code)
        if product is None:
            raise InvalidField("product_code", f"There is no product with the code {row.product_code}.")
        now = self.clock.now()
        owned = {"product_id": product.id, "customer_id": customer_of(row.customer_ref, customers)}
        return Asset.of(new_id("ast", now), {**_UNTOLD, **row.told, **owned}, now=now)

    def _change(self, old: Asset, row: AssetRow, *, customers: Mapping[str, Customer]) -> Asset:
        told = {**row.told, "customer_id": customer_of(row.customer_ref, customers)}
        return old.take_over(told, now=self.clock.now())

    def _keys(self, lost: set[tuple[str, str]]) -> set[str]:
        return {row_key(self.codes[product_id], serial_key) for product_id, serial_key in lost}


def customer_of(external_ref: str, customers: Mapping[str, Customer]) -> str:
    """Return the id of the customer that a row names; a doublet leads to its survivor."""
    customer = customers.get(external_ref)
    if customer is None:
        raise InvalidField("customer_ref", f"There is no customer with the external reference {external_ref}.")
    return customer.merged_into_id or customer.id
