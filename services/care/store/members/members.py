"""Members in MongoDB; documents never leave this package."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from mongoengine import BooleanField, DateTimeField, DictField, IntField, ListField, StringField
from pymongo.client_session import ClientSession

from services.care.domain.members.details import search_key
from services.care.domain.members.member import Member
from services.care.domain.members.refusals import MemberExternalRefTaken
from services.care.ports.members import MemberFilter
from services.care.store.members.consents import ConsentHistory
from services.chassis.aggregates import (
    AggregateDocument,
    AggregateStore,
    DuplicateKey,
    aggregate_indexes,
    unique_when_set,
)
from services.chassis.clock import Clock
from services.chassis.codec import readable
from services.chassis.errors import InvalidField, NotFound, StaleVersion
from services.chassis.paging import Page

ALIAS = "care"
_BESIDE_STATE = ("_id", "outbox", "request_ids")
_LAST_LETTER = "\U0010ffff"  # sorts after every text that begins alike


def _where_set(field: str) -> dict[str, Any]:
    """Return an index for a filter on what most members do not have."""
    return {
        "fields": [field, "_id"],
        "name": f"by_{field}",
        "cls": False,
        "partialFilterExpression": {field: {"$gt": ""}},
    }


class MemberDocument(AggregateDocument):
    """A member."""

    name = StringField(required=True)
    name_search = StringField(required=True)
    external_ref = StringField()
    customer_id = StringField()
    gender = StringField()
    language = StringField(required=True)
    time_zone = StringField()
    birthday = DictField()
    birthday_key = IntField()
    email = StringField()
    phone = StringField()
    do_not_contact = BooleanField(required=True)
    tags = ListField(StringField())
    attributes = DictField()
    household_id = StringField()
    owner_id = StringField()
    wecom_id = StringField()
    wechat_id = StringField()
    preferred_channel = StringField()
    cheerless_until = StringField()
    consents = DictField()
    consent_facts = ListField(DictField())
    unconfirmed = DictField()
    unasked = BooleanField()
    suppressed = DictField()
    complaints = ListField(StringField())
    merged_into_id = StringField()
    merged_ids = ListField(StringField())
    erased_time = DateTimeField()
    unsettled = BooleanField()
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "members",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            unique_when_set("external_ref"),
            # The planner: who is due on a day, and who of these was changed since it last looked.
            {"fields": ["birthday_key", "update_time"], "name": "by_birthday", "cls": False},
            # One for each filter of a list; the id behind it keeps the order of pages.
            {"fields": ["customer_id", "_id"], "name": "by_customer", "cls": False},
            {"fields": ["name_search", "_id"], "name": "by_name", "cls": False},
            {"fields": ["birthday.calendar", "_id"], "name": "by_calendar", "cls": False},
            # Whom the leader asks to confirm a consent: almost nobody.
            {"fields": ["unasked"], "name": "unasked", "cls": False, "partialFilterExpression": {"unasked": True}},
            # Whose merge or erasure the leader finishes: almost nobody.
            {
                "fields": ["unsettled"],
                "name": "unsettled",
                "cls": False,
                "partialFilterExpression": {"unsettled": True},
            },
            {"fields": ["tags", "_id"], "name": "by_tag", "cls": False},
            *(
                _where_set(field)
                for field in ("owner_id", "household_id", "wecom_id", "wechat_id", "email", "phone", "merged_into_id")
            ),
        ],
    }


class MongoMembers:
    """The members on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `care`."""
        self._history = ConsentHistory()
        self._store = AggregateStore.of(MemberDocument, Member, noun="member", source=ALIAS, clock=clock)

    def add(self, member: Member, *, request_key: str) -> Member:
        try:
            stored = self._store.add(member, request_key)
        except DuplicateKey as error:
            raise _refusal(error, member.external_ref) from error
        self._history.file([stored])
        return stored

    def get(self, member_id: str) -> Member:
        return self._store.get(member_id)

    def batch_get(self, member_ids: Sequence[str]) -> Sequence[Member]:
        return self._store.batch_get(member_ids)

    def page(self, match: MemberFilter, *, size: int, after: str) -> Page[Member]:
        query: dict[str, Any] = {
            field: str(value)
            for field, value in (
                ("customer_id", match.customer_id),
                ("external_ref", match.external_ref),
                ("birthday.calendar", match.birthday_calendar),
                ("tags", match.tag),
                ("owner_id", match.owner_id),
                ("household_id", match.household_id),
                ("wecom_id", match.wecom_id),
                ("wechat_id", match.wechat_id),
                ("email", match.email),
                ("phone", match.phone),
            )
            if value
        }
        if not match.include_ended and not match.external_ref:
            query |= {"merged_into_id": {"$in": ["", None]}, "erased_time": None}
        if prefix := search_key(match.name_prefix):
            query["name_search"] = {"$gte": prefix, "$lt": prefix + _LAST_LETTER}
        return self._store.page(query, size=size, after=after)

    def linked_to(self, customer_id: str, *, most: int) -> Sequence[str]:
        found = self._store.collection.find({"customer_id": customer_id}, {"_id": 1}, limit=most)
        return [each["_id"] for each in found]

    def of_customers(self, customer_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Member]]:
        found = self._store.top_by("customer_id", customer_ids, limit=most)
        kept = {key: [member for member in members if not member.merged_into_id] for key, members in found.items()}
        return {key: members for key, members in kept.items() if members}

    def change(self, member_id: str, step: Callable[[Member], Member], *, etag: str, request_key: str) -> Member:
        def filing(old: Member) -> Member:
            new = step(old)
            self._history.file_replaced([(old, new)])
            return new

        try:
            stored = self._store.change(member_id, filing, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise _refusal(error, step(self.get(member_id)).external_ref) from error
        self._history.file([stored])
        return stored

    def merge(
        self, member_id: str, into_id: str, *, step: Callable[[Member, Member], tuple[Member, Member]], etag: str
    ) -> tuple[Member, Member]:
        def both(session: ClientSession) -> tuple[Member, Member]:
            doublet, survivor = self._read(member_id, session), self._read(into_id, session)
            merged, kept = step(doublet, survivor)
            if merged is doublet:  # the same call again, which names the version before the first
                return doublet, survivor
            if etag and etag != str(doublet.version):
                raise StaleVersion("member", member_id)
            self._history.file([doublet, survivor])  # both words stay on record, whichever stands
            outcome = self._write(doublet, merged, session=session), self._write(survivor, kept, session=session)
            sent_on = {"$set": {"merged_into_id": into_id}, "$inc": {"version": 1}}
            self._store.collection.update_many({"merged_into_id": member_id}, sent_on, session=session)
            return outcome

        with self._store.collection.database.client.start_session() as session:
            return session.with_transaction(both)  # tries again by itself when somebody else was faster

    def _read(self, member_id: str, session: ClientSession) -> Member:
        found = self._store.collection.find_one({"_id": member_id}, session=session)
        if found is None:
            raise NotFound("member", member_id)
        return self._store.codec.to_aggregate(found)

    def _write(self, old: Member, new: Member, *, session: ClientSession) -> Member:
        stored = replace(new, version=old.version + 1)
        document = self._store.new_document(stored)
        state = {field: value for field, value in document.items() if field not in _BESIDE_STATE}
        update = {"$set": state, "$push": {"outbox": {"$each": document["outbox"]}}}
        self._store.collection.update_one({"_id": old.id, "version": old.version}, update, session=session)
        return stored

    def unasked(self, *, most: int) -> Sequence[Member]:
        found = self._store.collection.find({"unasked": True}, {"outbox": 0}).limit(most)
        return list(readable(found, self._store.codec.to_aggregate, collection="members"))

    def asked(self, member: Member) -> bool:
        # Neither version nor time change: nobody's etag goes stale, and whoever was asked anew meanwhile is left alone.
        same = {"_id": member.id, "version": member.version}
        return self._store.collection.update_one(same, {"$set": {"unasked": False}}).modified_count == 1

    def unsettled(self, *, ended_before: datetime, most: int) -> Sequence[Member]:
        found = self._store.collection.find({"unsettled": True, "update_time": {"$lt": ended_before}}, {"outbox": 0})
        return list(readable(found.limit(most), self._store.codec.to_aggregate, collection="members"))

    def settled(self, member: Member) -> bool:
        same = {"_id": member.id, "version": member.version}
        return self._store.collection.update_one(same, {"$set": {"unsettled": False}}).modified_count == 1

    def by_external_refs(self, external_refs: Sequence[str]) -> Mapping[str, Member]:
        found = self._store.collection.find({"external_ref": {"$in": list(external_refs)}}, {"outbox": 0})
        return {document["external_ref"]: self._store.codec.to_aggregate(document) for document in found}

    def add_many(self, members: Sequence[Member]) -> set[str]:
        lost = {member.external_ref for member in self._store.add_many(members)}
        self._history.file([member for member in members if member.external_ref not in lost])
        return lost

    def change_many(self, changes: Sequence[tuple[Member, Member]]) -> set[str]:
        self._history.file_replaced(changes)
        lost = {member.external_ref for member in self._store.change_many(changes)}
        self._history.file([new for _, new in changes if new.external_ref not in lost])
        return lost


def _refusal(error: DuplicateKey, external_ref: str) -> Exception:
    if "external_ref" in error.fields:
        return MemberExternalRefTaken(external_ref)
    return InvalidField("request_id", "request_id was used for another member.")
