"""Histories that the figures are computed from."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from pymongo.database import Database

from services.chassis.ids import derived_id


def an_order(customer_id: str, day: date, *, amount: int, currency: str = "CNY", number: int = 0) -> dict[str, Any]:
    """What the figures read of an order; the store of orders has more."""
    moment = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    return {
        "_id": derived_id("ord", customer_id, day.isoformat(), str(number)),
        "version": 1,
        "customer_id": customer_id,
        "quote_id": derived_id("quo", customer_id, day.isoformat(), str(number)),
        "total": {"currency_code": currency, "minor_units": amount},
        "create_time": moment,
        "update_time": moment,
        "outbox": [],
        "request_ids": [],
    }


def buy_again(database: Database[dict[str, Any]], customer_ids: Sequence[str], *, today: date) -> None:
    """Let customers buy at random, as the models think they do, over two years until today."""
    random, orders = Random(7), []
    for place, customer_id in enumerate(customer_ids):
        day, rate, mean = (
            today - timedelta(days=720),
            0.02 + random.gammavariate(0.8, 0.03),
            random.gammavariate(4, 5_000),
        )
        while day <= today:
            orders.append(an_order(customer_id, day, amount=max(1, round(mean * random.gammavariate(5, 0.2)))))
            if random.random() < 0.05 + 0.2 * (place % 2):
                break
            day += timedelta(days=1 + round(random.expovariate(rate)))
    database["orders"].insert_many(orders)
