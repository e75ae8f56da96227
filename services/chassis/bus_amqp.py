"""The bus on RabbitMQ, for processes of asyncio: publishing with confirms, declaring, dead letters."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange, AbstractIncomingMessage
from aio_pika.exceptions import AMQPError, DeliveryError, PublishError

from services.chassis import amqp_topology, logs
from services.chassis.bus import BusUnavailable, Subscription, UnknownSubscription
from services.chassis.envelope import Envelope
from services.chassis.patience import MALFORMED, POISON, Patience

CONFIRM_SECONDS = 15.0
"""A broker that is short of memory or disk answers late; after this the event is said again."""
HEARTBEAT_SECONDS = 30

_log = logs.get("chassis.bus")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What a handler's process died on too often: the broker put it aside."""

    subscription: str
    envelope: Any
    reason: str


OnDead = Callable[[DeadLetter], Awaitable[None]]


class AmqpBus:
    """A connection that is opened when it is needed, and dropped on the first trouble: the caller tries again."""

    def __init__(self, url: str, patience: Patience | None = None) -> None:
        """Take the address; the queues declared are made of `patience`."""
        self._url = url
        self._patience = patience or Patience()
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None
        self._exchanges: dict[str, AbstractExchange] = {}
        self._connecting = asyncio.Lock()

    async def declare(self, subscriptions: Sequence[Subscription]) -> None:
        async with self._open_channel() as channel:
            for exchange in amqp_topology.exchanges(subscriptions, self._patience):
                await channel.declare_exchange(exchange.name, exchange.type, durable=True)
            for wanted in amqp_topology.queues(subscriptions, self._patience):
                queue = await channel.declare_queue(wanted.name, durable=True, arguments=wanted.arguments)
                for exchange_name, routing_key in wanted.bindings:
                    await queue.bind(exchange_name, routing_key)

    async def publish(self, envelope: Envelope) -> bool:
        async with self._open_channel() as channel:
            exchange = await self._event_exchange(channel, envelope.source)
            return await self._send(exchange, envelope, routing_key=envelope.type)

    async def send_to(self, subscription: str, envelope: Envelope) -> None:
        async with self._open_channel() as channel:
            if not await self._send(channel.default_exchange, envelope, routing_key=subscription):
                raise UnknownSubscription(subscription)

    async def take_dead(self, service: str, on_dead: OnDead) -> int:
        """Hand over the dead letters of a service, one by one; one that is not taken stays in its queue."""
        taken = 0
        async with self._open_channel() as channel:
            queue = await channel.get_queue(amqp_topology.dead_queue(service))
            while letter := await queue.get(fail=False, timeout=CONFIRM_SECONDS):
                await on_dead(DeadLetter(_died_in(letter), _content(letter), _cause(letter)))
                await letter.ack()
                taken += 1
        return taken

    async def close(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        self._exchanges.clear()
        if connection is not None and not connection.is_closed:
            await connection.close()

    @asynccontextmanager
    async def _open_channel(self) -> AsyncIterator[AbstractChannel]:
        channel = None
        try:
            channel = await self._connected()
            yield channel
        except (AMQPError, OSError, TimeoutError, RuntimeError) as error:
            # RuntimeError is what aiormq says on a connection that is being closed.
            if channel is not None and channel is self._channel:  # else somebody has opened a new one meanwhile
                await self._drop()
            raise BusUnavailable(f"{type(error).__name__}: {error}") from error

    async def _connected(self) -> AbstractChannel:
        async with self._connecting:
            if self._channel is None or self._channel.is_closed or self._connection is None:
                await self._drop()
                url = aio_pika.connection.make_url(self._url, heartbeat=str(HEARTBEAT_SECONDS))
                self._connection = await aio_pika.connect(url, timeout=CONFIRM_SECONDS)
                self._channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
            return self._channel

    async def _drop(self) -> None:
        try:
            await asyncio.wait_for(self.close(), timeout=2.0)
        except Exception as error:  # noqa: BLE001  # it is broken; that is why it is dropped
            _log.debug("connection_dropped", error=type(error).__name__)

    async def _event_exchange(self, channel: AbstractChannel, source: str) -> AbstractExchange:
        if source not in self._exchanges:
            wanted = amqp_topology.event_exchange(source)
            self._exchanges[source] = await channel.declare_exchange(wanted.name, wanted.type, durable=True)
        return self._exchanges[source]

    async def _send(self, exchange: AbstractExchange, envelope: Envelope, *, routing_key: str) -> bool:
        message = aio_pika.Message(
            json.dumps(envelope.to_dict(), ensure_ascii=False).encode(),
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=envelope.id,
        )
        try:
            await exchange.publish(message, routing_key=routing_key, mandatory=True, timeout=CONFIRM_SECONDS)
        except PublishError:  # returned: no queue wants it
            return False
        except DeliveryError as error:  # refused: a queue is full, or the broker in trouble
            raise BusUnavailable("The broker did not take the event.") from error
        return True


def _died_in(letter: AbstractIncomingMessage) -> str:
    """The queue that it died in; dead letters are routed by that queue's name."""
    return letter.routing_key or ""


def _cause(letter: AbstractIncomingMessage) -> str:
    deaths: Any = letter.headers.get("x-death") or [{}]
    return POISON if deaths[0].get("reason") == "delivery_limit" else MALFORMED


def _content(letter: AbstractIncomingMessage) -> Any:
    try:
        return json.loads(letter.body)
    except ValueError:
        return {"raw": letter.body.decode(errors="replace")}
