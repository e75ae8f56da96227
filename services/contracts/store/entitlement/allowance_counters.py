"""How much of each allowance is taken, in MongoDB: one small document for each unit of a line in a term."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from mongoengine import Document, LongField, StringField
from pymongo.client_session import ClientSession
from pymongo.collection import Collection

from services.chassis.errors import StaleVersion
from services.chassis.mongo import collection_of
from services.contracts.domain.entitlement.allowance_usage import AllowanceUsage, UsageState
from services.contracts.domain.entitlement.coverage import CounterKey, ServiceUnit
from services.contracts.store.database import ALIAS

_TAKEN_BY: Mapping[UsageState, str] = {UsageState.RESERVED: "reserved", UsageState.CONSUMED: "consumed"}
"""The field that counts what a usage of this state holds; the other states hold nothing."""


COUNTER_PREFIX = "cnt_"
"""Begins the id of a counter, so that it is told from what it is read together with."""


class AllowanceCounterDocument(Document):
    """Derived from the usages, and written in the same transaction as they are."""

    id = StringField(primary_key=True)
    customer_id = StringField(required=True)
    """Who used it first: the contract's customer, or a doublet of it."""
    contract_id = StringField(required=True)
    line_id = StringField(required=True)
    term_start = StringField(required=True)
    unit = StringField(required=True)
    reserved = LongField(required=True)
    consumed = LongField(required=True)
    taken = LongField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "allowance_counters",
        "auto_create_index": False,
        "indexes": [
            # A verdict reads those of the customer; the balances of a contract, those of the contract.
            {"fields": ["customer_id"], "name": "by_customer", "cls": False},
            {"fields": ["contract_id"], "name": "by_contract", "cls": False},
        ],
    }


def counters() -> Collection[dict[str, Any]]:
    """Return the collection."""
    return collection_of(AllowanceCounterDocument)


def key_of(found: Mapping[str, Any]) -> CounterKey:
    """Return what a stored counter counts."""
    return CounterKey(
        found["contract_id"], found["line_id"], date.fromisoformat(found["term_start"]), ServiceUnit(found["unit"])
    )


def move(before: AllowanceUsage | None, after: AllowanceUsage, *, session: ClientSession) -> None:
    """Move the counters from what a usage held to what it holds now, within the transaction of the session.

    The condition repeats what the judge has seen in the same snapshot: no counter passes its total, whatever happens.
    """
    changes: dict[CounterKey, dict[str, int]] = {}
    for usage, sign in ((before, -1), (after, 1)):
        field = _TAKEN_BY.get(usage.state) if usage else None
        if usage is None or field is None:
            continue
        for key, quantity in usage.drawn.items():
            change = changes.setdefault(key, {"reserved": 0, "consumed": 0, "taken": 0})
            change[field] += sign * quantity
            change["taken"] += sign * quantity
    totals = {cover.counter(after.unit): cover.total for cover in after.covers if cover.unit is after.unit}
    for key, change in changes.items():
        if any(change.values()):
            _take(key, change, total=totals.get(key), customer_id=after.customer_id, session=session)


def _take(
    key: CounterKey, change: dict[str, int], *, total: int | None, customer_id: str, session: ClientSession
) -> None:
    where: dict[str, Any] = {
        "_id": f"{COUNTER_PREFIX}{key.contract_id}|{key.line_id}|{key.term_start.isoformat()}|{key.unit.value}"
    }
    if total is not None and change["taken"] > 0:
        where["taken"] = {"$lte": total - change["taken"]}
    named = {
        "customer_id": customer_id,
        "contract_id": key.contract_id,
        "line_id": key.line_id,
        "term_start": key.term_start.isoformat(),
        "unit": key.unit.value,
    }
    written = counters().update_one(
        where, {"$inc": change, "$setOnInsert": named}, upsert=change["taken"] >= 0, session=session
    )
    if not written.matched_count and written.upserted_id is None:
        raise StaleVersion("allowance", where["_id"])
