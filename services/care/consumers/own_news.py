"""What care hears of itself and notes with members: visits that were made, messages that were read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from membercare.care.v1.events_pb2 import TouchEngaged, VisitCompleted
from membercare.care.v1.visit_pb2 import VISIT_OUTCOME_UNREACHABLE
from services.care.domain.segments.facts import Act, Answer
from services.care.domain.sending.receipts import ReceiptKind
from services.care.usecases.segments.record_facts import RecordAct, RecordAnswer
from services.chassis.bus_entrypoints import event_handler
from services.chassis.envelope import Envelope
from services.chassis.inbox import Inbox
from services.chassis.timestamps import to_datetime


@dataclass(frozen=True)
class OwnNews:
    """The part of what care hears that it said itself; the methods' names are never tidied here either."""

    inbox: Inbox
    record_act: RecordAct
    record_answer: RecordAnswer

    @event_handler("care", "visit_completed")
    def on_visit_completed(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, VisitCompleted, use_case=self._note_visit)

    @event_handler("care", "touch_engaged")
    def on_touch_engaged(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, TouchEngaged, use_case=self._note_engaged)

    def _note_visit(self, message: VisitCompleted, envelope: Envelope) -> None:
        at = to_datetime(message.occurred_time)
        if message.outcome != VISIT_OUTCOME_UNREACHABLE:
            self.record_act(Act("visit_completed", at, envelope.id), member_id=message.member_id)
        if message.satisfaction:
            answer = Answer("visit", message.satisfaction, at, envelope.id)
            self.record_answer(answer, member_id=message.member_id)

    def _note_engaged(self, message: TouchEngaged, envelope: Envelope) -> None:
        """A complaint is no act: who calls a message unwanted must not pass for an active customer."""
        for place, each in enumerate(message.engagements):
            if each.kind != ReceiptKind.COMPLAINED:
                act = Act("touch_engaged", to_datetime(each.time), f"{envelope.id}/{place}")
                self.record_act(act, member_id=each.member_id)
