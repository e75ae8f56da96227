"""What the room says: one of each event."""

from datetime import UTC, date, datetime

from services.care.domain.visits.visit import ActivatedContract, Visit, VisitOutcome

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MADE = datetime(2026, 5, 11, 9, 30, tzinfo=UTC)
CONTRACT = ActivatedContract(
    "con_01JTDB8D40CQS3K9Q8YV1H2T3B", "cus_01JTDB8D40CQS3K9Q8YV1H2T3A", "emp_01JTDB8D40CQS3K9Q8YV1H2T3C", 3, NOON
)


def said() -> list[object]:
    due = Visit.planned(
        "vis_01JTDB8D40CQS3K9Q8YV1H2T3F",
        CONTRACT,
        member_id="mem_01JTDB8D40CQS3K9Q8YV1H2T3E",
        due=date(2026, 5, 11),
        now=NOON,
    )
    made = due.complete(VisitOutcome.DISSATISFIED, satisfaction=1, words="没有人来。Nobody came.", now=MADE)
    return [*due.events, *made.events]
