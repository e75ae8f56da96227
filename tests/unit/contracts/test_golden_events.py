"""What contracts says is exactly what its listeners are tested with."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.chassis.outbox import pending
from tests.unit.contracts.said import (
    billing,
    catalog,
    customers,
    entitlement,
    figures,
    life_cycle,
    paperwork,
    renewals,
    sales,
)

GOLDEN = Path(__file__).parents[2] / "contract/golden"
ROOMS = (
    billing,
    catalog,
    customers,
    entitlement,
    figures,
    life_cycle,
    paperwork,
    renewals,
    sales,
)
SAID: list[Any] = [event for room in ROOMS for event in room.said()]


@pytest.mark.parametrize("event", SAID, ids=lambda event: str(event.type))
def test_an_event_of_contracts_is_the_golden_one(event: Any) -> None:
    envelope = pending(event, source="contracts", now=event.occurred_time, trace="req-1")
    golden = json.loads((GOLDEN / f"contracts.{event.type}.json").read_text())
    assert envelope | {"id": golden["id"]} == golden


def test_there_is_a_golden_file_for_each_event_and_no_other() -> None:
    assert sorted(path.name for path in GOLDEN.glob("contracts.*.json")) == sorted(
        f"contracts.{event.type}.json" for event in SAID
    )
