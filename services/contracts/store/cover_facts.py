"""All that a verdict rests on, in MongoDB: one read over the indexes of five collections.

There is no projection that could be stale: contracts, assets, counters and prices are read where they are written.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo.client_session import ClientSession

from services.chassis.codec import Codec
from services.chassis.errors import NotFound
from services.chassis.mongo import collection_of, handle
from services.contracts.domain.coverage import Ask, CounterKey, CoveredAsset, Facts, Promise
from services.contracts.domain.service_rates import Tariff
from services.contracts.store.allowance_counters import key_of
from services.contracts.store.customers import CustomerDocument
from services.contracts.store.database import ALIAS
from services.contracts.store.service_prices import MongoServicePrices, tariff_of

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
PROMISES = Codec(Promise)


class MongoCoverFacts:
    """Contracts, assets, counters and the price list."""

    def __init__(self, time_zone: str) -> None:
        """Read through the alias `contracts`; days of customers without a zone are counted in the one given."""
        self._time_zone = time_zone
        self._prices = MongoServicePrices(time_zone)

    def read(self, ask: Ask, *, session: ClientSession | None = None) -> tuple[Facts, Tariff]:
        """Return the facts; within a transaction where a session is given."""
        found = self._one(ask, ask.customer_id, session=session)
        if survivor := found.get("merged_into_id"):
            found = self._one(ask, survivor, session=session)
        if ask.asset_id and not found["asset"]:
            raise NotFound("asset", ask.asset_id)
        promises = tuple(PROMISES.to_aggregate(each) for each in found["contracts"])
        counted = ask.known_at is None
        facts = Facts(
            time_zone=found.get("time_zone") or self._time_zone,
            family=frozenset((ask.customer_id, *found["ids"])),
            asset=_asset(found["asset"][0]) if ask.asset_id else None,
            promises=promises,
            used=_used(found["counters"]) if counted else _used_by(promises, ask.known_at, session=session),
        )
        return facts, tariff_of(found["prices"])

    def _one(self, ask: Ask, customer_id: str, *, session: ClientSession | None) -> dict[str, Any]:
        customers = collection_of(CustomerDocument)
        prices = {"from": "price_lists", "pipeline": self._prices.stages(ask.service_type, ask.at), "as": "prices"}
        stages = [*_pipeline(ask, customer_id), {"$lookup": prices}]
        for found in customers.aggregate(stages, session=session):
            return found
        raise NotFound("customer", customer_id)


def _pipeline(ask: Ask, customer_id: str) -> list[dict[str, Any]]:
    where: dict[str, Any] = {}
    if ask.known_at is None:
        where["end_date"] = {"$gte": (ask.at.date() - _LOOK_BACK).isoformat()}
    stages: list[dict[str, Any]] = [
        {"$match": {"_id": customer_id}},
        {
            "$project": {
                "time_zone": 1,
                "merged_into_id": 1,
                "ids": {"$concatArrays": [["$_id"], {"$ifNull": ["$merged_ids", []]}]},
            }
        },
        {
            "$lookup": {
                "from": "contracts",
                "localField": "ids",
                "foreignField": "customer_id",
                "pipeline": [{"$match": where}, {"$project": PROMISE_FIELDS}],
                "as": "contracts",
            }
        },
        {
            "$lookup": {
                "from": "allowance_counters",
                "localField": "contracts._id",
                "foreignField": "contract_id",
                "as": "counters",
            }
        },
    ]
    if ask.asset_id:
        asset = [{"$match": {"_id": ask.asset_id}}, {"$project": _ASSET}]
        stages.append({"$lookup": {"from": "assets", "pipeline": asset, "as": "asset"}})
    return stages


_ASSET = {"customer_id": 1, "delivery_date": 1, "warranty_end": 1}
_ASSETS = Codec(CoveredAsset)


def _asset(found: dict[str, Any]) -> CoveredAsset:
    return _ASSETS.to_aggregate(found)


def _used(found: Sequence[Mapping[str, Any]]) -> dict[CounterKey, int]:
    return {key_of(each): each["taken"] for each in found}


def _used_by(
    promises: Sequence[Promise], known_at: datetime | None, *, session: ClientSession | None
) -> dict[CounterKey, int]:
    """Return what was taken of each allowance as known at a moment: the sum of what each usage held then."""
    wanted = [promise.id for promise in promises]
    used: dict[CounterKey, int] = {}
    found = handle(ALIAS)["allowance_usages"].find(
        {"held.covers.contract_id": {"$in": wanted}, "create_time": {"$lte": known_at}},
        {"unit": 1, "held": 1},
        session=session,
    )
    for usage in found:
        held = [each for each in usage["held"] if known_at is None or each["since"] <= known_at]
        for cover in held[-1]["covers"] if held else ():
            if cover["contract_id"]:
                key = key_of({**cover, "unit": usage["unit"]})
                used[key] = used.get(key, 0) + cover["quantity"]
    return used
