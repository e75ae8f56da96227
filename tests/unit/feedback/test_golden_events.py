"""What feedback says is exactly what its listeners are tested with."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.chassis.outbox import pending
from services.feedback.domain.case import Case, CaseDetails
from services.feedback.domain.deadline import CaseSeverity
from services.feedback.domain.kinds import CaseKind

GOLDEN = Path(__file__).parents[2] / "contract/golden"
NOON = datetime(2026, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)
CASE = "cas_01JTDB8D40CQS3K9Q8YV1H2T3D"
EMPLOYEE = "emp_01JTDB8D40CQS3K9Q8YV1H2T3C"


def said() -> list[object]:
    """The life of one case."""
    details = CaseDetails(
        kind=CaseKind.COMPLAINT,
        severity=CaseSeverity.HIGH,
        title="Nobody came",
        customer_id="cus_01JTDB8D40CQS3K9Q8YV1H2T3A",
        member_id="mem_01JTDB8D40CQS3K9Q8YV1H2T3E",
    )
    opened = Case.open(CASE, details, now=NOON)
    assigned = opened.assign(EMPLOYEE, now=NOON + timedelta(hours=1))
    closed = assigned.close("Sent somebody.", now=NOON + timedelta(hours=30))
    return [*opened.events, *assigned.events, *closed.events]


@pytest.mark.parametrize("event", said(), ids=lambda event: str(event.type))
def test_an_event_of_feedback_is_the_golden_one(event: Any) -> None:
    moment = getattr(event, "occurred_time", None) or event.closed_time
    envelope = pending(event, source="feedback", now=moment, trace="req-1")
    golden = json.loads((GOLDEN / f"feedback.{event.type}.json").read_text())
    assert envelope | {"id": golden["id"]} == golden


def test_there_is_a_golden_file_for_each_event_and_no_other() -> None:
    assert sorted(path.name for path in GOLDEN.glob("feedback.*.json")) == sorted(
        f"feedback.{event.type}.json"  # type: ignore[attr-defined]
        for event in said()
    )
