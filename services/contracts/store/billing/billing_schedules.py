"""How far each contract is planned, and the contracts as billing reads them, in MongoDB."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from mongoengine import BooleanField, DictField, Document, LongField, StringField
from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from services.chassis.codec import Codec
from services.chassis.mongo import collection_of
from services.chassis.paging import Page
from services.contracts.domain.life_cycle.contract_states import UNSIGNED, ContractState
from services.contracts.ports.billing import Loaded, Planned, Stale
from services.contracts.store.database import ALIAS
from services.contracts.store.life_cycle.contracts import ContractCodec, ContractDocument

_SIGNED = [state.value for state in ContractState if state not in UNSIGNED]
_DUPLICATE_KEY = 11000


class BillingScheduleDocument(Document):
    """How far one contract is planned; `stale` asks for another run whatever the rest says."""

    id = StringField(primary_key=True)
    contract_version = LongField(required=True)
    planned_until = StringField(required=True)
    complete = BooleanField()
    parked = DictField()
    stale = BooleanField()

    meta = {
        "db_alias": ALIAS,
        "collection": "billing_schedules",
        "auto_create_index": False,
        "indexes": [
            {
                "fields": ["parked.reason", "_id"],
                "name": "parked",
                "cls": False,
                "partialFilterExpression": {"parked.reason": {"$gt": ""}},
            },
        ],
    }


class MongoBillingSchedules:
    """How far each contract is planned."""

    def __init__(self) -> None:
        """Write through the alias `contracts`."""
        self._codec = Codec(Planned)

    def note(self, planned: Sequence[Planned]) -> None:
        if not planned:
            return
        try:
            self._collection.bulk_write([self._update(each) for each in planned], ordered=False)
        except BulkWriteError as error:
            failures = (error.details or {}).get("writeErrors", [])
            if any(failure["code"] != _DUPLICATE_KEY for failure in failures):
                raise
            overtaken = [planned[failure["index"]].contract_id for failure in failures]
            self._collection.update_many({"_id": {"$in": overtaken}}, {"$set": {"stale": True}})

    def parked(self, *, size: int, after: str) -> Page[Planned]:
        query = {"parked.reason": {"$gt": ""}, "_id": {"$gt": after}}
        found = list(self._collection.find(query).sort("_id", 1).limit(size + 1))
        items = tuple(self._planned(each) for each in found[:size])
        return Page(items, items[-1].contract_id if len(found) > size else "")

    def get(self, contract_id: str) -> Planned | None:
        found = self._collection.find_one({"_id": contract_id})
        return self._planned(found) if found else None

    @property
    def _collection(self) -> Collection[dict[str, Any]]:
        return collection_of(BillingScheduleDocument)

    def _update(self, planned: Planned) -> UpdateOne:
        """A newer version that was planned meanwhile makes this an insert of an id that exists, which is refused."""
        document = self._codec.to_document(planned) | {"stale": False}
        key = document.pop("contract_id")
        guard = {"_id": key, "contract_version": {"$lte": planned.contract_version}}
        return UpdateOne(guard, {"$set": document}, upsert=True)

    def _planned(self, document: dict[str, Any]) -> Planned:
        return self._codec.to_aggregate({**document, "contract_id": document["_id"]})


class MongoBilledContracts:
    """The contracts, as billing reads them."""

    def __init__(self) -> None:
        """Read through the alias `contracts`."""
        self._codec = ContractCodec()

    def load(self, contract_ids: Sequence[str]) -> Sequence[Loaded]:
        found = collection_of(ContractDocument).find({"_id": {"$in": list(contract_ids)}}, {"outbox": 0})
        return [self._loaded(each) for each in found]

    def stale(self, planned_until: date, *, after: str, size: int) -> Stale:
        query = {"state": {"$in": _SIGNED}, "_id": {"$gt": after}}
        page = list(collection_of(ContractDocument).find(query, {"version": 1}).sort("_id", 1).limit(size))
        ids = [each["_id"] for each in page]
        noted = {each["_id"]: each for each in collection_of(BillingScheduleDocument).find({"_id": {"$in": ids}})}
        until = planned_until.isoformat()
        wanted = [each["_id"] for each in page if _is_stale(each["version"], noted.get(each["_id"]), until=until)]
        return Stale(wanted, ids[-1] if len(page) == size else "")

    def _loaded(self, document: dict[str, Any]) -> Loaded:
        key, version = document["_id"], int(document.get("version") or 0)
        try:
            return Loaded(contract_id=key, version=version, contract=self._codec.to_aggregate(document))
        except Exception as error:  # noqa: BLE001  # whatever is wrong with one document must not hide the others
            return Loaded(contract_id=key, version=version, contract=None, problem=f"{type(error).__name__}: {error}")


def _is_stale(version: int, noted: dict[str, Any] | None, *, until: str) -> bool:
    if noted is None or noted.get("stale") or not noted["complete"]:
        return True
    return bool(noted["contract_version"] != version or noted["planned_until"] < until)
