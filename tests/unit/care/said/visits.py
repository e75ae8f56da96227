"""What the room says: one of each event."""

from datetime import UTC, date, datetime

from services.care.domain.visits.call_task import CallTask
from services.care.domain.visits.calling import note_overdue
from services.care.domain.visits.kinds import VisitKind, VisitOutcome
from services.care.domain.visits.visit import Report, Visit
from services.care.domain.visits.windows import CallWindow

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MADE = datetime(2026, 5, 11, 9, 30, tzinfo=UTC)
LATE = datetime(2026, 5, 12, tzinfo=UTC)
HOURS = CallWindow("09:00", "20:00", "Asia/Shanghai")
TASK = CallTask(
    key=("contract_activated", "con_01JTDB8D40CQS3K9Q8YV1H2T3B"),
    kind=VisitKind.AFTER_ACTIVATION,
    due=date(2026, 5, 11),
    contract_id="con_01JTDB8D40CQS3K9Q8YV1H2T3B",
    customer_id="cus_01JTDB8D40CQS3K9Q8YV1H2T3A",
    owner_id="emp_01JTDB8D40CQS3K9Q8YV1H2T3C",
    member_id="mem_01JTDB8D40CQS3K9Q8YV1H2T3E",
)


def said() -> list[object]:
    due = Visit.planned("vis_01JTDB8D40CQS3K9Q8YV1H2T3F", TASK, window=HOURS, now=NOON)
    words = "没有人来。Nobody came."
    made = due.complete(Report(VisitOutcome.DISSATISFIED, 1, words), by="linda", now=MADE)
    missed = due.complete(Report(VisitOutcome.UNREACHABLE), by="linda", now=MADE)
    late = note_overdue(due, LATE)
    return [*due.events, *late.events, *made.events, missed.events[-1]]
