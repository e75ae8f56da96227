"""What contracts hears: envelope in, use case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from membercare.care.v1.events_pb2 import VisitCompleted
from membercare.care.v1.visit_pb2 import VISIT_OUTCOME_DISSATISFIED
from membercare.feedback.v1.case_pb2 import CASE_KIND_COMPLAINT, CaseSeverity
from membercare.feedback.v1.events_pb2 import CaseClosed, CaseOpened
from services.chassis.bus_entrypoints import event_handler
from services.chassis.envelope import Envelope
from services.chassis.inbox import Inbox
from services.chassis.patience import MALFORMED, Permanent
from services.chassis.timestamps import to_datetime
from services.contracts.domain.figures.served import Served, ServedKind, Severity
from services.contracts.domain.renewals.renewal_signals import SignalKind
from services.contracts.usecases.figures.record_served import RecordServed
from services.contracts.usecases.renewals.record_signal import RecordSignal

_SEVERITIES: Mapping[int, Severity] = {
    CaseSeverity.Value(f"CASE_SEVERITY_{severity.name}"): severity for severity in Severity
}


@dataclass(frozen=True)
class ContractsConsumers:
    """The methods' names are part of the names of durable queues: they are never tidied."""

    name = "contracts"

    inbox: Inbox
    record_served: RecordServed
    record_signal: RecordSignal

    @event_handler("feedback", "case_opened")
    def on_case_opened(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CaseOpened, use_case=self._case_opened)

    @event_handler("feedback", "case_closed")
    def on_case_closed(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CaseClosed, use_case=self._case_closed)

    @event_handler("care", "visit_completed")
    def on_visit_completed(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, VisitCompleted, use_case=self._visit_completed)

    def _case_opened(self, message: CaseOpened, envelope: Envelope) -> None:
        if not message.customer_id:
            return
        if not message.HasField("occurred_time"):
            raise Permanent(MALFORMED, "occurred_time is missing: nobody knows since when the case is open.")
        complaint = message.kind == CASE_KIND_COMPLAINT
        self.record_signal(
            envelope.id,
            customer_id=message.customer_id,
            kind=SignalKind.COMPLAINT_OPENED if complaint else SignalKind.CASE_OPENED,
            subject_id=message.case_id,
            value=0,
            occurred_time=to_datetime(message.occurred_time),
        )

    def _case_closed(self, message: CaseClosed, envelope: Envelope) -> None:
        if not message.customer_id:
            return  # a case of nobody we know costs no customer anything
        if not message.HasField("closed_time"):
            raise Permanent(MALFORMED, "closed_time is missing: nobody knows when the case cost anything.")

        def heard(now: datetime) -> Served:
            return Served(
                id=envelope.id,
                kind=ServedKind.CASE,
                customer_id=message.customer_id,
                subject_id=message.case_id,
                severity=_SEVERITIES.get(message.severity, Severity.NORMAL),
                complaint=message.kind == CASE_KIND_COMPLAINT,
                on_time=message.on_time,
                served_time=to_datetime(message.closed_time),
                heard_time=now,
            )

        self.record_served(heard)
        self.record_signal(
            envelope.id,
            customer_id=message.customer_id,
            kind=SignalKind.CASE_CLOSED,
            subject_id=message.case_id,
            value=0,
            occurred_time=to_datetime(message.closed_time),
        )

    def _visit_completed(self, message: VisitCompleted, envelope: Envelope) -> None:
        if not message.customer_id:
            return
        if not message.HasField("occurred_time"):
            raise Permanent(MALFORMED, "occurred_time is missing: nobody knows when the visit cost anything.")

        def heard(now: datetime) -> Served:
            return Served(
                id=envelope.id,
                kind=ServedKind.VISIT,
                customer_id=message.customer_id,
                subject_id=message.visit_id,
                contract_id=message.contract_id,
                dissatisfied=message.outcome == VISIT_OUTCOME_DISSATISFIED,
                served_time=to_datetime(message.occurred_time),
                heard_time=now,
            )

        self.record_served(heard)
        self.record_signal(
            envelope.id,
            customer_id=message.customer_id,
            kind=SignalKind.VISIT_COMPLETED,
            subject_id=message.visit_id,
            value=message.satisfaction,
            occurred_time=to_datetime(message.occurred_time),
        )
