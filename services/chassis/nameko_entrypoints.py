"""nameko's entrypoints for both buses; beside the container, the only module that knows nameko, kombu and eventlet."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import eventlet
from amqp.exceptions import AMQPError
from kombu.entity import Queue
from nameko.amqp.consume import Consumer
from nameko.amqp.publish import Publisher
from nameko.events import EventHandler
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from services.chassis import amqp_topology, logs
from services.chassis.amqp_topology import ATTEMPTS_HEADER
from services.chassis.availability import Availability
from services.chassis.bus import Subscription
from services.chassis.intake import Delivery, Intake
from services.chassis.patience import Patience
from services.chassis.poller import DRAIN_SECONDS, Poller

DECLARE_SECONDS = 15.0
HEARTBEAT_SECONDS = 30
"""A handler that blocks the hub for two of these loses its connection, and its messages are delivered again."""

_log = logs.get("chassis.entrypoints")

BeginHandler = Callable[[Delivery], None]
MakeIntake = Callable[[BeginHandler], Intake]


def begin_worker(entrypoint: Entrypoint, delivery: Delivery, *, intake: Intake, on_settled: Callable[[], None]) -> None:
    """Run the handler in a worker of the container; waits for a free one in a thread of its own."""

    def settle(*outcome: Any) -> tuple[Any, Any]:
        _worker, result, exc_info = outcome  # nameko calls it so
        intake.settle(delivery, exc_info[1] if exc_info else None)
        on_settled()
        return result, exc_info

    def spawn() -> None:
        try:
            entrypoint.container.spawn_worker(entrypoint, (delivery.envelope,), {}, handle_result=settle)
        except ContainerBeingKilled:
            return  # it is not settled, so the bus delivers it again

    entrypoint.container.spawn_managed_thread(spawn, identifier="wait_for_worker")


class MongoEventHandler(Entrypoint):
    """A handler on the embedded bus; all handlers of a process share the poller, which the last one to start runs."""

    def __init__(self, make_intake: MakeIntake, poller: Poller) -> None:
        """Take how to make the intake, and the poller."""
        super().__init__(expected_exceptions=(Exception,))
        self._make_intake, self._poller = make_intake, poller

    def setup(self) -> None:
        intake = self._make_intake(
            lambda delivery: begin_worker(self, delivery, intake=intake, on_settled=self._poller.settled)
        )
        self._poller.add(intake)

    def start(self) -> None:
        """Wait until the poller has reached the database; every handler is set up before the first is started."""
        if self._poller.claim_thread():
            self.container.spawn_managed_thread(self._poller.run)
        self._poller.ready.wait()

    def stop(self) -> None:
        """Return once the poller has drained and given back."""
        self._poller.stop()
        self._poller.ended.wait(DRAIN_SECONDS)


@dataclass(frozen=True)
class Broker:
    """What the handlers of one process share."""

    url: str
    subscriptions: tuple[Subscription, ...]
    patience: Patience
    prefetch: int
    availability: Availability = field(default_factory=lambda: Availability("bus", _log))


class ReliableEventHandler(EventHandler):
    """nameko's event handler on quorum queues, with retries by waiting queues, and parking instead of losing."""

    def __init__(self, subscription: Subscription, make_intake: MakeIntake, broker: Broker) -> None:
        """Take what it hears, how to make the intake, and what the handlers share."""
        super().__init__(subscription.source, subscription.type, expected_exceptions=(Exception,))
        self._subscription, self._make_intake, self._broker = subscription, make_intake, broker

    def setup(self) -> None:
        """Leave nameko's own declarations out: the whole topology is declared on each connection."""
        self._intake = self._make_intake(
            lambda delivery: begin_worker(self, delivery, intake=self._intake, on_settled=lambda: None)
        )
        self._retries = Publisher(
            self._broker.url, use_confirms=True, mandatory=True, retry=False, serializer=None
        )  # fmt: skip
        self.consumer = _BrokerConsumer(self._broker, self._subscription, self.handle_message)

    def handle_message(self, body: Any, message: Any) -> None:
        """Begin it, or let it wait for what was said before of the same subject."""
        self._intake.offer(_AmqpDelivery(body, message, self._subscription.name, self._retries))

    def stop(self) -> None:
        """Let what was begun end before the connection is closed, or its acknowledgements would be lost."""
        self._intake.close()
        stop_by = time.monotonic() + DRAIN_SECONDS
        while self._intake.busy and time.monotonic() < stop_by:
            eventlet.sleep(0.02)
        self.consumer.stop()


