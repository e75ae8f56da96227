"""What care hears: envelope in, use case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from membercare.contracts.v1.events_pb2 import ContractActivated, ContractTerminated, CustomerMerged
from services.care.domain.visits.visit import ActivatedContract
from services.care.usecases.members.relink_customer import RelinkCustomer
from services.care.usecases.visits.visits import CancelVisits, PlanVisit
from services.chassis.bus_entrypoints import event_handler
from services.chassis.envelope import Envelope
from services.chassis.inbox import Inbox
from services.chassis.timestamps import to_datetime


@dataclass(frozen=True)
class CareConsumers:
    """The methods' names are part of the names of durable queues: they are never tidied."""

    name = "care"

    inbox: Inbox
    plan_visit: PlanVisit
    cancel_visits: CancelVisits
    relink_customer: RelinkCustomer

    @event_handler("contracts", "contract_activated")
    def on_contract_activated(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, ContractActivated, use_case=self._plan)

    @event_handler("contracts", "contract_terminated")
    def on_contract_terminated(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, ContractTerminated, use_case=self._cancel)

    @event_handler("contracts", "customer_merged")
    def on_customer_merged(self, envelope: Mapping[str, Any]) -> None:
        self.inbox.handle(envelope, CustomerMerged, use_case=self._relink)

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

    def _cancel(self, message: ContractTerminated, envelope: Envelope) -> None:
        self.cancel_visits(message.contract_id, version=message.contract_version)

    def _relink(self, message: CustomerMerged, envelope: Envelope) -> None:
        self.relink_customer(message.customer_id, into_id=message.into_id)
