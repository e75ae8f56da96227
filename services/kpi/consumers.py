"""What kpi hears: envelope in, facts for an employee."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from membercare.care.v1.events_pb2 import VisitCompleted, VisitOverdue
from membercare.feedback.v1.events_pb2 import CaseClosed
from services.chassis.bus_entrypoints import event_handler
from services.chassis.envelope import Envelope
from services.chassis.inbox import Inbox
from services.chassis.patience import MALFORMED, Permanent
from services.chassis.timestamps import to_datetime
from services.kpi.domain.fact import Counted, due_visit
from services.kpi.domain.indicator import CASES_CLOSED_ON_TIME, RETURN_VISIT_CONTACT_RATE
from services.kpi.usecases.record_fact import RecordFact


@dataclass(frozen=True)
class KpiConsumers:
    """The methods' names are part of the names of durable queues: they are never tidied."""

    name = "kpi"

    inbox: Inbox
    record_fact: RecordFact

    @event_handler("feedback", "case_closed")
    def on_case_closed(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CaseClosed, use_case=self._closed)

    @event_handler("care", "visit_completed")
    def on_visit_completed(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, VisitCompleted, use_case=self._completed)

    @event_handler("care", "visit_overdue")
    def on_visit_overdue(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, VisitOverdue, use_case=self._overdue)

    def _closed(self, message: CaseClosed, envelope: Envelope) -> None:
        if not message.HasField("closed_time"):
            raise Permanent(MALFORMED, "closed_time is missing: the fact would count for no month.")
        self.record_fact(
            Counted(
                id=envelope.id,
                employee_id=message.assignee_id,
                indicator=CASES_CLOSED_ON_TIME,
                occurred_time=to_datetime(message.closed_time),
                met=message.on_time,
                evidence_id=message.case_id,
            )
        )

    def _completed(self, message: VisitCompleted, envelope: Envelope) -> None:
        self._due(message, met=message.on_time)
        self.record_fact(
            Counted(
                id=envelope.id,
                employee_id=message.owner_id,
                indicator=RETURN_VISIT_CONTACT_RATE,
                occurred_time=to_datetime(message.occurred_time),
                met=message.reached,
                evidence_id=message.visit_id,
            )
        )

    def _overdue(self, message: VisitOverdue, _envelope: Envelope) -> None:
        self._due(message, met=False)

    def _due(self, message: VisitCompleted | VisitOverdue, *, met: bool) -> None:
        if not message.HasField("occurred_time"):
            raise Permanent(MALFORMED, "occurred_time is missing: the fact would count for no month.")
        try:
            due_date = date.fromisoformat(message.due_date)
        except ValueError:
            raise Permanent(MALFORMED, "due_date is no day: the fact would count for no month.") from None
        occurred_time = to_datetime(message.occurred_time)
        told = due_visit(message.visit_id, due_date=due_date, owner_id=message.owner_id, at=occurred_time, met=met)
        self.record_fact(told)
