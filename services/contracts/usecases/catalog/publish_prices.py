"""Add price lists, publish prices in them and find what a product costs."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.chassis.checks import civil_date, line, request_key
from services.chassis.clock import Clock
from services.chassis.errors import NotFound
from services.chassis.ids import check_id, new_id
from services.contracts.domain.catalog.catalog_errors import PriceNotFound
from services.contracts.domain.catalog.price_list import (
    MOST_CODE,
    STANDARD,
    PriceList,
    PriceListVersion,
    checked_days,
    checked_entries,
)
from services.contracts.domain.terms.money import Money
from services.contracts.ports.catalog import PriceLists, Products

MOST_ENTRIES = 5_000
"""Prices in one request; a table may bring more."""
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceOrder:
    """In which list prices hold, and on which days."""

    list_id: str
    start_date: str
    end_date: str = ""
    etag: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class FoundPrice:
    """What a product costs on a day, and where that stands."""

    unit_price: Money
    list_id: str
    version_number: int


@dataclass(frozen=True, slots=True)
class AddPriceList:
    """Stores a new list without any prices."""

    price_lists: PriceLists
    clock: Clock

    def __call__(self, *, code: str, name: str, currency_code: str, request_id: str) -> PriceList:
        """Return the list as stored; a repeat of the request returns the first."""
        now = self.clock.now()
        made = PriceList.add(new_id("prl", now), code=code, name=name, currency_code=currency_code, now=now)
        return self.price_lists.add(made, request_key=request_key("create", request_id))


@dataclass(frozen=True, slots=True)
class PublishPrices:
    """Adds a version to a list."""

    price_lists: PriceLists
    products: Products
    clock: Clock

    def __call__(self, order: PriceOrder, entries: Iterable[tuple[str, int]], *, author: str) -> PriceList:
        """Return the list after the change; the entries are pairs of product and minor units."""
        prices = checked_entries(entries, most=MOST_ENTRIES)
        self._refuse_unknown(prices)
        return self.publish(order, prices, author=author)

    def publish(self, order: PriceOrder, prices: Mapping[str, int], *, author: str) -> PriceList:
        """Publish prices of products that are known to exist."""
        now = self.clock.now()
        version = new_version(order, prices, author=author, clock=self.clock)
        return self.price_lists.publish(
            check_id(order.list_id, "prl", field="price_list_id"),
            lambda price_list: price_list.publish(version, now=now),
            version=version,
            prices=prices,
            etag=order.etag,
            request_key=request_key("publish", order.request_id),
        )

    def _refuse_unknown(self, prices: Mapping[str, int]) -> None:
        ids = list(prices)
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            known = {product.id for product in self.products.batch_get(chunk)}
            for product_id in chunk:
                if product_id not in known:
                    raise NotFound.of("product", product_id)


@dataclass(frozen=True, slots=True)
class FindPrice:
    """Says what a product costs on a day."""

    price_lists: PriceLists

    def __call__(self, product_id: str, *, day: str, code: str = "") -> FoundPrice:
        """Return the price, or refuse with PRICE_LIST_NOT_FOUND or PRICE_NOT_FOUND."""
        key, on = check_id(product_id, "prd", field="product_id"), civil_date(day, "date")
        price_list = self.price_lists.by_code(line(code, "price_list_code", most=MOST_CODE) or STANDARD)
        version = price_list.version_at(on)
        units = None if version is None else self.price_lists.price(version, key)
        if version is None or units is None:
            raise PriceNotFound(key, on)
        return FoundPrice(Money(price_list.currency_code, units), price_list.id, version.number)


def new_version(order: PriceOrder, prices: Mapping[str, int], *, author: str, clock: Clock) -> PriceListVersion:
    """Return the version that an order leads to; the list numbers it."""
    start, end = checked_days(order.start_date, order.end_date)
    now = clock.now()
    told = "\n".join(f"{product_id} {prices[product_id]}" for product_id in sorted(prices))
    return PriceListVersion(
        number=0,
        key=new_id("plv", now),
        start_date=start,
        end_date=end,
        entry_count=len(prices),
        digest=hashlib.sha256(told.encode()).hexdigest(),
        author=author,
        publish_time=now,
    )
