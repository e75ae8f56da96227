"""What customers' value is computed from, in MongoDB: projections of what other rooms write."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from services.chassis.codec import Codec, readable
from services.chassis.mongo import collection_of, handle
from services.contracts.domain.figures.booked import BookedContract
from services.contracts.domain.figures.served import Served
from services.contracts.domain.figures.value_facts import CustomerFacts, Purchase
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.periods import local_day
from services.contracts.ports.values import Unreadable
from services.contracts.store.customers.customers import CustomerDocument
from services.contracts.store.customers.families import families
from services.contracts.store.database import ALIAS
from services.contracts.store.figures.figures import BOOKED_FIELDS, survivors_of, to_booked

_SERVED = Codec(Served)
_SIGNED = {"signed_time": {"$ne": None}}
_BOUGHT: Mapping[str, tuple[dict[str, Any], str, str]] = {
    "orders": ({"milestone": {"$ne": "cancelled"}}, "total", "create_time"),
    "service_orders": ({"state": "completed", "charge": {"$ne": None}}, "charge", "completed_time"),
}
"""By collection: which documents are purchases, and where their amount and moment stand."""
_CHANGED = {
    "contracts": "update_time",
    "orders": "update_time",
    "service_orders": "update_time",
    "served": "heard_time",
}
"""By collection: the field that says when something was written about its customer."""


class MongoValueSources:
    """Contracts, purchases and what was done for customers; a doublet's count as its survivor's."""

    def __init__(self, time_zone: str) -> None:
        """Read through the alias `contracts`; days of purchases are counted in this zone."""
        self._time_zone = time_zone

    def customers_after(self, customer_id: str, *, size: int) -> Sequence[str]:
        query = {"_id": {"$gt": customer_id}, "merged_into_id": {"$in": ["", None]}}
        found = collection_of(CustomerDocument).find(query, {"_id": 1}).sort("_id", 1).limit(size)
        return [each["_id"] for each in found]

    def touched_since(self, moment: datetime) -> Sequence[str]:
        since = {"$gte": moment}
        touched: set[str] = set()
        for collection, field in _CHANGED.items():
            touched.update(handle(ALIAS)[collection].distinct("customer_id", {field: since}))
        customers = collection_of(CustomerDocument)
        touched.update(each["_id"] for each in customers.find({"create_time": since}, {"_id": 1}))
        merged = customers.find({"update_time": since, "merged_ids": {"$gt": ""}}, {"_id": 1})
        touched.update(each["_id"] for each in merged)
        survivors = survivors_of()
        return sorted({survivors.get(each, each) for each in touched if each})

    def facts(self, customer_ids: Sequence[str]) -> Mapping[str, CustomerFacts | Unreadable]:
        members = families(customer_ids)
        owner = {member: key for key, each in members.items() for member in each}
        wanted = {"customer_id": {"$in": list(owner)}}
        raw: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        for name, query, shown in (
            ("contracts", _SIGNED, BOOKED_FIELDS),
            ("served", {}, None),
            *((name, query, None) for name, (query, _, _) in _BOUGHT.items()),
        ):
            for each in handle(ALIAS)[name].find({**wanted, **query}, shown):
                raw[owner[each["customer_id"]]].append((name, each))
        return {key: self._facts(key, raw[key]) for key in members}

    def purchases(self) -> Iterable[tuple[str, Sequence[Purchase]]]:
        survivors = survivors_of()
        found: dict[str, list[Purchase]] = defaultdict(list)
        for name, (query, amount, moment) in _BOUGHT.items():
            bought = handle(ALIAS)[name].find(query, {"customer_id": 1, amount: 1, moment: 1})
            for customer_id, purchase in readable(bought, partial(self._bought, name), collection=name):
                found[str(survivors.get(customer_id) or customer_id)].append(purchase)
        return found.items()

    def signed_contracts(self) -> Iterator[BookedContract]:
        return readable(handle(ALIAS)["contracts"].find(_SIGNED, BOOKED_FIELDS), to_booked, collection="contracts")

    def _facts(self, customer_id: str, found: Iterable[tuple[str, dict[str, Any]]]) -> CustomerFacts | Unreadable:
        contracts, purchases, served = [], [], []
        for name, each in found:
            try:
                if name == "contracts":
                    contracts.append(replace(to_booked(each), customer_id=customer_id))
                elif name == "served":
                    served.append(_SERVED.to_aggregate(each))
                else:
                    purchases.append(self._purchase(name, each))
            except Exception as error:  # noqa: BLE001  # whatever is wrong with it: the others go on
                return Unreadable(f"{name} {each['_id']}: {type(error).__name__}: {error}"[:500])
        return CustomerFacts(
            customer_id=customer_id, contracts=tuple(contracts), purchases=tuple(purchases), served=tuple(served)
        )

    def _bought(self, name: str, found: Mapping[str, Any]) -> tuple[str, Purchase]:
        return found["customer_id"], self._purchase(name, found)

    def _purchase(self, name: str, found: Mapping[str, Any]) -> Purchase:
        _, amount, moment = _BOUGHT[name]
        money = Money(found[amount]["currency_code"], found[amount]["minor_units"])
        return Purchase(day=local_day(found[moment], self._time_zone), amount=money)
