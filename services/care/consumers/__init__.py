"""What care hears: envelope in, use case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from membercare.contracts.v1.customer_pb2 import CustomerTier
from membercare.contracts.v1.events_pb2 import (
    AssetDelivered,
    ChargeableServiceCompleted,
    ContractActivated,
    ContractAmended,
    ContractExpired,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
    CustomerMerged,
    CustomerValueChanged,
    OrderAccepted,
    OrderDelivered,
    RenewalWon,
)
from membercare.feedback.v1.case_pb2 import CASE_KIND_COMPLAINT, CASE_KIND_SERVICE_REQUEST
from membercare.feedback.v1.events_pb2 import CaseClosed, CaseOpened, CaseReopened
from services.care.consumers.own_news import OwnNews
from services.care.domain.segments.facts import Act, ContractNews, HeldWarranty
from services.care.domain.segments.rules import ContractState
from services.care.usecases.loyalty.settle_accounts import HearValue
from services.care.usecases.members.hear_complaint import HearComplaint
from services.care.usecases.members.relink_customer import RelinkCustomer
from services.care.usecases.segments.record_facts import (
    MoveContracts,
    NoteContract,
    NoteWarranty,
)
from services.care.usecases.visits.follow_events import (
    ActivatedContract,
    CaseNews,
    ConfirmFix,
    FollowEvent,
    Happened,
    PlanVisit,
)
from services.care.usecases.visits.visits import CancelVisits
from services.chassis.bus_entrypoints import event_handler
from services.chassis.envelope import Envelope
from services.chassis.timestamps import to_datetime

_DAY = timedelta(days=1)
_ContractMessage = (
    ContractActivated | ContractAmended | ContractSuspended | ContractResumed | ContractExpired | ContractTerminated
)
_Happened = _ContractMessage | RenewalWon | CaseOpened


@dataclass(frozen=True)
class CareConsumers(OwnNews):
    """The methods' names are part of the names of durable queues: they are never tidied."""

    name = "care"

    plan_visit: PlanVisit
    cancel_visits: CancelVisits
    relink_customer: RelinkCustomer
    hear_complaint: HearComplaint
    note_contract: NoteContract
    move_contracts: MoveContracts
    note_warranty: NoteWarranty
    follow_event: FollowEvent
    confirm_fix: ConfirmFix
    hear_value: HearValue

    @event_handler("contracts", "contract_activated")
    def on_contract_activated(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, ContractActivated, use_case=self._plan)

    @event_handler("contracts", "contract_terminated")
    def on_contract_terminated(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, ContractTerminated, use_case=self._cancel)

    @event_handler("contracts", "customer_merged")
    def on_customer_merged(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CustomerMerged, use_case=self._relink)

    @event_handler("contracts", "customer_value_changed")
    def on_customer_value_changed(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CustomerValueChanged, use_case=self._value)

    @event_handler("contracts", "contract_amended")
    def on_contract_amended(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, ContractAmended, use_case=self._note_end)

    @event_handler("contracts", "contract_suspended")
    def on_contract_suspended(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, ContractSuspended, use_case=self._note_suspended)

    @event_handler("contracts", "contract_resumed")
    def on_contract_resumed(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, ContractResumed, use_case=self._note_resumed)

    @event_handler("contracts", "contract_expired")
    def on_contract_expired(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, ContractExpired, use_case=self._note_expired)

    @event_handler("contracts", "renewal_won")
    def on_renewal_won(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, RenewalWon, use_case=self._note_renewed)

    @event_handler("feedback", "case_opened")
    def on_case_opened(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CaseOpened, use_case=self._note_case)

    @event_handler("feedback", "case_closed")
    def on_case_closed(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CaseClosed, use_case=self._note_closed)

    @event_handler("feedback", "case_reopened")
    def on_case_reopened(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CaseReopened, use_case=self._reopened)

    @event_handler("contracts", "order_delivered")
    def on_order_delivered(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, OrderDelivered, use_case=self._order)

    @event_handler("contracts", "order_accepted")
    def on_order_accepted(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, OrderAccepted, use_case=self._order)

    @event_handler("contracts", "asset_delivered")
    def on_asset_delivered(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, AssetDelivered, use_case=self._asset)

    @event_handler("contracts", "chargeable_service_completed")
    def on_chargeable_service_completed(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, ChargeableServiceCompleted, use_case=self._service)

    def _plan(self, message: ContractActivated, envelope: Envelope) -> None:
        self.plan_visit(
            ActivatedContract(
                contract_id=message.contract_id,
                customer_id=message.customer_id,
                owner_id=message.owner_id,
                version=message.contract_version,
                activated_at=to_datetime(message.occurred_time),
            )
        )
        self._note(message, ContractState.ACTIVE, end_date=message.end_date)
        self._act("contract_activated", message, envelope=envelope)

    def _cancel(self, message: ContractTerminated, envelope: Envelope) -> None:
        self.cancel_visits(message.contract_id, version=message.contract_version)
        last_day = date.fromisoformat(message.effective_date) - _DAY if message.effective_date else None
        self._note(message, ContractState.TERMINATED, end_date=last_day.isoformat() if last_day else "")
        self._act("contract_terminated", message, envelope=envelope)

    def _relink(self, message: CustomerMerged, envelope: Envelope) -> None:
        self.relink_customer(message.customer_id, into_id=message.into_id)
        self.move_contracts(message.customer_id)

    def _note_end(self, message: ContractAmended, envelope: Envelope) -> None:
        self._note(message, None, end_date=message.end_date)

    def _note_suspended(self, message: ContractSuspended, envelope: Envelope) -> None:
        self._note(message, ContractState.SUSPENDED)
        self._act("contract_suspended", message, envelope=envelope)

    def _note_resumed(self, message: ContractResumed, envelope: Envelope) -> None:
        self._note(message, ContractState.ACTIVE, end_date=message.end_date)

    def _note_expired(self, message: ContractExpired, envelope: Envelope) -> None:
        self._note(message, ContractState.EXPIRED, end_date=message.end_date)
        self._act("contract_expired", message, envelope=envelope)

    def _note_renewed(self, message: RenewalWon, envelope: Envelope) -> None:
        self._act("contract_renewed", message, envelope=envelope)
        if message.successor_id:  # the same contract going on is told as an amendment
            self.note_contract(
                ContractNews(
                    contract_id=message.contract_id,
                    customer_id=message.customer_id,
                    version=0,
                    successor_id=message.successor_id,
                )
            )

    def _note_case(self, message: CaseOpened, envelope: Envelope) -> None:
        self._act("case_opened", message, envelope=envelope)
        if message.kind == CASE_KIND_COMPLAINT:
            self._act("complaint_opened", message, envelope=envelope)
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

    def _order(self, message: OrderDelivered | OrderAccepted, envelope: Envelope) -> None:
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

    def _note(self, message: _ContractMessage, state: ContractState | None, *, end_date: str = "") -> None:
        self.note_contract(
            ContractNews(
                contract_id=message.contract_id,
                customer_id=message.customer_id,
                version=message.contract_version,
                state=state,
                end_date=end_date,
            )
        )

    def _act(self, name: str, message: _Happened, *, envelope: Envelope) -> None:
        act = Act(name, to_datetime(message.occurred_time), envelope.id)
        member_id = message.member_id if isinstance(message, CaseOpened) else ""
        self.record_act(act, member_id=member_id, customer_id=message.customer_id)

    def _value(self, message: CustomerValueChanged, envelope: Envelope) -> None:
        tier = CustomerTier.Name(message.tier_after)
        self.hear_value(message.customer_id, tier, version=message.value_version)
