"""Products, assets and price lists on record, as the use cases need them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.chassis.paging import Page
from services.contracts.domain.catalog.asset import Asset
from services.contracts.domain.catalog.price_list import PriceEntry, PriceList, PriceListVersion
from services.contracts.domain.catalog.product import Product
from services.contracts.domain.customers.customer import Customer
from services.contracts.domain.life_cycle.contract import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFilter:
    """What a listed product must match; what is empty matches all, but what is not sold only if asked for."""

    code: str = ""
    service_type: str = ""
    name_prefix: str = ""
    include_inactive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetFilter:
    """What a listed asset must match; what is empty matches all."""

    customer_id: str = ""
    product_id: str = ""
    serial: str = ""
    warranty_end_from: date | None = None
    warranty_end_to: date | None = None


class Products(Protocol):
    """The products on record."""

    def add(self, product: Product, *, request_key: str) -> Product:
        """Store the product, or return what this request stored before. Refuses a code that is taken."""

    def get(self, product_id: str) -> Product:
        """Return the product, or refuse with PRODUCT_NOT_FOUND."""

    def batch_get(self, product_ids: Sequence[str]) -> Sequence[Product]:
        """Return those that exist, in no promised order."""

    def page(self, match: ProductFilter, *, size: int, after: str) -> Page[Product]:
        """Return the page of matching products whose ids follow `after`."""

    def change(self, product_id: str, step: Callable[[Product], Product], *, etag: str, request_key: str) -> Product:
        """Apply the step to the stored product in one write; a repeated request takes no second step."""


class ImportedProducts(Protocol):
    """The products on record by their codes, in bulk; writers return the codes of what lost a race."""

    def by_codes(self, codes: Sequence[str]) -> Mapping[str, Product]: ...
    def add_many(self, products: Sequence[Product]) -> set[str]: ...
    def change_many(self, changes: Sequence[tuple[Product, Product]]) -> set[str]: ...


class Assets(Protocol):
    """The assets on record."""

    def add(self, asset: Asset, *, request_key: str) -> Asset:
        """Store the asset and what it says, or return what this request stored before. Refuses a serial taken."""

    def get(self, asset_id: str) -> Asset:
        """Return the asset, or refuse with ASSET_NOT_FOUND."""

    def batch_get(self, asset_ids: Sequence[str]) -> Sequence[Asset]:
        """Return those that exist, in no promised order."""

    def page(self, match: AssetFilter, *, size: int, after: str) -> Page[Asset]:
        """Return the page of matching assets whose ids follow `after`."""

    def of_customers(self, customer_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Asset]]:
        """Return the assets of each customer that has any, those of its doublets included, oldest first."""

    def change(self, asset_id: str, step: Callable[[Asset], Asset], *, etag: str, request_key: str) -> Asset:
        """Apply the step to the stored asset in one write; a repeated request takes no second step."""


class ImportedAssets(Protocol):
    """The assets on record by product and serial key, in bulk; writers return the `asset_key` of what lost a race."""

    def by_serials(self, keys: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Asset]: ...
    def add_many(self, assets: Sequence[Asset]) -> set[tuple[str, str]]: ...
    def change_many(self, changes: Sequence[tuple[Asset, Asset]]) -> set[tuple[str, str]]: ...


class PriceLists(Protocol):
    """The price lists on record, and the prices in their versions."""

    def add(self, price_list: PriceList, *, request_key: str) -> PriceList:
        """Store the list, or return what this request stored before. Refuses a code that is taken."""

    def get(self, list_id: str) -> PriceList:
        """Return the list, or refuse with PRICE_LIST_NOT_FOUND."""

    def by_code(self, code: str) -> PriceList:
        """Return the list of this code, or refuse with PRICE_LIST_NOT_FOUND."""

    def batch_get(self, list_ids: Sequence[str]) -> Sequence[PriceList]:
        """Return those that exist, in no promised order."""

    def page(self, *, size: int, after: str) -> Page[PriceList]:
        """Return the page of lists whose ids follow `after`."""

    def publish(
        self,
        list_id: str,
        step: Callable[[PriceList], PriceList],
        *,
        version: PriceListVersion,
        prices: Mapping[str, int],
        etag: str,
        request_key: str,
    ) -> PriceList:
        """Store the prices, then the list with their version; prices of a version that is refused are taken away."""

    def entries(self, version: PriceListVersion, *, size: int, after: str) -> Page[PriceEntry]:
        """Return the page of prices of a version whose ids follow `after`."""

    def price(self, version: PriceListVersion, product_id: str) -> int | None:
        """Return what the product costs in the version, or None."""


class KnownCustomers(Protocol):
    """The customers that assets belong to."""

    def get(self, customer_id: str) -> Customer:
        """Return the customer, or refuse with CUSTOMER_NOT_FOUND."""

    def by_external_refs(self, external_refs: Sequence[str]) -> Mapping[str, Customer]:
        """Return those that exist."""


class ImportedContracts(Protocol):
    """The contracts on record, in bulk; writers return the ids of what lost a race."""

    def by_ids(self, contract_ids: Sequence[str]) -> Mapping[str, Contract]: ...
    def add_many(self, contracts: Sequence[Contract]) -> set[str]: ...
    def change_many(self, changes: Sequence[tuple[Contract, Contract]]) -> set[str]: ...
