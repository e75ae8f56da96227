"""The bus as a port: who hears what, and what both adapters promise alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.chassis.envelope import Envelope

QUEUE_VERSION = 1
"""Arguments of a durable queue cannot be changed later; a new set of arguments takes a new version."""

DATABASE = "membercare_bus"
"""Where the bus that is embedded in MongoDB keeps its deliveries."""


class BusUnavailable(Exception):
    """The bus does not answer, or did not confirm: the publisher keeps the event and tries again."""


class UnknownSubscription(Exception):
    """Nobody listens under this name."""


@dataclass(frozen=True, slots=True, order=True)
class Subscription:
    """One handler of one service that hears one type of event; each gets every event once, retries aside.

    The name stands in queues, deliveries and parked events: a renamed handler is another subscription,
    and what waits for the old name waits for ever.
    """

    source: str
    type: str
    service: str
    handler: str

    @property
    def name(self) -> str:
        return f"evt-{self.source}-{self.type}--{self.service}.{self.handler}.v{QUEUE_VERSION}"


class Bus(Protocol):
    """Carries events at least once; events that one publisher says one after the other arrive in that order."""

    async def declare(self, subscriptions: Sequence[Subscription]) -> None:
        """Make the subscriptions known and durable; from then on nothing they want is unroutable. Safe to repeat."""

    async def publish(self, envelope: Envelope) -> bool:
        """Return once the event is stored for every subscription that wants it; False where none does.

        Raises BusUnavailable when that is not sure; saying the event again is then safe.
        """

    async def send_to(self, subscription: str, envelope: Envelope) -> None:
        """Store an event for one subscription only. Raises UnknownSubscription or BusUnavailable."""

    async def close(self) -> None:
        """Let go of the connection."""
