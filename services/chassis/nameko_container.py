"""A service's consumers in nameko's container, on the bus that the settings choose."""

import logging
import signal
import sys
from functools import partial
from typing import Any

import eventlet
import nameko
from eventlet.event import Event
from nameko.containers import ServiceContainer
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR, Entrypoint

from services.chassis import logs, metrics
from services.chassis.bus import DATABASE, Subscription
from services.chassis.bus_entrypoints import Consumers, subscriptions_of
from services.chassis.clock import SystemClock
from services.chassis.deliveries import Deliveries
from services.chassis.intake import Intake
from services.chassis.nameko_entrypoints import BeginHandler, Broker, MongoEventHandler, ReliableEventHandler
from services.chassis.parked import COLLECTION, park
from services.chassis.poller import Poller

HELD_PER_WORKER = 4
"""The embedded bus is asked in batches: while one is handled, three wait at hand."""

_log = logs.get("chassis.consumers")


def serve(consumers: Consumers) -> None:
    """Run until SIGTERM or SIGINT; ends with status 1 where the container died of an error."""
    # nameko says every failed handler with its trace, and kombu every lost connection; we say both in a line.
    logging.getLogger("nameko").setLevel(logging.ERROR)
    logging.getLogger("kombu").setLevel(logging.ERROR)
    metrics.serve(consumers.metrics_address)
    container = build_container(consumers)
    ended: Event = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: eventlet.spawn_n(_stop, container, ended))
    eventlet.spawn_n(_run, container, ended)
    error = ended.wait()
    if error is not None:
        _log.error("consumers_died", error=type(error).__name__)
        sys.exit(1)
    _log.info("stopped")


def build_container(consumers: Consumers) -> ServiceContainer:
    """Turn the marks of the service's handlers into entrypoints, all working on the one service object."""
    nameko.config.setup({"max_workers": consumers.workers, "AMQP_URI": consumers.amqp_url})
    service = consumers.service
    entrypoint = _amqp_entrypoint(consumers) if consumers.amqp_url else _mongo_entrypoint(consumers)
    for subscription in subscriptions_of(service):
        handler = getattr(type(service), subscription.handler)
        setattr(handler, ENTRYPOINT_EXTENSIONS_ATTR, {entrypoint(subscription)})
    container = ServiceContainer(type(service))
    container.service_cls = lambda: service  # what nameko calls for each event
    return container


def _amqp_entrypoint(consumers: Consumers) -> Any:
    broker = Broker(
        url=consumers.amqp_url,
        subscriptions=tuple(subscriptions_of(consumers.service)),
        patience=consumers.patience,
        prefetch=consumers.workers,
    )

    def make(subscription: Subscription) -> Entrypoint:
        return ReliableEventHandler(subscription, _intake_of(consumers, subscription), broker)

    return make


def _mongo_entrypoint(consumers: Consumers) -> Any:
    deliveries = Deliveries(consumers.database.client[DATABASE], consumers.patience.lease_seconds)
    poller = Poller(
        deliveries, capacity=consumers.workers * HELD_PER_WORKER, poison_after=consumers.patience.poison_after
    )

    def make(subscription: Subscription) -> Entrypoint:
        return MongoEventHandler(_intake_of(consumers, subscription), poller)

    return make


def _intake_of(consumers: Consumers, subscription: Subscription) -> Any:
    """An intake lacks only how a worker is begun, which the entrypoint knows once it is bound to the container."""

    def make(begin: BeginHandler) -> Intake:
        return Intake(
            subscription,
            start=begin,
            park=partial(park, consumers.database[COLLECTION]),
            clock=SystemClock(),
            patience=consumers.patience,
        )

    return make


def _run(container: ServiceContainer, ended: Event) -> None:
    error = None
    try:
        container.start()  # returns once every handler listens; until then the bus is waited for
        _log.info("ready", handlers=len(container.entrypoints))
        container.wait()
    except Exception as died:  # noqa: BLE001  # becomes the exit status
        error = died
    _end(ended, error)


def _stop(container: ServiceContainer, ended: Event) -> None:
    container.stop()
    _end(ended, None)


def _end(ended: Event, error: Exception | None) -> None:
    if not ended.ready():
        ended.send(error)
