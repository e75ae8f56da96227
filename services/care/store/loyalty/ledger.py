"""Accounts and entries of points: an account and its entry change in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from mongoengine import DateTimeField, DictField, Document, ListField, LongField, StringField
from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.care.domain.loyalty.account import Account
from services.care.domain.loyalty.entry import Claim, Entry, entry_id
from services.care.domain.loyalty.refusals import MemberErased, PointsKeyTaken
from services.care.ports.loyalty import AccountsStuck, Step, Unite
from services.care.store.loyalty.copies import copies_of, copying
from services.care.store.loyalty.runs import PointsRunDocument, new_run
from services.care.store.members.members import MemberDocument
from services.chassis import outbox
from services.chassis.aggregates import AggregateDocument, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.codec import Codec
from services.chassis.errors import NotFound
from services.chassis.mongo import collection_of
from services.chassis.paging import Page

_ACCOUNTS, _ENTRIES = Codec(Account), Codec(Entry)
_SOURCE = "care"
_DUPLICATE_KEY = 11000
_Outcome = TypeVar("_Outcome")


class PointsAccountDocument(AggregateDocument):
    lots = ListField(DictField())
    earned = DictField()
    lifetime = LongField()
    entries = LongField()
    tier = DictField()
    value_tier = StringField()
    value_version = LongField()
    value_customer_id = StringField()
    used = DictField()
    next_expiry = StringField()
    next_check = StringField()
    judged_by = StringField()
    update_time = DateTimeField()

    meta = {
        "db_alias": "care",
        "collection": "points_accounts",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            # What a night has to look at: one branch of the job's question each.
            {"fields": ["next_expiry"], "name": "next_expiry", "cls": False},
            {"fields": ["next_check"], "name": "next_check", "cls": False},
            {"fields": ["judged_by"], "name": "judged_by", "cls": False},
        ],
    }


class PointsEntryDocument(Document):
    id = StringField(primary_key=True)
    member_id = StringField()
    number = LongField()
    kind = StringField()
    points = LongField()
    balance = LongField()
    key = StringField()
    reason = StringField()
    reference = StringField()
    by = StringField()
    create_time = DateTimeField()
    expires_on = StringField()
    parts = ListField(DictField())

    meta = {
        "db_alias": "care",
        "collection": "points_entries",
        "auto_create_index": False,
        "indexes": [{"fields": ["member_id", "-number"], "name": "ledger", "unique": True, "cls": False}],
    }


class _Moved(Exception):
    """An account is no longer the one that was read: nothing of the transaction is stored."""


class MongoPointsLedger:
    """The ledger in MongoDB."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `care`."""
        self._clock = clock

    @property
    def _accounts(self) -> Collection[dict[str, Any]]:
        return collection_of(PointsAccountDocument)

    @property
    def _entries(self) -> Collection[dict[str, Any]]:
        return collection_of(PointsEntryDocument)

    @property
    def _runs(self) -> Collection[dict[str, Any]]:
        return collection_of(PointsRunDocument)

    @property
    def _members(self) -> Collection[dict[str, Any]]:
        return collection_of(MemberDocument)

    def payee(self, member_id: str) -> str:
        return self._payee(member_id, None)

    def _payee(self, member_id: str, session: ClientSession | None) -> str:
        found = self._members.find_one({"_id": member_id}, {"merged_into_id": 1, "erased_time": 1}, session=session)
        if found is None:
            raise NotFound("member", member_id)
        if found.get("erased_time"):
            raise MemberErased(member_id)
        return str(found.get("merged_into_id") or member_id)

    def post(self, asked: str, claim: Claim, *, step: Step) -> tuple[Account, Entry]:
        def attempt(session: ClientSession) -> tuple[Account, Entry]:
            # Here and not before: what is written of a member's account meets a merge or an erasure at the member.
            member_id = self._payee(asked, session)
            first = self._told_before(asked, claim.key, payee=member_id, session=session)
            old = self._read(member_id, session)
            if first is not None:
                return old, _repeated(_ENTRIES.to_aggregate(first), claim)
            new, entry = step(old)
            self._entries.insert_one(_ENTRIES.to_document(entry), session=session)
            return self._write(old, new, session=session), entry

        try:
            return self._together(attempt)
        except DuplicateKeyError:  # the same call, side by side: the other one was stored
            return self._together(attempt)

    def _told_before(self, asked: str, key: str, *, payee: str, session: ClientSession) -> dict[str, Any] | None:
        """Return the entry of an earlier call; what was asked for a doublet may stand with any survivor it has had."""
        names = [entry_id(asked, key), entry_id(payee, key)]
        if asked != payee:
            found = self._members.find_one({"_id": payee}, {"merged_ids": 1}, session=session) or {}
            names += [entry_id(each, key) for each in found.get("merged_ids", ())]
        told = (self._entries.find_one({"_id": name}, session=session) for name in dict.fromkeys(names))
        return next((each for each in told if each is not None), None)

    def change(self, member_id: str, step: Callable[[Account], Account], *, customer_id: str) -> Account:
        def attempt(session: ClientSession) -> Account:
            old = self._read(member_id, session)
            of_it = customer_id or {"$in": ["", None]}
            there = {
                "_id": member_id,
                "customer_id": of_it,
                "merged_into_id": {"$in": ["", None]},
                "erased_time": None,
            }
            if self._members.find_one(there, {"_id": 1}, session=session) is None:
                return old
            new = step(old)
            return old if new is old else self._write(old, new, session=session)

        return self._together(attempt)

    def unite(self, doublet_id: str, survivor_id: str, *, step: Unite) -> None:
        def attempt(session: ClientSession) -> None:
            found = self._members.find_one({"_id": survivor_id}, {"merged_into_id": 1}, session=session) or {}
            person = found.get("merged_into_id") or survivor_id
            doublet, survivor = self._read(doublet_id, session), self._read(person, session)
            for old, (new, entry) in zip((doublet, survivor), step(doublet, survivor) or (), strict=False):
                self._entries.insert_one(_ENTRIES.to_document(entry), session=session)
                self._write(old, new, session=session)

        self._together(attempt)

    def account(self, member_id: str) -> Account:
        found = self._accounts.find_one({"_id": member_id})
        return Account(id=member_id) if found is None else _ACCOUNTS.to_aggregate(found)

    def accounts(self, member_ids: Sequence[str]) -> Sequence[Account]:
        return [_ACCOUNTS.to_aggregate(each) for each in self._accounts.find({"_id": {"$in": list(member_ids)}})]

    def entry(self, entry_id: str) -> Entry:
        found = self._entries.find_one({"_id": entry_id})
        if found is None:
            raise NotFound("points_entry", entry_id)
        return _ENTRIES.to_aggregate(found)

    def entries(self, entry_ids: Sequence[str]) -> Sequence[Entry]:
        return [_ENTRIES.to_aggregate(each) for each in self._entries.find({"_id": {"$in": list(entry_ids)}})]

    def page(self, member_id: str, *, size: int, before: int) -> Page[Entry]:
        where: dict[str, Any] = {"member_id": member_id}
        if before:
            where["number"] = {"$lt": before}
        found = list(self._entries.find(where).sort("number", -1).limit(size + 1))
        items = tuple(_ENTRIES.to_aggregate(each) for each in found[:size])
        return Page(items, items[-1].id if len(found) > size else "")

    def due(self, today: date, judged_by: date | None, *, most: int) -> Sequence[Account]:
        ended = {"$lte": today.isoformat(), "$gt": ""}
        other = {"judged_by": {"$ne": judged_by.isoformat() if judged_by else None}}
        where = {"$or": [{"next_expiry": ended}, {"next_check": ended}, other]}
        return [_ACCOUNTS.to_aggregate(each) for each in self._accounts.find(where, {"outbox": 0}).limit(most)]

    def settle(self, changes: Sequence[tuple[Account, Account, Entry | None]], *, day: date, now: datetime) -> bool:
        entries = [entry for _, _, entry in changes if entry is not None]
        writes = [self._update(old, new) for old, new, _ in changes]
        moved = [_stored(old, new) for old, new, _ in changes if copies_of(old) != copies_of(new)]
        run = new_run(entries, [account.id for account in moved], day=day, now=now)

        def attempt(session: ClientSession) -> None:
            if self._accounts.bulk_write(writes, ordered=False, session=session).matched_count != len(changes):
                raise _Moved
            if entries:
                self._insert(entries, session)
            if entries or moved:
                self._runs.insert_one(run, session=session)

        try:
            self._together(attempt)
        except _Moved:
            return False
        if moved:
            self._copy(run["_id"], moved)
        return True

    def catch_up(self) -> None:
        for run in self._runs.find({"uncopied": True}, {"member_ids": 1}):
            self._copy(run["_id"], self.accounts(run["member_ids"]))

    def _copy(self, run_id: str, accounts: Sequence[Account]) -> None:
        """Write what the members of a page show.

        Not in the transaction of the page: in one, each of a member's many indexes has the database read its whole
        catalogue anew, which costs thirty times as much as all else. Killed before its end, it is done again.
        """
        self._members.bulk_write([copying(account) for account in accounts], ordered=False)
        self._runs.update_one({"_id": run_id}, {"$unset": {"uncopied": "", "member_ids": ""}})

    def _insert(self, entries: Sequence[Entry], session: ClientSession) -> None:
        try:
            self._entries.insert_many(
                [_ENTRIES.to_document(entry) for entry in entries], ordered=False, session=session
            )
        except BulkWriteError as error:
            failures = error.details["writeErrors"]
            if any(each["code"] != _DUPLICATE_KEY for each in failures):
                raise
            raise AccountsStuck([each["op"]["member_id"] for each in failures]) from error

    def _together(self, attempt: Callable[[ClientSession], _Outcome]) -> _Outcome:
        with self._accounts.database.client.start_session() as session:
            outcome: _Outcome = session.with_transaction(attempt)
            return outcome

    def _read(self, member_id: str, session: ClientSession) -> Account:
        found = self._accounts.find_one({"_id": member_id}, {"outbox": 0}, session=session)
        return Account(id=member_id) if found is None else _ACCOUNTS.to_aggregate(found)

    def _write(self, old: Account, new: Account, *, session: ClientSession) -> Account:
        """Store an account that nobody else can have changed since this transaction read it."""
        stored = _stored(old, new)
        if old.version:
            self._accounts.bulk_write([self._update(old, new)], session=session)
        else:
            document = _ACCOUNTS.to_document(stored)
            self._accounts.insert_one(document | {"outbox": self._said(new), "request_ids": []}, session=session)
        self._members.bulk_write([copying(stored)], session=session)
        return stored

    def _update(self, old: Account, new: Account) -> UpdateOne:
        state = _ACCOUNTS.to_document(_stored(old, new))
        del state["_id"]
        update: dict[str, Any] = {"$set": state}
        if said := self._said(new):
            update["$push"] = {"outbox": {"$each": said}}
        return UpdateOne({"_id": old.id, "version": old.version}, update)

    def _said(self, account: Account) -> list[dict[str, Any]]:
        return [outbox.pending(event, source=_SOURCE, now=self._clock.now()) for event in account.events]


def _stored(old: Account, new: Account) -> Account:
    return replace(new, version=old.version + 1, events=())


def _repeated(first: Entry, claim: Claim) -> Entry:
    if not first.is_of(claim):
        raise PointsKeyTaken(first.key, first.id)
    return first
