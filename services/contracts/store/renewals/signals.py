"""What was heard of customers, in MongoDB: one document for each event."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mongoengine import DateTimeField, Document, IntField, StringField
from pymongo.errors import DuplicateKeyError

from services.chassis.codec import Codec, readable
from services.chassis.mongo import collection_of
from services.contracts.domain.renewals.renewal_signals import Signal, SignalKind
from services.contracts.store.customers.families import families, family
from services.contracts.store.database import ALIAS

_OF_CASES = [SignalKind.CASE_OPENED.value, SignalKind.COMPLAINT_OPENED.value, SignalKind.CASE_CLOSED.value]


class SignalDocument(Document):
    """A signal; its id follows from the event that told it."""

    id = StringField(primary_key=True)
    customer_id = StringField(required=True)
    kind = StringField(required=True)
    subject_id = StringField()
    value = IntField()
    occurred_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "renewal_signals",
        "auto_create_index": False,
        "indexes": [{"fields": ["customer_id", "-occurred_time"], "name": "by_customer", "cls": False}],
    }


class MongoSignals:
    """What was heard of customers."""

    def __init__(self) -> None:
        """Write through the alias `contracts`."""
        self._codec = Codec(Signal)

    def add(self, signal: Signal) -> bool:
        try:
            collection_of(SignalDocument).insert_one(self._codec.to_document(signal))
        except DuplicateKeyError:
            return False
        return True

    def of_customers(self, customer_ids: Sequence[str], *, since: datetime) -> Mapping[str, Sequence[Signal]]:
        of = families(customer_ids)
        owner = {member: key for key, members in of.items() for member in members}
        query: dict[str, Any] = {
            "customer_id": {"$in": list(owner)},
            "$or": [{"occurred_time": {"$gte": since}}, {"kind": {"$in": _OF_CASES}}],
        }
        heard: dict[str, list[Signal]] = defaultdict(list)
        found = collection_of(SignalDocument).find(query)
        for signal in readable(found, self._codec.to_aggregate, collection="renewal_signals"):
            heard[owner[signal.customer_id]].append(signal)
        return heard

    def latest(self, customer_id: str, *, since: datetime, most: int) -> Sequence[Signal]:
        query = {"customer_id": {"$in": list(family(customer_id))}, "occurred_time": {"$gte": since}}
        found = collection_of(SignalDocument).find(query).sort("occurred_time", -1).limit(most)
        return [self._codec.to_aggregate(each) for each in found]
