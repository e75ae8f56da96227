"""Words in MongoDB, and the members who would read them."""

from collections.abc import Callable, Sequence

from mongoengine import DateTimeField, DictField, ListField, StringField

from services.care.domain.sending.recipient import Recipient
from services.care.domain.templates.words import Words, WordsVersion
from services.care.domain.templates.words_errors import WordsCodeTaken
from services.care.ports.templates import WordsFilter
from services.care.store.members.members import MemberDocument
from services.care.store.sending.recipients import RECIPIENT_FIELDS, is_gone, recipient_of
from services.chassis.aggregates import (
    AggregateDocument,
    AggregateStore,
    DuplicateKey,
    aggregate_indexes,
    unique_when_set,
)
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField, NotFound
from services.chassis.mongo import collection_of
from services.chassis.paging import Page


class WordsDocument(AggregateDocument):
    """Words of the library."""

    code = StringField(required=True)
    name = StringField(required=True)
    channel = StringField(required=True)
    purpose = StringField(required=True)
    state = StringField(required=True)
    versions = ListField(DictField())
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": "care",
        "collection": "words",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            unique_when_set("code"),
            {"fields": ["state", "_id"], "name": "by_state", "cls": False},
        ],
    }


class MongoWords:
    """The words on record."""

    def __init__(self, clock: Clock) -> None:
        self._store = AggregateStore.of(WordsDocument, Words, noun="words", source="care", clock=clock)

    def add(self, words: Words, *, request_key: str) -> Words:
        try:
            return self._store.add(words, request_key)
        except DuplicateKey as error:
            if "code" in error.fields:
                raise WordsCodeTaken(words.code) from error
            raise

    def get(self, words_id: str) -> Words:
        return self._store.get(words_id)

    def published(self, words_id: str) -> tuple[Words, WordsVersion]:
        words = self.get(words_id)
        return words, words.published()

    def batch_get(self, words_ids: Sequence[str]) -> Sequence[Words]:
        return self._store.batch_get(words_ids)

    def page(self, match: WordsFilter, *, size: int, after: str) -> Page[Words]:
        wanted = {"channel": match.channel, "purpose": match.purpose, "state": match.state}
        where = {field: value.value for field, value in wanted.items() if value is not None}
        return self._store.page(where, size=size, after=after)

    def change(self, words_id: str, step: Callable[[Words], Words], *, etag: str, request_key: str) -> Words:
        try:
            return self._store.change(words_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for other words.") from error


class MongoReaders:
    """Members as a dispatcher reads them, one at a time."""

    def reader(self, member_id: str) -> Recipient:
        found = collection_of(MemberDocument).find_one({"_id": member_id}, RECIPIENT_FIELDS)
        if found is None or is_gone(found):
            raise NotFound.of("member", member_id)
        return recipient_of(found)
