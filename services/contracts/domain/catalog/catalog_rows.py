"""Rows of product, asset and price files, as companies write them, and what is wrong with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.chassis.errors import InvalidField
from services.contracts.domain.catalog import asset, product
from services.contracts.domain.catalog.asset import AssetDetails
from services.contracts.domain.catalog.price_list import checked_units
from services.contracts.domain.catalog.product import ProductDetails
from services.contracts.domain.customers.customer import search_key
from services.contracts.domain.terms.currencies import decimals
from services.contracts.domain.terms.row_words import listed, whole, yes

PRODUCT_COLUMNS = (("code",), ("name_en", "name_zh", "unit", "service_types", "active"))
ASSET_COLUMNS = (("product_code", "serial", "customer_ref"), ("delivery_date", "free_maintenance_months"))
PRICE_COLUMNS = (("product_code", "unit_price"), ())
_NUMBER = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class AssetRow:
    """What a row tells of an asset; product and customer are named by the company's own keys."""

    product_code: str
    customer_ref: str
    told: dict[str, Any]


def product_row(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a `Product` that the row tells, or refuse with INVALID_FIELD naming the column."""
    told: dict[str, Any] = {name: cells[name] for name in ("code", "name_en", "name_zh", "unit") if name in cells}
    if "service_types" in cells:
        told["service_types"] = listed(cells["service_types"])
    if "active" in cells:
        told["active"] = yes(cells["active"], "active")
    return product.check_details(ProductDetails(**told), told.keys())


def asset_key(cells: Mapping[str, str]) -> str:
    """Return what tells the assets of a file apart: product and serial number."""
    return row_key(cells["product_code"], search_key(cells["serial"]))


def row_key(product_code: str, serial_key: str) -> str:
    """Return the key of a row of this product and serial number."""
    return f"{product_code} / {serial_key}"


def asset_row(cells: Mapping[str, str]) -> AssetRow:
    """Return what the row tells, or refuse with INVALID_FIELD naming the column."""
    for name in ("product_code", "customer_ref"):
        if not cells[name]:
            raise InvalidField(name, f"{name} is missing.")
    told: dict[str, Any] = {name: cells[name] for name in ("serial", "delivery_date") if name in cells}
    if "free_maintenance_months" in cells:
        told["free_maintenance_months"] = whole(cells["free_maintenance_months"] or "0", "free_maintenance_months")
    checked = asset.check_details(AssetDetails(**told), told.keys())
    return AssetRow(cells["product_code"], cells["customer_ref"], checked)


def price_cell(value: str, field: str, *, currency_code: str) -> int:
    """Return a price that is written in the currency's main unit (`1280.50`) in its smallest unit.

    Refuses with INVALID_FIELD what is no number, negative, or has more digits behind the point than the currency.
    """
    places = decimals(currency_code)
    units = Decimal(value).scaleb(places) if _NUMBER.fullmatch(value) else Decimal("NaN")
    if not units.is_finite() or units != units.to_integral_value():
        raise InvalidField(field, f"{field} must be a number such as 1280{'.50'[: places + 1] if places else ''}.")
    return checked_units(int(units), field)
