"""Recent contacts and budgets in MongoDB: one read and one bulk write for a chunk, each write fenced by a version."""

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mongoengine import DateTimeField, DictField, Document, IntField, ListField, StringField
from pymongo import AsyncMongoClient, ReturnDocument, UpdateOne
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.care.domain.campaigns.budget import Budget
from services.care.domain.channels import Purpose
from services.care.domain.sending.caps import KEPT, Contact
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.spending import Spent
from services.care.domain.sending.touch import OPEN, Touch
from services.care.ports.contacts import ContactRecord, Places
from services.care.store.collisions import places_taken
from services.care.store.sending.recipients import doublets_of, with_doublets
from services.care.store.sending.touches import CODEC, TOOK_PLACE

MOST_CONTACTS = 1_000
"""That a member's record keeps."""


class ContactDocument(Document):
    """The id is the member's."""

    id = StringField(primary_key=True)
    version = IntField()
    capped_since = DateTimeField()
    contacts = ListField(DictField())

    meta = {"db_alias": "care", "collection": "contact_history", "auto_create_index": False}


class BudgetDocument(Document):
    """The id is the campaign's."""

    id = StringField(primary_key=True)
    used = IntField()
    spent = DictField()
    """By currency, in thousandths of its smallest unit; absent while there is no budget of money."""

    meta = {"db_alias": "care", "collection": "campaign_budgets", "auto_create_index": False}


@dataclass(frozen=True, slots=True)
class MongoContacts:
    """Records are made of the ledger when a member is first met under caps, and kept from then on."""

    client: AsyncMongoClient[dict[str, Any]]
    database: str

    @property
    def _db(self) -> AsyncDatabase[dict[str, Any]]:
        return self.client[self.database]

    async def read(
        self, member_ids: Sequence[str], *, capped_since: datetime, now: datetime
    ) -> dict[str, ContactRecord]:
        known = {
            each["_id"]: each async for each in self._db["contact_history"].find({"_id": {"$in": list(member_ids)}})
        }
        current = {key for key, each in known.items() if each.get("capped_since") == capped_since}
        told = await self._told_by_the_ledger([each for each in member_ids if each not in current], since=now - KEPT)
        return {
            member: ContactRecord(
                member,
                known[member]["version"] if member in known else 0,
                contacts_of(known[member], since=now - KEPT) if member in current else tuple(told.get(member, ())),
            )
            for member in member_ids
        }

    async def _told_by_the_ledger(self, member_ids: Sequence[str], *, since: datetime) -> dict[str, list[Contact]]:
        if not member_ids:
            return {}
        doublets = doublets_of([each async for each in self._db["members"].find(*with_doublets(member_ids))])
        found = self._db["touches"].find(*took_place([*member_ids, *doublets], since=since))
        return by_member([each async for each in found], doublets=doublets)

    async def claim(self, records: Sequence[ContactRecord], *, capped_since: datetime) -> set[str]:
        if not records:
            return set()
        history = self._db["contact_history"]
        new = [_document(record, capped_since) for record in records if not record.version]
        known = [_update(record, capped_since) for record in records if record.version]
        stored = 0
        try:
            if new:
                stored += len((await history.insert_many(new, ordered=False)).inserted_ids)
        except BulkWriteError as error:
            places_taken(error)  # anything else is raised again
        if known:
            stored += (await history.bulk_write(known, ordered=False)).matched_count
        if stored == len(records):
            return set()
        versions = {record.member_id: record.contacts[-1].touch_id for record in records}
        found = self._db["contact_history"].find({"_id": {"$in": list(versions)}}, {"contacts.touch_id": 1})
        holding = {each["_id"]: {contact["touch_id"] for contact in each["contacts"]} async for each in found}
        return {member for member, touch_id in versions.items() if touch_id not in holding.get(member, set())}

    async def give_back(self, touches: Sequence[Touch]) -> None:
        writes = [
            UpdateOne(
                {"_id": touch.member_id, "contacts.touch_id": touch.id},
                {"$pull": {"contacts": {"touch_id": touch.id}}, "$inc": {"version": 1}},
            )
            for touch in touches
        ]
        await self._db["contact_history"].bulk_write(writes, ordered=False)

    async def rivals(self, touches: Sequence[Touch], *, before: datetime) -> list[Touch]:
        found = self._db["touches"].find(other_open(touches, before=before))
        return [CODEC.to_aggregate(each) async for each in found]


