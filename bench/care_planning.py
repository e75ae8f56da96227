"""P1 and P2: who is due today, and how much it costs to write it down."""

import contextlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from pymongo.database import Database
from pymongo.errors import BulkWriteError

from bench.measure import Figure, alternate
from services.care.domain.calendars.birthday_rules import (
    BirthdayRules,
    LeapDayPolicy,
    LeapMonthPolicy,
    LunarDay30Policy,
    keys_due,
)
from services.care.domain.campaigns.due.birthday import born
from services.care.domain.campaigns.triggers import BirthdayTrigger
from services.care.domain.sending.touch import Touch, touch_id
from services.care.ports.planning import Reach
from services.care.store.members.due_members import MongoDueMembers, due_query
from services.care.store.sending.touches import CODEC, MongoTouches
from services.care.usecases.campaigns.plan_campaign import BATCH
from services.chassis.ids import new_id

DAY = date(2026, 2, 28)
"""A day with every rule at work: 29 February, and a lunar day beside it."""
RULES = BirthdayRules(LeapDayPolicy.FEB_28, LeapMonthPolicy.BOTH, LunarDay30Policy.DAY_29)
_LEAST_READ = 40_000
"""The kernel counts CPU time in hundredths of a second: a round must be long against that."""
_REFERENCE_BATCH = 1_000


def select(database: Database[dict[str, Any]], pids: Sequence[int]) -> Figure:
    """Measure P1."""
    members = MongoDueMembers()
    keys = [due.key for due in keys_due(DAY, RULES)]
    trigger, everybody = BirthdayTrigger(), Reach()
    fields = {"time_zone": 1, "birthday_key": 1}

    def ours() -> int:
        return sum(
            1 for _ in range(repeats) for _ in members.due(born(trigger, RULES, day=DAY), everybody, changed_since=None)
        )

    def reference() -> int:
        wanted = {"birthday_key": {"$in": keys}}
        return sum(1 for _ in range(repeats) for _ in database["members"].find(wanted, fields, batch_size=1_000))

    query, index = due_query(born(trigger, RULES, day=DAY), everybody, changed_since=None)
    plan = database["members"].find(query, fields, hint=index).explain()["executionStats"]
    due, read = plan["nReturned"], plan["totalDocsExamined"]
    repeats = max(1, _LEAST_READ // due)
    ours_us, reference_us = alternate(ours, reference, pids=pids)
    total = database["members"].estimated_document_count()
    return Figure(
        "P1",
        f"select who is due today out of {total:,} members",
        "pymongo reads the due documents by index",
        "<= 2x, nobody read who is not due",
        ours_us,
        reference_us,
        notes=f"{due:,} due, {read:,} read",
        at_most=2.0 if read == due else 0.0,
    )


def materialise(database: Database[dict[str, Any]], pids: Sequence[int], *, count: int) -> list[Figure]:
    """Measure P2: the first run, and the second run of the same day."""
    days = _Days(database, count)
    _same_indexes(database)
    first = alternate(days.ours, days.reference, pids=pids, prepare=days.clear)
    second = alternate(days.ours_again, days.reference_again, pids=pids, prepare=days.refill)
    days.clear()
    what = "pymongo insert_many(ordered=False), 1,000 a batch, same documents and indexes"
    again = "the first run of the day"
    return [
        Figure("P2", f"materialise {count:,} touches", what, "<= 1.5x", *first, at_most=1.5),
        Figure("P2b", "the second run of the day", again, "inserts 0, costs no more", second[0], first[0], at_most=1.0),
    ]


class _Days:
    """The same touches written our way and the plain way."""

    def __init__(self, database: Database[dict[str, Any]], count: int) -> None:
        planned = _touches(count)
        self._database, self._count, self._ledger = database, count, MongoTouches()
        self._batches = [planned[first : first + BATCH] for first in range(0, count, BATCH)]
        documents = [CODEC.to_document(touch) for touch in planned]
        self._documents = [documents[first : first + _REFERENCE_BATCH] for first in range(0, count, _REFERENCE_BATCH)]

    def clear(self) -> None:
        for name in ("touches", "batches", "reference"):
            self._database[name].delete_many({})

    def refill(self) -> None:
        self.clear()
        self.ours()
        self.reference()

    def ours(self) -> int:
        assert sum(self._ledger.plan(batch) for batch in self._batches) == self._count
        return self._count

    def ours_again(self) -> int:
        assert sum(self._ledger.plan(batch) for batch in self._batches) == 0
        return self._count

    def reference(self) -> int:
        for batch in self._documents:
            self._database["reference"].insert_many(batch, ordered=False)
        return self._count

    def reference_again(self) -> int:
        for batch in self._documents:
            with contextlib.suppress(BulkWriteError):  # every one is a duplicate, as it should be
                self._database["reference"].insert_many(batch, ordered=False)
        return self._count


def _same_indexes(database: Database[dict[str, Any]]) -> None:
    """Give the reference the ledger's indexes: they are what a ledger costs, whoever writes it."""
    for name, index in database["touches"].index_information().items():
        if name != "_id_":
            options = {key: index[key] for key in ("partialFilterExpression",) if key in index}
            database["reference"].create_index(index["key"], name=name, **options)


def _touches(count: int) -> list[Touch]:
    now, campaign = datetime.now(UTC), new_id("cmp", datetime.now(UTC))
    return [
        Touch(
            id=touch_id(campaign, f"mem_{number}", occurrence="birthday/2026"),
            campaign_id=campaign,
            member_id=f"mem_{number:026d}",
            occurrence="birthday/2026",
            channel="email",
            date="2026-11-22",
            due_at=now,
            batch_id=f"bat_{number // BATCH:026d}",
            updated_at=now,
        )
        for number in range(count)
    ]
