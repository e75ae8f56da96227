"""The standard price list as far as service goes, in MongoDB.

A rate is the price of an active product that names the service among its `service_types` and is counted in hours,
visits or cases; what is counted in years, months or contracts is an offer that covers the service. Where two products
would do, the older one counts.
"""

import math
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.chassis.mongo import collection_of
from services.contracts.domain.catalog.price_list import STANDARD
from services.contracts.domain.entitlement.service_lines import ListedPart
from services.contracts.domain.entitlement.service_rates import Offer, ServiceRates, Tariff
from services.contracts.domain.terms.money import Money
from services.contracts.store.catalog.price_lists import PriceListDocument

_MOST_KNOWN = 2_000
Stages = list[dict[str, Any]]

_HOUR, _VISIT, _CASE = ("hour", "h", "小时", "工时"), ("visit", "trip", "次", "趟"), ("case", "job", "单", "工单")
_OFFER = ("year", "month", "quarter", "contract", "plan", "年", "月", "季", "合同")


class MongoServicePrices:
    """The standard price list of a day."""

    def __init__(self, time_zone: str, *, keep_seconds: float) -> None:
        """Count days in the company's zone: a list is the company's, not the customer's.

        `recent` may be that many seconds old. A list is published for days, and what is charged is priced by `tariff`.
        """
        self._zone, self._keep = ZoneInfo(time_zone), keep_seconds
        self._known: dict[tuple[str, str], tuple[float, Tariff]] = {}

    def tariff(self, service_type: str, at: datetime) -> Tariff:
        units = [*_HOUR, *_VISIT, *_CASE, *_OFFER]
        products = {"service_types": service_type, "unit": {"$in": units}, "active": True}
        return _tariff(collection_of(PriceListDocument).aggregate(_stages(self._day(at), products)))

    def recent(self, service_type: str, at: datetime) -> Tariff:
        """Return the tariff as it was at most `keep_seconds` ago."""
        key, now = (service_type, self._day(at)), time.monotonic()
        read, tariff = self._known.get(key, (-math.inf, Tariff()))
        if now - read < self._keep:
            return tariff
        tariff = self.tariff(service_type, at)
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[key] = now, tariff
        return tariff

    def parts(self, product_ids: Sequence[str], at: datetime) -> Mapping[str, ListedPart]:
        if not product_ids:
            return {}
        wanted = {"_id": {"$in": list(product_ids)}}
        for found in collection_of(PriceListDocument).aggregate(_stages(self._day(at), wanted)):
            return {product["_id"]: _part(product, price) for product, price in _priced(found)}
        return {}

    def _day(self, at: datetime) -> str:
        return at.astimezone(self._zone).date().isoformat()


def _tariff(found: Any) -> Tariff:
    """Return the tariff out of what the stages found: nothing, where the company has no list for the day."""
    priced = [pair for each in found for pair in _priced(each)]
    offer = next((product for product, _ in priced if product.get("unit") in _OFFER), None)
    return Tariff(
        rates=ServiceRates(
            case=_first(priced, _CASE),
            hour=_first(priced, _HOUR),
            visit=_first(priced, _VISIT),
        ),
        offer=_offer(offer) if offer else None,
    )


def _stages(day: str, products: Mapping[str, Any]) -> Stages:
    holds = {
        "$and": [
            {"$lte": ["$$this.start_date", day]},
            {"$or": [{"$eq": ["$$this.end_date", None]}, {"$gte": ["$$this.end_date", day]}]},
        ]
    }
    version = {"$first": {"$filter": {"input": "$versions", "as": "this", "cond": holds}}}
    keys = {"$map": {"input": "$products", "in": {"$concat": ["$version.key", "/", "$$this._id"]}}}
    shown = {"name_en": 1, "name_zh": 1, "unit": 1}
    return [
        {"$match": {"code": STANDARD}},
        {"$project": {"currency_code": 1, "version": version}},
        {"$match": {"version": {"$ne": None}}},
        {
            "$lookup": {
                "from": "products",
                "pipeline": [{"$match": products}, {"$sort": {"_id": 1}}, {"$project": shown}],
                "as": "products",
            }
        },
        {"$addFields": {"keys": keys}},
        {"$lookup": {"from": "price_entries", "localField": "keys", "foreignField": "_id", "as": "entries"}},
        {"$project": {"currency_code": 1, "products": 1, "entries": 1}},
    ]


def _priced(found: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Money]]:
    units = {entry["product_id"]: entry["minor_units"] for entry in found["entries"]}
    return [
        (product, Money(found["currency_code"], units[product["_id"]]))
        for product in found["products"]
        if product["_id"] in units
    ]


def _first(priced: Sequence[tuple[Mapping[str, Any], Money]], units: Sequence[str]) -> Money | None:
    return next((price for product, price in priced if product.get("unit") in units), None)


def _offer(product: Mapping[str, Any]) -> Offer:
    return Offer(product_id=product["_id"], name_en=_name(product, "en"), name_zh=_name(product, "zh"))


def _part(product: Mapping[str, Any], price: Money) -> ListedPart:
    return ListedPart(product_id=product["_id"], name=_name(product, "en"), price=price)


def _name(product: Mapping[str, Any], language: str) -> str:
    other = {"en": "zh", "zh": "en"}[language]
    name: str = product.get(f"name_{language}") or product[f"name_{other}"]
    return name
