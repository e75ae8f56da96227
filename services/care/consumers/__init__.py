"""What care hears: envelope in, use case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from membercare.contracts.v1.customer_pb2 import CustomerTier
from membercare.contracts.v1.events_pb2 import (
    AssetDelivered,
    ChargeableServiceCompleted,
    CustomerMerged,
    CustomerValueChanged,
    OrderAccepted,
    OrderDelivered,
    OrderShipped,
    WarrantyExpiring,
)
from membercare.feedback.v1.case_pb2 import CASE_KIND_COMPLAINT, CASE_KIND_SERVICE_REQUEST
from membercare.feedback.v1.events_pb2 import CaseClosed, CaseOpened, CaseReopened
from services.care.consumers.contract_life import ContractLife
from services.care.domain.segments.facts import Act, HeldValue, HeldWarranty
from services.care.domain.segments.rules import ValueTier
from services.care.usecases.loyalty.settle_accounts import HearValue
from services.care.usecases.members.hear_complaint import HearComplaint
from services.care.usecases.members.relink_customer import RelinkCustomer
from services.care.usecases.segments.record_facts import (
    MoveContracts,
    NoteValue,
    NoteWarranty,
)
from services.care.usecases.visits.follow_events import (
    CaseNews,
    ConfirmFix,
    FollowEvent,
    Happened,
)
from services.chassis.bus_entrypoints import event_handler
from services.chassis.envelope import Envelope
from services.chassis.timestamps import to_datetime


@dataclass(frozen=True)
class CareConsumers(ContractLife):
    """The methods' names are part of the names of durable queues: they are never tidied."""

    name = "care"

    relink_customer: RelinkCustomer
    hear_complaint: HearComplaint
    move_contracts: MoveContracts
    note_warranty: NoteWarranty
    note_value: NoteValue
    follow_event: FollowEvent
    confirm_fix: ConfirmFix
    hear_value: HearValue

    @event_handler("contracts", "customer_merged")
    def on_customer_merged(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CustomerMerged, use_case=self._relink)

    @event_handler("contracts", "customer_value_changed")
    def on_customer_value_changed(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CustomerValueChanged, use_case=self._value)

    @event_handler("feedback", "case_opened")
    def on_case_opened(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CaseOpened, use_case=self._note_case)

    @event_handler("feedback", "case_closed")
    def on_case_closed(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CaseClosed, use_case=self._note_closed)

    @event_handler("feedback", "case_reopened")
    def on_case_reopened(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CaseReopened, use_case=self._reopened)

    @event_handler("contracts", "order_shipped")
    def on_order_shipped(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, OrderShipped, use_case=self._shipped)

    @event_handler("contracts", "order_delivered")
    def on_order_delivered(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, OrderDelivered, use_case=self._order)

    @event_handler("contracts", "order_accepted")
    def on_order_accepted(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, OrderAccepted, use_case=self._order)

    @event_handler("contracts", "asset_delivered")
    def on_asset_delivered(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, AssetDelivered, use_case=self._asset)

    @event_handler("contracts", "warranty_expiring")
    def on_warranty_expiring(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, WarrantyExpiring, use_case=self._warranty)

    @event_handler("contracts", "chargeable_service_completed")
    def on_chargeable_service_completed(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, ChargeableServiceCompleted, use_case=self._service)

    def _relink(self, message: CustomerMerged, envelope: Envelope) -> None:
        self.relink_customer(message.customer_id, into_id=message.into_id)
        self.move_contracts(message.customer_id)

    def _note_case(self, message: CaseOpened, envelope: Envelope) -> None:
        complaint = message.kind == CASE_KIND_COMPLAINT
        for name in ("case_opened", "complaint_opened") if complaint else ("case_opened",):
            act = Act(name, to_datetime(message.occurred_time), envelope.id)
            self.record_act(act, member_id=message.member_id, customer_id=message.customer_id)
        if complaint:
            self.hear_complaint.opened(message.case_id, message.member_id)

    def _note_closed(self, message: CaseClosed, envelope: Envelope) -> None:
        act = Act("case_closed", to_datetime(message.closed_time), envelope.id)
        self.record_act(act, member_id=message.member_id, customer_id=message.customer_id)
        if message.kind == CASE_KIND_COMPLAINT:
            self.hear_complaint.ended(message.case_id, message.member_id)
        if message.kind in {CASE_KIND_COMPLAINT, CASE_KIND_SERVICE_REQUEST}:
            self.confirm_fix.closed(
                CaseNews(
                    case_id=message.case_id,
                    round=message.round or 1,
                    at=to_datetime(message.closed_time),
                    customer_id=message.customer_id,
                    member_id=message.member_id,
                    assignee_id=message.assignee_id,
                )
            )

    def _reopened(self, message: CaseReopened, envelope: Envelope) -> None:
        at = to_datetime(message.occurred_time)
        self.confirm_fix.reopened(CaseNews(case_id=message.case_id, round=message.round, at=at))

    def _shipped(self, message: OrderShipped, envelope: Envelope) -> None:
        self._act("order_shipped", message, envelope=envelope)

    def _warranty(self, message: WarrantyExpiring, envelope: Envelope) -> None:
        self._act("warranty_expiring", message, envelope=envelope)

    def _order(self, message: OrderDelivered | OrderAccepted, envelope: Envelope) -> None:
        self._act(envelope.type, message, envelope=envelope)
        self.follow_event(
            Happened(
                event=envelope.type,
                key=message.order_id,
                happened_at=to_datetime(message.occurred_time),
                customer_id=message.customer_id,
                owner_id=message.owner_id,
                source_id=message.order_id,
                topic=message.title,
            )
        )

    def _asset(self, message: AssetDelivered, envelope: Envelope) -> None:
        """One call for all that a customer got on a day."""
        self.follow_event(
            Happened(
                event=envelope.type,
                key=f"{message.customer_id}/{message.delivery_date}",
                happened_at=to_datetime(message.occurred_time),
                customer_id=message.customer_id,
                source_id=message.asset_id,
                topic=message.serial,
            )
        )
        self.note_warranty(
            HeldWarranty(
                id=message.asset_id,
                customer_id=message.customer_id,
                end_date=message.warranty_end,
                seq=message.asset_version,
            )
        )

    def _service(self, message: ChargeableServiceCompleted, envelope: Envelope) -> None:
        self._act(envelope.type, message, envelope=envelope)
        self.follow_event(
            Happened(
                event=envelope.type,
                key=message.order_id,
                happened_at=to_datetime(message.occurred_time),
                customer_id=message.customer_id,
                source_id=message.order_id,
                topic=message.service_type,
                avoid_id=message.technician_id,
            )
        )

    def _value(self, message: CustomerValueChanged, envelope: Envelope) -> None:
        tier = CustomerTier.Name(message.tier_after)
        self.hear_value(message.customer_id, tier, version=message.value_version)
        self.note_value(
            HeldValue(
                id=message.customer_id,
                tier=ValueTier(tier.removeprefix("CUSTOMER_TIER_").lower()),
                minor_units=message.current_value.minor_units,
                currency_code=message.current_value.currency_code,
                seq=message.value_version,
            )
        )
