"""What was expected of open renewals week by week, in MongoDB: one document for each week and renewal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from mongoengine import DateTimeField, DictField, Document, IntField, StringField
from pymongo.errors import BulkWriteError

from services.chassis.codec import Codec
from services.chassis.mongo import collection_of
from services.contracts.domain.renewals.renewal_forecast import Expected
from services.contracts.ports.snapshots import SnapshotWeek
from services.contracts.store.database import ALIAS, set_only

_DUPLICATE_KEY = 11000


class RenewalSnapshotDocument(Document):
    """What was expected of one renewal in one week; the id is both, so that a repeat finds the first."""

    id = StringField(primary_key=True)
    week = StringField(required=True)
    renewal_id = StringField(required=True)
    owner_id = StringField()
    month = StringField(required=True)
    term_end = StringField(required=True)
    category = StringField(required=True)
    likelihood = IntField(required=True)
    due = DictField(required=True)
    amount = DictField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "renewal_snapshots",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["week", "month"], "name": "by_week", "cls": False},
            {"fields": ["renewal_id", "week"], "name": "by_renewal", "cls": False},
        ],
    }


class SnapshotWeekDocument(Document):
    """A week that was kept whole."""

    id = StringField(primary_key=True)
    renewals = IntField(required=True)
    taken_time = DateTimeField(required=True)

    meta = {"db_alias": ALIAS, "collection": "renewal_snapshot_weeks", "auto_create_index": False, "indexes": []}


class MongoSnapshots:
    """The snapshots on record."""

    def __init__(self) -> None:
        """Write through the alias `contracts`."""
        self._codec = Codec(Expected)

    def taken(self, week: str) -> bool:
        return collection_of(SnapshotWeekDocument).find_one({"_id": week}, {"_id": 1}) is not None

    def keep(self, week: str, expected: Sequence[Expected]) -> None:
        documents = [
            {"_id": f"{week}:{each.renewal_id}", "week": week, **self._codec.to_document(each)} for each in expected
        ]
        if not documents:
            return
        try:
            collection_of(RenewalSnapshotDocument).insert_many(documents, ordered=False)
        except BulkWriteError as error:
            if any(each["code"] != _DUPLICATE_KEY for each in (error.details or {}).get("writeErrors", [])):
                raise

    def close(self, week: str, *, now: datetime) -> None:
        count = collection_of(RenewalSnapshotDocument).count_documents({"week": week})
        collection_of(SnapshotWeekDocument).update_one(
            {"_id": week}, {"$setOnInsert": {"renewals": count, "taken_time": now}}, upsert=True
        )

    def weeks(self, *, most: int) -> Sequence[SnapshotWeek]:
        found = collection_of(SnapshotWeekDocument).find().sort("_id", -1).limit(most)
        return [SnapshotWeek(each["_id"], each["renewals"], each["taken_time"]) for each in found]

    def of_week(self, week: str, *, first: str, last: str, owner_id: str) -> Iterator[Expected]:
        query = {"week": week, "month": {"$gte": first, "$lte": last}, **set_only(owner_id=owner_id)}
        for found in collection_of(RenewalSnapshotDocument).find(query):
            yield self._codec.to_aggregate(found)

    def of_renewals(self, weeks: Mapping[str, str]) -> Mapping[str, Expected]:
        keys = [f"{week}:{renewal_id}" for renewal_id, week in weeks.items()]
        found = collection_of(RenewalSnapshotDocument).find({"_id": {"$in": keys}})
        return {each["renewal_id"]: self._codec.to_aggregate(each) for each in found}
