"""What kpi hears: envelope in, use case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from membercare.feedback.v1.events_pb2 import CaseClosed
from services.chassis.bus_entrypoints import event_handler
from services.chassis.envelope import Envelope
from services.chassis.inbox import Inbox
from services.chassis.patience import MALFORMED, Permanent
from services.chassis.timestamps import to_datetime
from services.kpi.domain.fact import ClosedCase
from services.kpi.usecases.record_closed_case import RecordClosedCase


@dataclass(frozen=True)
class KpiConsumers:
    """The methods' names are part of the names of durable queues: they are never tidied."""

    name = "kpi"

    inbox: Inbox
    record_closed_case: RecordClosedCase

    @event_handler("feedback", "case_closed")
    def on_case_closed(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CaseClosed, use_case=self._record)

    def _record(self, message: CaseClosed, envelope: Envelope) -> None:
        if not message.HasField("closed_time"):
            raise Permanent(MALFORMED, "closed_time is missing: the fact would count for no month.")
        self.record_closed_case(
            ClosedCase(
                event_id=envelope.id,
                case_id=message.case_id,
                assignee_id=message.assignee_id,
                closed_time=to_datetime(message.closed_time),
                on_time=message.on_time,
            )
        )