class _BrokerConsumer(Consumer):
    """A connection that listens on one queue, and comes back whenever the broker does."""

    def __init__(self, broker: Broker, subscription: Subscription, on_message: Callable[[Any, Any], None]) -> None:
        super().__init__(
            broker.url,
            heartbeat=HEARTBEAT_SECONDS,
            prefetch_count=broker.prefetch,
            accept=["json"],
            queues=[Queue(subscription.name, no_declare=True)],  # type: ignore[no-untyped-call]
            callbacks=[on_message],
        )
        self._broker = broker

    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        with self.create_connection() as connection:
            connection.ensure_connection(
                self.on_connection_error, interval_start=0.5, interval_step=0.5, interval_max=3
            )  # fmt: skip
            yield connection

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        self._broker.availability.away(exc)

    def on_connection_revived(self) -> None:
        self._broker.availability.back()

    def get_consumers(self, consumer_cls: Any, channel: Any) -> list[Any]:
        # A broker that was killed moments after a queue was made may never answer for it: better tried again, and said.
        with eventlet.Timeout(DECLARE_SECONDS, TimeoutError("The broker does not answer a declaration.")):
            try:
                declare(channel, self._broker)
            except (OSError, AMQPError) as error:
                self._broker.availability.away(error)
                raise
        return super().get_consumers(consumer_cls, channel)  # type: ignore[no-any-return]

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """What is no JSON goes to the dead letters, from where it is parked."""
        message.reject(requeue=False)


def declare(channel: Any, broker: Broker) -> None:
    """Declare everything on a channel of py-amqp; `migrate` has done so before, an emptied broker is mended so."""
    for exchange in amqp_topology.exchanges(broker.subscriptions, broker.patience):
        channel.exchange_declare(exchange.name, exchange.type, durable=True, auto_delete=False)
    for queue in amqp_topology.queues(broker.subscriptions, broker.patience):
        channel.queue_declare(queue.name, durable=True, auto_delete=False, arguments=queue.arguments)
        for exchange_name, routing_key in queue.bindings:
            channel.queue_bind(queue.name, exchange_name, routing_key)


class _AmqpDelivery:
    """One message as it came; telling the broker on a connection that is gone fails, and the broker delivers again."""

    def __init__(self, envelope: Any, message: Any, queue: str, retries: Publisher) -> None:
        self.envelope = envelope
        self._message, self._queue, self._retries = message, queue, retries

    @property
    def attempts(self) -> int:
        value = (self._message.headers or {}).get(ATTEMPTS_HEADER, 0)
        return value if isinstance(value, int) else 0

    def done(self) -> None:
        self._message.ack()

    def retry(self, pause: float, attempts: int) -> None:
        """Let a copy wait in the queue of that pause, and only then take this one away."""
        try:
            self._retries.publish(
                self._message.body,
                exchange=amqp_topology.retry_exchange(pause).name,
                routing_key=self._queue,
                headers={ATTEMPTS_HEADER: attempts},
                content_type=self._message.content_type,
                content_encoding=self._message.content_encoding,
            )
        except Exception:
            eventlet.sleep(1.0)  # else a broker in trouble hands it back and forth without a pause
            self._message.requeue()
            raise
        self._message.ack()
