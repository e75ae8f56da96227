"""Import a table of prices as one version of a price list; the same table again changes nothing."""

from collections import Counter
from dataclasses import dataclass

from services.chassis.clock import Clock
from services.chassis.csv_rows import CheckedRow, ImportReport, RowError, RowOutcome, check_rows
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id
from services.chassis.tables import Columns
from services.contracts.domain.catalog.catalog_rows import PRICE_COLUMNS, price_cell
from services.contracts.domain.catalog.price_list import PriceList, PriceListVersion
from services.contracts.ports.catalog import ImportedProducts, PriceLists
from services.contracts.ports.tables import Tables
from services.contracts.usecases.catalog.publish_prices import PriceOrder, new_version
from services.contracts.usecases.imports import Upload

_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class ImportPriceList:
    """Publishes the prices of a table, all or none: a version with holes would be a wrong one."""

    price_lists: PriceLists
    products: ImportedProducts
    tables: Tables
    clock: Clock

    def __call__(self, upload: Upload, order: PriceOrder, *, author: str) -> ImportReport:
        """Return what became of each row; refuses a file that is no table, and days that a version holds."""
        price_list = self.price_lists.get(check_id(order.list_id, "prl", field="price_list_id"))
        checked = check_rows(
            self.tables.rows(upload.content, Columns(*PRICE_COLUMNS)),
            key="product_code",
            check=lambda cells: price_cell(cells["unit_price"], "unit_price", currency_code=price_list.currency_code),
            line_offset=upload.line_offset,
        )
        errors = list(checked.errors)
        prices = self._prices(checked.good, errors)
        if not prices and not errors:
            raise InvalidField("upload.content", "The table has no prices.")
        version = new_version(order, prices, author=author, clock=self.clock)
        outcome = self._outcome(price_list, version)
        stores = not upload.dry_run and not errors
        if stores and outcome is RowOutcome.CREATED:
            self.price_lists.publish(
                price_list.id,
                lambda stored: stored.publish(version, now=version.publish_time),
                version=version,
                prices=prices,
                etag=order.etag,
                request_key="",
            )
        errors.sort(key=lambda error: error.line)
        return ImportReport(rows=checked.rows, outcomes=Counter({outcome: len(prices)}), errors=errors, stored=stores)

    def _prices(self, rows: list[CheckedRow[int]], errors: list[RowError]) -> dict[str, int]:
        prices: dict[str, int] = {}
        for start in range(0, len(rows), _CHUNK):
            chunk = rows[start : start + _CHUNK]
            known = self.products.by_codes([row.key for row in chunk])
            for row in chunk:
                if row.key in known:
                    prices[known[row.key].id] = row.told
                else:
                    wrong = f"There is no product with the code {row.key}." if row.key else "product_code is missing."
                    errors.append(RowError(row.line, "product_code", InvalidField.reason, wrong))
        return prices

    def _outcome(self, price_list: PriceList, version: PriceListVersion) -> RowOutcome:
        """Say whether publishing would change the list; days that another version holds are refused here already."""
        planned = price_list.publish(version, now=version.publish_time)
        return RowOutcome.UNCHANGED if planned is price_list else RowOutcome.CREATED
