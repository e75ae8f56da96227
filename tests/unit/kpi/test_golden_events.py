"""What kpi says is exactly what its listeners are tested with, and it hears what feedback says."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.chassis.outbox import pending
from services.kpi.domain.fact import Counted, Fact
from services.kpi.domain.indicator import CASES_CLOSED_ON_TIME

GOLDEN = Path(__file__).parents[2] / "contract/golden"


def said() -> list[object]:
    """What follows from the golden closed case."""
    heard = json.loads((GOLDEN / "feedback.case_closed.json").read_text())
    closed = Counted(
        id=heard["id"],
        employee_id=heard["data"]["assignee_id"],
        indicator=CASES_CLOSED_ON_TIME,
        occurred_time=datetime.fromisoformat(heard["data"]["closed_time"]),
        met=heard["data"]["on_time"],
        evidence_id=heard["data"]["case_id"],
    )
    now = datetime(2026, 5, 5, 18, 0, 1, 500_000, tzinfo=UTC)
    return [*Fact.of(closed, zone=ZoneInfo("Asia/Shanghai"), now=now).events]


@pytest.mark.parametrize("event", said(), ids=lambda event: str(event.type))
def test_an_event_of_kpi_is_the_golden_one(event: Any) -> None:
    envelope = pending(event, source="kpi", now=event.occurred_time, trace="req-1")
    golden = json.loads((GOLDEN / f"kpi.{event.type}.json").read_text())
    assert envelope | {"id": golden["id"]} == golden


def test_there_is_a_golden_file_for_each_event_and_no_other() -> None:
    assert sorted(path.name for path in GOLDEN.glob("kpi.*.json")) == ["kpi.fact_recorded.json"]