@dataclass(frozen=True, slots=True)
class MongoBudgets:
    """A counter for each campaign with a budget. A crash may cost a chunk of the budget; it is never exceeded."""

    client: AsyncMongoClient[dict[str, Any]]
    database: str

    @property
    def _db(self) -> AsyncDatabase[dict[str, Any]]:
        return self.client[self.database]

    async def claim(self, campaign_id: str, wanted: int, *, cost: int, budget: Budget) -> Places:
        budgets = self._db["campaign_budgets"]
        with contextlib.suppress(DuplicateKeyError):  # another dispatcher has begun the budget just now
            await budgets.update_one({"_id": campaign_id}, {"$setOnInsert": {"used": 0}}, upsert=True)
        # One step that takes what is left, whoever else takes at the same time.
        before = await budgets.find_one_and_update(
            {"_id": campaign_id}, _taking(wanted, cost, budget=budget), return_document=ReturnDocument.BEFORE
        )
        spent, taken = spent_of(before or {}, budget), 0
        while taken < wanted and spent.over(budget, cost=cost) is None:
            spent, taken = spent.with_one_more(cost), taken + 1
        return Places(taken, spent.over(budget, cost=cost) or Reason.BUDGET_SPENT)

    async def give_back(self, campaign_id: str, unused: int, *, cost: int, budget: Budget) -> None:
        back = {"used": -unused} | ({_spent_in(budget): -unused * cost} if cost else {})
        await self._db["campaign_budgets"].update_one({"_id": campaign_id}, {"$inc": back})


def spent_of(found: Mapping[str, Any], budget: Budget) -> Spent:
    """Return what a campaign has used, as it is stored, in the money of its budget; of an empty document: nothing."""
    return Spent(int(found.get("used", 0)), int((found.get("spent") or {}).get(budget.currency_code, 0)))


def _spent_in(budget: Budget) -> str:
    """Return where it is counted: each currency by itself, for the next version of a plan may name another one."""
    return f"spent.{budget.currency_code}"


def _taking(wanted: int, cost: int, *, budget: Budget) -> list[dict[str, Any]]:
    """Return the change that takes what `Spent.over` leaves room for; whole numbers only, nothing is divided."""
    limits: list[Any] = [wanted]
    if budget.most_touches:
        limits.append({"$subtract": [budget.most_touches, "$used"]})
    if not budget.minor_units:
        return [{"$set": {"used": {"$add": ["$used", {"$max": [0, {"$min": limits}]}]}}}]
    spent = {"$ifNull": [f"${_spent_in(budget)}", 0]}
    after = {"$add": [spent, {"$multiply": ["$$place", cost]}]}
    affordable = {"$lte": [after, budget.thousandths]}
    limits.append({"$size": {"$filter": {"input": {"$range": [1, wanted + 1]}, "as": "place", "cond": affordable}}})
    return [
        {"$set": {"taken": {"$max": [0, {"$min": limits}]}}},
        {
            "$set": {
                "used": {"$add": ["$used", "$taken"]},
                _spent_in(budget): {"$add": [spent, {"$multiply": ["$taken", cost]}]},
            }
        },
        {"$unset": "taken"},
    ]


def took_place(member_ids: Sequence[str], *, since: datetime) -> tuple[dict[str, Any], dict[str, int]]:
    """Return filter and fields of what the ledger tells of members who are met under caps for the first time."""
    where = {"member_id": {"$in": list(member_ids)}, "state": {"$in": TOOK_PLACE}, "updated_at": {"$gte": since}}
    return where, {"member_id": 1, "updated_at": 1, "channel": 1, "purpose": 1}


def by_member(found: Iterable[Mapping[str, Any]], *, doublets: Mapping[str, str]) -> dict[str, list[Contact]]:
    """Return what `took_place` finds, with that of a doublet under whom it was merged into."""
    told: dict[str, list[Contact]] = defaultdict(list)
    for each in sorted(found, key=lambda touch: touch["updated_at"]):
        told[doublets.get(each["member_id"], each["member_id"])].append(Contact(**contact_of(each)))
    return told


def contact_of(touch: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a record keeps of a message that was sent."""
    purpose = touch.get("purpose") or Purpose.CARE.value
    return {"touch_id": touch["_id"], "at": touch["updated_at"], "channel": touch["channel"], "purpose": purpose}


def other_open(touches: Sequence[Touch], *, before: datetime) -> dict[str, Any]:
    """Return the filter of the other touches of their members that wait and are due before the moment given."""
    return {
        "member_id": {"$in": list({touch.member_id for touch in touches})},
        "state": {"$in": sorted(OPEN)},
        "due_at": {"$lt": before},
        "_id": {"$nin": [touch.id for touch in touches]},
    }


def contacts_of(found: dict[str, Any], *, since: datetime) -> tuple[Contact, ...]:
    """Return the contacts of a record that took place since the moment given."""
    return tuple(
        Contact(each["touch_id"], each["at"], each["channel"], each["purpose"])
        for each in found["contacts"]
        if each["at"] >= since
    )


def _update(record: ContactRecord, capped_since: datetime) -> UpdateOne:
    document = _document(record, capped_since)
    return UpdateOne({"_id": document.pop("_id"), "version": record.version}, {"$set": document})


def _document(record: ContactRecord, capped_since: datetime) -> dict[str, Any]:
    contacts = [
        {"touch_id": each.touch_id, "at": each.at, "channel": str(each.channel), "purpose": str(each.purpose)}
        for each in record.contacts[-MOST_CONTACTS:]
    ]
    return {
        "_id": record.member_id,
        "version": record.version + 1,
        "capped_since": capped_since,
        "contacts": contacts,
    }
