"""The history of consents: append-only, and complete however a process ends.

A member's document holds the newest word for each channel and purpose, whole. It is filed after the member is written,
and once more before another word takes its place; its id is derived, so that it is filed once. Readers add what
the member holds, so that nothing is missing in between.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from mongoengine import BooleanField, DateTimeField, Document, StringField
from pymongo.errors import BulkWriteError

from services.care.domain.members.consents import Consent
from services.care.domain.members.member import Member
from services.care.store.collisions import places_taken
from services.chassis.codec import Codec
from services.chassis.mongo import collection_of

_CODEC = Codec(Consent)


class ConsentDocument(Document):
    """One word for one channel and purpose; written once."""

    id = StringField(primary_key=True)
    member_id = StringField(required=True)
    channel = StringField(required=True)
    purpose = StringField(required=True)
    granted = BooleanField(required=True)
    time = DateTimeField(required=True)
    source = StringField(required=True)
    proof = StringField()
    recorded_time = DateTimeField(required=True)
    recorded_by = StringField()
    touch_id = StringField()
    pending = BooleanField()
    asked_touch_id = StringField()

    meta = {
        "db_alias": "care",
        "collection": "consents",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["member_id", "recorded_time"], "name": "by_member", "cls": False},
            # Which messages made people leave.
            {"fields": ["touch_id"], "name": "by_touch", "cls": False},
        ],
    }


class ConsentHistory:
    """Files words, and finds them again."""

    def file(self, members: Iterable[Member]) -> None:
        """File what these members hold."""
        _insert([(member.id, fact) for member in members for fact in member.consent_facts])

    def file_replaced(self, changes: Iterable[tuple[Member, Member]]) -> None:
        """File what these changes are about to replace."""
        _insert(
            [
                (old.id, fact)
                for old, new in changes
                if old.consent_facts != new.consent_facts
                for fact in old.consent_facts
                if fact not in new.consent_facts
            ]
        )

    def of(self, members: Sequence[Member]) -> list[tuple[str, Consent]]:
        """Return every word of these members with the id of its member, newest first."""
        found = collection_of(ConsentDocument).find({"member_id": {"$in": [member.id for member in members]}})
        words = {each["_id"]: (each["member_id"], _CODEC.to_aggregate(each)) for each in found}
        words.update({fact.id: (member.id, fact) for member in members for fact in member.consent_facts})
        return sorted(words.values(), key=lambda word: (word[1].recorded_time, word[1].id), reverse=True)


def _insert(words: Sequence[tuple[str, Consent]]) -> None:
    if not words:
        return
    documents: list[dict[str, Any]] = [{**_CODEC.to_document(word), "member_id": key} for key, word in words]
    try:
        collection_of(ConsentDocument).insert_many(documents, ordered=False)
    except BulkWriteError as error:
        places_taken(error)  # anything else is raised again
