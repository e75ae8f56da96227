"""What providers did with messages, counted by dispatchers, read by the job that pauses."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from mongoengine import DateTimeField, Document, IntField, StringField

from services.care.domain.providers.health import Tally
from services.chassis.mongo import collection_of

_SECONDS = 5


class TallyDocument(Document):
    """What became of the messages of one provider or campaign within five seconds."""

    id = StringField(primary_key=True)
    subject = StringField()
    at = DateTimeField()
    handed = IntField()
    errors = IntField()
    forget_at = DateTimeField()

    meta = {
        "db_alias": "care",
        "collection": "send_tallies",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["subject", "at"], "name": "by_subject", "cls": False},
            {"fields": ["at"], "name": "by_time", "cls": False},
            {"fields": ["forget_at"], "name": "forgotten", "cls": False, "expireAfterSeconds": 0},
        ],
    }


def bucket_of(now: datetime) -> datetime:
    """Return the beginning of the five seconds that a moment is counted in."""
    return now.replace(microsecond=0) - timedelta(seconds=now.second % _SECONDS)


class MongoTallyReader:
    """Reads the counts."""

    def subjects(self, since: datetime) -> Collection[str]:
        found: list[str] = collection_of(TallyDocument).distinct("subject", {"at": {"$gte": since}})
        return found

    def since(self, begins: Mapping[str, datetime]) -> Mapping[str, Tally]:
        tallies = {}
        for subject, begin in begins.items():
            # A window that begins within a bucket leaves it out: it may hold what was before somebody resumed.
            groups = collection_of(TallyDocument).aggregate(
                [
                    {"$match": {"subject": subject, "at": {"$gte": begin}}},
                    {"$group": {"_id": None, "handed": {"$sum": "$handed"}, "errors": {"$sum": "$errors"}}},
                ]
            )
            for group in groups:
                tallies[subject] = Tally(group["handed"], group["errors"])
        return tallies
