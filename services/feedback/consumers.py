"""What feedback hears: envelope in, use case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from membercare.care.v1.events_pb2 import MemberErased, VisitCompleted
from membercare.care.v1.visit_pb2 import VISIT_OUTCOME_DISSATISFIED
from membercare.contracts.v1.events_pb2 import CustomerMerged, OrderAccepted
from services.chassis.bus_entrypoints import event_handler
from services.chassis.envelope import Envelope
from services.chassis.inbox import Inbox
from services.feedback.domain.order import AcceptedOrder
from services.feedback.domain.visit import CompletedVisit
from services.feedback.usecases.forget_member import ForgetMember
from services.feedback.usecases.open_case import HearOfOrder, HearOfVisit
from services.feedback.usecases.relink_customer import RelinkCustomer


@dataclass(frozen=True)
class FeedbackConsumers:
    """The methods' names are part of the names of durable queues: they are never tidied."""

    name = "feedback"

    inbox: Inbox
    hear_of_visit: HearOfVisit
    hear_of_order: HearOfOrder
    relink_customer: RelinkCustomer
    forget_member: ForgetMember

    @event_handler("care", "visit_completed")
    def on_visit_completed(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, VisitCompleted, use_case=self._visit_completed)

    def _visit_completed(self, message: VisitCompleted, envelope: Envelope) -> None:
        self.hear_of_visit(
            CompletedVisit(
                event_id=envelope.id,
                visit_id=message.visit_id,
                contract_id=message.contract_id,
                customer_id=message.customer_id,
                member_id=message.member_id,
                dissatisfied=message.outcome == VISIT_OUTCOME_DISSATISFIED,
                satisfaction=message.satisfaction,
                words=message.words,
                bad_again=message.bad_again,
            )
        )

    @event_handler("contracts", "order_accepted")
    def on_order_accepted(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, OrderAccepted, use_case=self._order_accepted)

    def _order_accepted(self, message: OrderAccepted, envelope: Envelope) -> None:
        self.hear_of_order(
            AcceptedOrder(
                event_id=envelope.id,
                order_id=message.order_id,
                customer_id=message.customer_id,
                title=message.title,
                issues=tuple(issue.description for issue in message.issues),
            )
        )

    @event_handler("contracts", "customer_merged")
    def on_customer_merged(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CustomerMerged, use_case=self._customer_merged)

    def _customer_merged(self, message: CustomerMerged, envelope: Envelope) -> None:
        self.relink_customer(message.customer_id, into_id=message.into_id)

    @event_handler("care", "member_erased")
    def on_member_erased(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, MemberErased, use_case=self._member_erased)

    def _member_erased(self, message: MemberErased, envelope: Envelope) -> None:
        self.forget_member(message.member_id)
