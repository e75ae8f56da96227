"""What care hears of contracts: where they stand and how renewals end, noted with everybody of the customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from membercare.contracts.v1.events_pb2 import (
    ChargeableServiceCompleted,
    ContractActivated,
    ContractAmended,
    ContractExpired,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
    OrderAccepted,
    OrderDelivered,
    OrderShipped,
    RenewalLost,
    RenewalOpened,
    RenewalWon,
    WarrantyExpiring,
)
from services.care.consumers.own_news import OwnNews
from services.care.domain.segments.facts import Act, ContractNews, RenewalNews, RenewalOutcome
from services.care.domain.segments.rules import ContractState
from services.care.usecases.segments.record_facts import NoteContract, NoteRenewal
from services.care.usecases.visits.follow_events import ActivatedContract, PlanVisit
from services.care.usecases.visits.visits import CancelVisits
from services.chassis.bus_entrypoints import event_handler
from services.chassis.envelope import Envelope
from services.chassis.timestamps import to_datetime

_DAY = timedelta(days=1)
_FIRST_TERM = 1
_ContractMessage = (
    ContractActivated | ContractAmended | ContractSuspended | ContractResumed | ContractExpired | ContractTerminated
)
_RenewalMessage = RenewalOpened | RenewalWon | RenewalLost
_OrderMessage = OrderShipped | OrderDelivered | OrderAccepted
_Happened = _ContractMessage | _RenewalMessage | _OrderMessage | ChargeableServiceCompleted | WarrantyExpiring


@dataclass(frozen=True)
class ContractLife(OwnNews):
    """The part of what care hears that contracts says of contracts; the methods' names are never tidied here either."""

    plan_visit: PlanVisit
    cancel_visits: CancelVisits
    note_contract: NoteContract
    note_renewal: NoteRenewal

    @event_handler("contracts", "contract_activated")
    def on_contract_activated(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, ContractActivated, use_case=self._plan)

    @event_handler("contracts", "contract_terminated")
    def on_contract_terminated(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, ContractTerminated, use_case=self._cancel)

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

    @event_handler("contracts", "renewal_opened")
    def on_renewal_opened(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, RenewalOpened, use_case=self._note_opened)

    @event_handler("contracts", "renewal_won")
    def on_renewal_won(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, RenewalWon, use_case=self._note_renewed)

    @event_handler("contracts", "renewal_lost")
    def on_renewal_lost(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, RenewalLost, use_case=self._note_lost)

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
        self._note(message, ContractState.ACTIVE, end_date=message.end_date, term=_FIRST_TERM)
        self._act("contract_activated", message, envelope=envelope)

    def _cancel(self, message: ContractTerminated, envelope: Envelope) -> None:
        self.cancel_visits(message.contract_id, version=message.contract_version)
        last_day = date.fromisoformat(message.effective_date) - _DAY if message.effective_date else None
        self._note(message, ContractState.TERMINATED, end_date=last_day.isoformat() if last_day else "")
        self._act("contract_terminated", message, envelope=envelope)

    def _note_end(self, message: ContractAmended, envelope: Envelope) -> None:
        self._note(message, None, end_date=message.end_date, term=message.term_number)

    def _note_suspended(self, message: ContractSuspended, envelope: Envelope) -> None:
        self._note(message, ContractState.SUSPENDED)
        self._act("contract_suspended", message, envelope=envelope)

    def _note_resumed(self, message: ContractResumed, envelope: Envelope) -> None:
        self._note(message, ContractState.ACTIVE, end_date=message.end_date)

    def _note_expired(self, message: ContractExpired, envelope: Envelope) -> None:
        self._note(message, ContractState.EXPIRED, end_date=message.end_date)
        self._act("contract_expired", message, envelope=envelope)

    def _note_opened(self, message: RenewalOpened, envelope: Envelope) -> None:
        self._act("renewal_opened", message, envelope=envelope)

    def _note_renewed(self, message: RenewalWon, envelope: Envelope) -> None:
        self._settle(message, RenewalOutcome.WON)
        self._act("contract_renewed", message, envelope=envelope)

    def _note_lost(self, message: RenewalLost, envelope: Envelope) -> None:
        self._settle(message, RenewalOutcome.LOST)
        self._act("renewal_lost", message, envelope=envelope)

    def _settle(self, message: RenewalWon | RenewalLost, outcome: RenewalOutcome) -> None:
        self.note_renewal(
            RenewalNews(
                contract_id=message.contract_id,
                customer_id=message.customer_id,
                term=message.term_number,
                outcome=outcome,
                at=to_datetime(message.occurred_time),
            )
        )

    def _note(
        self, message: _ContractMessage, state: ContractState | None, *, end_date: str = "", term: int = 0
    ) -> None:
        self.note_contract(
            ContractNews(
                contract_id=message.contract_id,
                customer_id=message.customer_id,
                version=message.contract_version,
                state=state,
                end_date=end_date,
                term=term,
            )
        )

    def _act(self, name: str, message: _Happened, *, envelope: Envelope) -> None:
        act = Act(name, to_datetime(message.occurred_time), envelope.id)
        self.record_act(act, member_id="", customer_id=message.customer_id)
