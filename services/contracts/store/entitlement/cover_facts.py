"""All that a verdict rests on, in MongoDB: one read over the indexes of five collections.

There is no projection that could be stale: contracts, assets, counters and prices are read where they are written.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo.client_session import ClientSession

from services.chassis.codec import Codec
from services.chassis.errors import NotFound
from services.chassis.mongo import collection_of, handle
from services.contracts.domain.entitlement.coverage import Ask, CounterKey, CoveredAsset, Facts, Promise
from services.contracts.domain.entitlement.service_rates import Tariff
from services.contracts.store.customers.customers import CustomerDocument
from services.contracts.store.database import ALIAS
from services.contracts.store.entitlement.allowance_counters import COUNTER_PREFIX, key_of
from services.contracts.store.entitlement.promises import promise_of
from services.contracts.store.entitlement.service_prices import MongoServicePrices
from services.contracts.store.entitlement.usage_history import taken

_LOOK_BACK = timedelta(days=731)
"""A contract that ended longer before the service is no longer told as the reason why it is charged."""
PROMISE_FIELDS = {
    "time_zone": 1,
    "versions": {
        "number": 1,
        "effective_date": 1,
        "recorded_time": 1,
        "title": 1,
        "start_date": 1,
        "end_date": 1,
        "lines": {
            "id": 1,
            "description": 1,
            "asset_ids": 1,
            "service_types": 1,
            "allowances": 1,
            "start_date": 1,
            "end_date": 1,
        },
    },
    "moves": {"state": 1, "effective_date": 1, "recorded_time": 1},
    "termination": {"last_date": 1, "recorded_time": 1},
}
_Part = tuple[str, Mapping[str, Any], Mapping[str, Any]]
"""A collection, which documents, and which of their fields."""


class MongoCoverFacts:
    """Contracts, assets, counters and the price list."""

    def __init__(self, time_zone: str, prices: MongoServicePrices) -> None:
        """Read through the alias `contracts`; days of customers without a zone are counted in the one given."""
        self._time_zone = time_zone
        self._prices = prices

    def read(self, ask: Ask) -> tuple[Facts, Tariff]:
        return self.facts(ask), self._prices.recent(ask.service_type, ask.at)

    def facts(self, ask: Ask, *, session: ClientSession | None = None) -> Facts:
        """Return what the verdict itself rests on; within a transaction where a session is given."""
        family: tuple[str, ...] = (ask.customer_id,)
        found = _read(ask, family, session=session)
        customer = found["customer"][0]
        if customer.get("merged_into_id") or customer.get("merged_ids"):
            customer = _survivor(customer, session=session)
            family = (customer["_id"], *customer.get("merged_ids", ()))
            found = _read(ask, family, session=session)
        promises = tuple(promise_of(each) for each in found["contract"])
        return Facts(
            time_zone=customer.get("time_zone") or self._time_zone,
            family=frozenset(family),
            asset=_ASSETS.to_aggregate(found["asset"][0]) if ask.asset_id else None,
            promises=promises,
            used=(
                {key_of(each): each["taken"] for each in found["counter"]}
                if ask.known_at is None
                else _taken_by(promises, ask.known_at, session=session)
            ),
        )


def _read(ask: Ask, family: Sequence[str], *, session: ClientSession | None) -> dict[str, list[dict[str, Any]]]:
    """Return the documents by what they are, or refuse: no customer or no asset has the id."""
    found: dict[str, list[dict[str, Any]]] = {"customer": [], "contract": [], "asset": [], "counter": []}
    parts = _parts(ask, family)
    for each in _at_once(parts) if session is None else _within(parts, session):
        found[_NAMES[each["_id"][:4]]].append(each)
    if not found["customer"]:
        raise NotFound("customer", ask.customer_id)
    if ask.asset_id and not found["asset"]:
        raise NotFound("asset", ask.asset_id)
    return found


def _parts(ask: Ask, family: Sequence[str]) -> list[_Part]:
    whose: Any = family[0] if len(family) == 1 else {"$in": list(family)}
    contracts = {"customer_id": whose}
    if ask.known_at is None:
        contracts["end_date"] = {"$gte": (ask.at.date() - _LOOK_BACK).isoformat()}
    parts: list[_Part] = [
        ("contracts", contracts, PROMISE_FIELDS),
        ("customers", {"_id": ask.customer_id}, _CUSTOMER),
        ("allowance_counters", {"customer_id": whose}, _COUNTER),
    ]
    return [*parts, ("assets", {"_id": ask.asset_id}, _ASSET)] if ask.asset_id else parts


def _at_once(parts: Sequence[_Part]) -> Iterator[dict[str, Any]]:
    # One union of indexed finds costs the database a third less than lookups from one to the other, and the caller
    # a third of as many calls. Whole documents, since choosing fields costs the database more than it saves us.
    (first, where, _), *rest = parts
    stages: list[dict[str, Any]] = [{"$match": where}]
    stages += [
        {"$unionWith": {"coll": collection, "pipeline": [{"$match": condition}]}} for collection, condition, _ in rest
    ]
    yield from handle(ALIAS)[first].aggregate(stages)


def _within(parts: Sequence[_Part], session: ClientSession) -> Iterator[dict[str, Any]]:
    # MongoDB has no union within a transaction; there the snapshot makes one of several finds.
    for collection, where, fields in parts:
        yield from handle(ALIAS)[collection].find(where, fields, session=session)


def _survivor(customer: dict[str, Any], *, session: ClientSession | None) -> dict[str, Any]:
    """Return the customer that stands for the whole family."""
    survivor = customer.get("merged_into_id")
    if not survivor:
        return customer
    return collection_of(CustomerDocument).find_one({"_id": survivor}, _CUSTOMER, session=session) or customer


def _taken_by(
    promises: Sequence[Promise], known_at: datetime, *, session: ClientSession | None
) -> dict[CounterKey, int]:
    found = taken([promise.id for promise in promises], known_at, session=session)
    return {key: sum(quantities.values()) for key, quantities in found.items()}


_NAMES = {"cus_": "customer", "con_": "contract", "ast_": "asset", COUNTER_PREFIX: "counter"}
_CUSTOMER = {"time_zone": 1, "merged_ids": 1, "merged_into_id": 1}
_COUNTER = {"contract_id": 1, "line_id": 1, "term_start": 1, "unit": 1, "taken": 1}
_ASSET = {"customer_id": 1, "delivery_date": 1, "warranty_end": 1}
_ASSETS = Codec(CoveredAsset)
