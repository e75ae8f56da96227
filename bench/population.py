"""A million members on a real database, made without the product's help so that loading costs minutes, not hours."""

import calendar
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.database import Database

from services.chassis.ids import new_id

_BATCH = 10_000
_VIP = 0.02
_ZONES = ["Asia/Shanghai"] * 8 + ["Europe/Berlin", "America/New_York"]


def fill(database: Database[dict[str, Any]], count: int) -> None:
    """Insert members until there are `count`; birthdays are spread over the year, every seventh is lunar."""
    missing = count - database["members"].estimated_document_count()
    batch: list[dict[str, Any]] = []
    for document in _members(missing):
        batch.append(document)
        if len(batch) == _BATCH:
            database["members"].insert_many(batch, ordered=False)
            batch = []
    if batch:
        database["members"].insert_many(batch, ordered=False)


def _members(count: int) -> Iterator[dict[str, Any]]:
    chance, now = random.Random(7), datetime.now(UTC)
    for number in range(max(0, count)):
        month = chance.randint(1, 12)
        lunar = number % 7 == 0
        day = chance.randint(1, 30 if lunar else calendar.monthrange(2000, month)[1])
        yield {
            "_id": new_id("mem", now),
            "version": 1,
            "name": f"会员 {number}",
            "name_search": f"会员 {number}",
            "external_ref": f"b-{number}",
            "customer_id": "",
            "gender": "GENDER_FEMALE",
            "language": "LANGUAGE_ZH_HANS",
            "time_zone": chance.choice(_ZONES),
            "birthday": {"calendar": "x", "month": month, "day": day, "leap_month": False, "year": 1990},
            "birthday_key": month * 100 + day + (10_000 if lunar else 0),
            "email": f"b{number}@example.com",
            "phone": "",
            "consents": {"email": {"care": True}},
            "do_not_contact": False,
            "create_time": now,
            "update_time": now,
            "outbox": [],
            "request_ids": [],
            **_facts(chance, now),
        }


def _facts(chance: random.Random, now: datetime) -> dict[str, Any]:
    """What segments ask for: every third member has a tier and points, every fifth a contract, few are tagged."""
    facts: dict[str, Any] = {"tags": ["vip"] if chance.random() < _VIP else []}
    if chance.random() < 1 / 3:
        facts |= {"tier": chance.choice(["silver", "silver", "gold"]), "points": chance.randint(0, 1_000)}
    if chance.random() < 1 / 5:
        end = (now + timedelta(days=chance.randint(-300, 700))).date().isoformat()
        state = "active" if end >= now.date().isoformat() else "expired"
        facts["contracts"] = [{"id": "con", "customer_id": "", "state": state, "end_date": end, "seq": 1}]
        facts["acts"] = {"visit_completed": [now - timedelta(days=chance.randint(0, 400))]}
    return facts
