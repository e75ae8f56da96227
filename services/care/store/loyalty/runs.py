"""Pages of the nightly work: what was struck off, and on whose members it is still to be written."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from mongoengine import BooleanField, DateTimeField, DictField, Document, IntField, ListField, LongField, StringField

from services.care.domain.loyalty.entry import Entry
from services.care.domain.loyalty.events import PointsExpired, PointsExpiry
from services.chassis import outbox
from services.chassis.aggregates import aggregate_indexes
from services.chassis.ids import new_id


class PointsRunDocument(Document):
    """One page of accounts that were settled together."""

    id = StringField(primary_key=True)
    day = StringField()
    accounts = IntField()
    points = LongField()
    create_time = DateTimeField()
    outbox = ListField(DictField())
    uncopied = BooleanField()
    """Whether the members named below may not show it yet; absent: all of them do."""
    member_ids = ListField(StringField())

    meta = {
        "db_alias": "care",
        "collection": "points_runs",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes()[:1],
            {"fields": ["uncopied"], "name": "uncopied", "sparse": True, "cls": False},
        ],
    }


def new_run(entries: Sequence[Entry], member_ids: Sequence[str], *, day: date, now: datetime) -> dict[str, Any]:
    """Return the document of a page: its entries, and the members who are to show what it made of their accounts."""
    run_id = new_id("pnr", now)
    expiries = tuple(PointsExpiry(member_id=each.member_id, entry_id=each.id, points=-each.points) for each in entries)
    said = PointsExpired(run_id=run_id, day=day.isoformat(), expiries=expiries, occurred_time=now)
    return {
        "_id": run_id,
        "day": day.isoformat(),
        "accounts": len(entries),
        "points": -sum(entry.points for entry in entries),
        "create_time": now,
        "outbox": [outbox.pending(said, source="care", now=now)] if entries else [],
        **({"uncopied": True, "member_ids": list(member_ids)} if member_ids else {}),
    }
