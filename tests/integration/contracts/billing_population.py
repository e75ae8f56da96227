"""Contracts in force, put into a database by the hundred."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from pymongo.database import Database

from services.chassis.clock import SystemClock
from services.chassis.ids import derived_id
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.terms.terms import PeriodUnit
from services.contracts.store.life_cycle.contracts import ContractCodec
from tests.unit.contracts.billing_builders import a_line, active, monthly, terms


def in_force(number: int) -> Contract:
    """The contract of a number: some begin on a 31st, some are billed by the quarter or every ten days."""
    today = SystemClock().now().date()
    start = (today - timedelta(days=200)).replace(day=31 if number % 5 == 0 else 1 + number % 28, month=1)
    rhythm = ((1, PeriodUnit.MONTH), (1, PeriodUnit.QUARTER), (10, PeriodUnit.DAY))[number % 3]
    version = terms(
        start.isoformat(),
        start.replace(year=start.year + 1).isoformat(),
        a_line(1, 100 + number),
        a_line(2, 30, quantity=2),
        billing=monthly(*rhythm),
    )
    return replace(
        active(version),
        id=derived_id("con", "population", str(number)),
        customer_id=derived_id("cus", "population", str(number % 50)),
    )


def move_in(database: Database[dict[str, Any]], count: int) -> None:
    codec = ContractCodec()
    documents = [codec.to_document(in_force(number)) | {"outbox": [], "request_ids": []} for number in range(count)]
    database.contracts.insert_many(documents)


def schedule(database: Database[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return every billing line by its id, without the moments at which it was written."""
    unlike = {"create_time": 0, "update_time": 0}
    return {line["_id"]: line for line in database.billing_lines.find({}, unlike)}
