"""What care says of members is exactly what its listeners are tested with."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.care.domain.member import Member, MemberDetails
from services.chassis.outbox import pending

GOLDEN = Path(__file__).parents[2] / "contract/golden"
NOON = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)
LATER = datetime(2026, 5, 5, 12, 0, 0, 250_000, tzinfo=UTC)
MEMBER, CUSTOMER = "mem_01JTDB8D40CQS3K9Q8YV1H2T3E", "cus_01JTDB8D40CQS3K9Q8YV1H2T3A"


def said() -> list[object]:
    """A member is registered, then changes the name: no event carries it."""
    registered = Member.register(MEMBER, MemberDetails(name="王小明", customer_id=CUSTOMER), now=NOON)
    changed = registered.change(MemberDetails(name="王大明"), {"name"}, now=LATER)
    return [*registered.events, *changed.events]


@pytest.mark.parametrize("event", said(), ids=lambda event: str(event.type))
def test_an_event_about_a_member_is_the_golden_one(event: Any) -> None:
    envelope = pending(event, source="care", now=event.occurred_time, trace="req-1")
    golden = json.loads((GOLDEN / f"care.{event.type}.json").read_text())
    assert envelope | {"id": golden["id"]} == golden


def test_no_event_carries_what_identifies_a_person() -> None:
    for event in said():
        assert "王" not in repr(event)
