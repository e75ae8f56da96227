"""Keep what speaks for or against a renewal, once for each event."""

from dataclasses import dataclass
from datetime import datetime

from services.chassis.clock import Clock
from services.chassis.errors import InvalidField, NotFound
from services.contracts.domain.renewals.renewal_signals import Signal, SignalKind
from services.contracts.ports.renewals import KnownCustomers, Signals


@dataclass(frozen=True, slots=True)
class RecordSignal:
    """Keeps a signal that an event told; whether the customer exists is the teller's to know."""

    signals: Signals

    def __call__(
        self,
        event_id: str,
        *,
        customer_id: str,
        kind: SignalKind | None,
        subject_id: str,
        value: int,
        occurred_time: datetime,
    ) -> bool:
        """Return whether it was new. Refused with INVALID_FIELD, INVALID_ID."""
        return self.signals.add(
            Signal.heard(
                event_id,
                customer_id=customer_id,
                kind=kind,
                subject_id=subject_id,
                value=value,
                occurred_time=occurred_time,
            )
        )


@dataclass(frozen=True, slots=True)
class TellSignal:
    """Keeps a signal that a person or the company's own system tells."""

    signals: Signals
    customers: KnownCustomers
    clock: Clock

    def __call__(
        self,
        event_id: str,
        *,
        customer_id: str,
        kind: SignalKind | None,
        subject_id: str,
        value: int,
        occurred_time: datetime | None,
    ) -> bool:
        """Return whether it was new. Refused with INVALID_FIELD, INVALID_ID, CUSTOMER_NOT_FOUND."""
        now = self.clock.now()
        if occurred_time and occurred_time > now:
            raise InvalidField("occurred_time", "occurred_time must not lie in the future.")
        signal = Signal.heard(
            f"told:{event_id}" if event_id else "",
            customer_id=customer_id,
            kind=kind,
            subject_id=subject_id,
            value=value,
            occurred_time=occurred_time or now,
        )
        if not self.customers.exists(signal.customer_id):
            raise NotFound("customer", signal.customer_id)
        return self.signals.add(signal)
