"""What was done for customers, in MongoDB: an insert for each event, and nothing is changed after."""

from mongoengine import BooleanField, DateTimeField, Document, StringField
from pymongo.errors import DuplicateKeyError

from services.chassis.codec import Codec
from services.chassis.mongo import collection_of
from services.contracts.domain.figures.served import Served
from services.contracts.store.database import ALIAS


class ServedDocument(Document):
    """One case that was closed or visit that was made."""

    id = StringField(primary_key=True)
    kind = StringField(required=True)
    customer_id = StringField(required=True)
    subject_id = StringField(required=True)
    contract_id = StringField()
    severity = StringField()
    complaint = BooleanField()
    dissatisfied = BooleanField()
    on_time = BooleanField()
    served_time = DateTimeField(required=True)
    heard_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "served",
        "auto_create_index": False,
        "indexes": [
            # The history of one customer, and who was served since a run of the nightly job.
            {"fields": ["customer_id", "served_time"], "name": "by_customer", "cls": False},
            {"fields": ["heard_time", "customer_id"], "name": "by_heard", "cls": False},
        ],
    }


class MongoServed:
    """The ledger. An event's id is the document's, so the second of two that come at once is refused by the index."""

    def __init__(self) -> None:
        """Write through the alias `contracts`."""
        self._codec = Codec(Served)

    def record(self, served: Served) -> bool:
        try:
            collection_of(ServedDocument).insert_one(self._codec.to_document(served))
        except DuplicateKeyError:
            return False
        return True
