"""What care says is exactly what its listeners are tested with."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.chassis.outbox import pending
from tests.unit.care.said import campaigns, loyalty, members, sending, visits

GOLDEN = Path(__file__).parents[2] / "contract/golden"
ROOMS = (campaigns, loyalty, members, sending, visits)
SAID: list[Any] = [event for room in ROOMS for event in room.said()]


@pytest.mark.parametrize("event", SAID, ids=lambda event: str(event.type))
def test_an_event_of_care_is_the_golden_one(event: Any) -> None:
    envelope = pending(event, source="care", now=event.occurred_time, trace="req-1")
    golden = json.loads((GOLDEN / f"care.{event.type}.json").read_text())
    assert envelope | {"id": golden["id"]} == golden


def test_there_is_a_golden_file_for_each_event_and_no_other() -> None:
    assert sorted(path.name for path in GOLDEN.glob("care.*.json")) == sorted(
        f"care.{event.type}.json" for event in SAID
    )


def test_no_event_about_a_member_carries_what_identifies_a_person() -> None:
    for event in members.said():
        assert "王" not in repr(event)
