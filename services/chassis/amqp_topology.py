"""The exchanges and queues in RabbitMQ, as plain facts, for aio-pika here and py-amqp there to declare."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.chassis.bus import QUEUE_VERSION, Subscription
from services.chassis.patience import Patience

DEAD_EXCHANGE = "membercare.dead"
ATTEMPTS_HEADER = "x-attempts"

_QUORUM = {"x-queue-type": "quorum"}
# A dead letter is given on with confirms, so that none is lost between two queues; it needs this overflow rule.
_DEAD_LETTERS_SAFELY = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A durable exchange."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable queue and what it is bound to: pairs of exchange and routing key."""

    name: str
    arguments: dict[str, Any]
    bindings: tuple[tuple[str, str], ...] = field(default=())


def event_exchange(source: str) -> Exchange:
    """Return the exchange that nameko's event handlers of this source listen on."""
    return Exchange(f"{source}.events", "topic")


def retry_exchange(pause: float) -> Exchange:
    """Return where a message waits for so many seconds; its routing key is the queue that it goes back to.

    A fanout into one queue a pause, for all subscriptions: a queue a pause and subscription would be five times
    as many replicated logs, for nothing.
    """
    return Exchange(f"membercare.retry.{_milliseconds(pause)}", "fanout")


def dead_queue(service: str) -> str:
    """Return where the deliveries end that a service's process died over, or that no one can read."""
    return f"membercare.dead--{service}.v{QUEUE_VERSION}"


def exchanges(subscriptions: Sequence[Subscription], patience: Patience) -> list[Exchange]:
    """Return every exchange that these subscriptions need."""
    sources = sorted({subscription.source for subscription in subscriptions})
    return [
        Exchange(DEAD_EXCHANGE, "direct"),
        *map(retry_exchange, patience.pauses),
        *map(event_exchange, sources),
    ]


def queues(subscriptions: Sequence[Subscription], patience: Patience) -> list[Queue]:
    """Return every queue that these subscriptions need, the ones that catch before the ones that drop."""
    services = sorted({subscription.service for subscription in subscriptions})
    return [
        *(_dead_queue(service, subscriptions) for service in services),
        *map(_retry_queue, patience.pauses),
        *(_main_queue(subscription, patience.poison_after) for subscription in subscriptions),
    ]


def _main_queue(subscription: Subscription, poison_after: int) -> Queue:
    arguments = {
        **_QUORUM,
        **_DEAD_LETTERS_SAFELY,
        "x-dead-letter-exchange": DEAD_EXCHANGE,
        "x-dead-letter-routing-key": subscription.name,
        "x-delivery-limit": poison_after,
    }
    return Queue(subscription.name, arguments, ((event_exchange(subscription.source).name, subscription.type),))


def _retry_queue(pause: float) -> Queue:
    arguments = {
        **_QUORUM,
        **_DEAD_LETTERS_SAFELY,
        "x-message-ttl": _milliseconds(pause),
        "x-dead-letter-exchange": "",  # the default exchange: back to the queue that the routing key names
    }
    return Queue(
        f"membercare.retry.{_milliseconds(pause)}.v{QUEUE_VERSION}", arguments, ((retry_exchange(pause).name, ""),)
    )


def _dead_queue(service: str, subscriptions: Sequence[Subscription]) -> Queue:
    names = sorted(subscription.name for subscription in subscriptions if subscription.service == service)
    return Queue(dead_queue(service), dict(_QUORUM), tuple((DEAD_EXCHANGE, name) for name in names))


def _milliseconds(pause: float) -> int:
    return round(pause * 1000)
