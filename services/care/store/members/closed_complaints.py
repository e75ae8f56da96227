"""Which complaints are closed, so that one whose opening is heard late stays closed."""

from mongoengine import Document, StringField

from services.chassis.mongo import collection_of


class ClosedComplaintDocument(Document):
    """A case that was closed."""

    id = StringField(primary_key=True)

    meta = {"db_alias": "care", "collection": "closed_complaints", "auto_create_index": False}


class MongoClosedComplaints:
    """The ends that care has heard of."""

    def note(self, case_id: str) -> None:
        collection_of(ClosedComplaintDocument).replace_one({"_id": case_id}, {}, upsert=True)

    def knows(self, case_id: str) -> bool:
        return collection_of(ClosedComplaintDocument).find_one({"_id": case_id}) is not None
