"""Builds each role of the contracts service from its settings; the only place that constructs.

Nothing that talks to the database is imported before a role asks for it: a consumer process is patched first.
"""

from typing import TYPE_CHECKING

from services.contracts.config import Settings

if TYPE_CHECKING:
    from services.chassis.bus_entrypoints import Consumers
    from services.chassis.rpc_server import RpcService

ALIAS = "contracts"


def connect(settings: Settings) -> None:
    """Connect this process to its database."""
    from services.chassis import mongo

    mongo.connect(settings.mongo_url, settings.contracts_database, alias=ALIAS)


def migrate(settings: Settings) -> None:
    """Build the indexes, bring older data up to date and declare what contracts hears."""
    from services.chassis import mongo
    from services.chassis.bus_setup import set_up_bus
    from services.chassis.migrations import migrate as run
    from services.contracts.app.rooms import ROOMS
    from services.contracts.consumers import ContractsConsumers
    from services.contracts.store.life_cycle.upgrades import STEPS

    connect(settings)
    run(ALIAS, documents=[document for room in ROOMS for document in room.documents()], steps=STEPS)
    set_up_bus(
        mongo.handle(ALIAS), mongo_url=settings.mongo_url, amqp_url=settings.amqp_url, consumers=ContractsConsumers
    )


def build_service(settings: Settings) -> "RpcService":
    """Return what the server serves."""
    from services.chassis import mongo
    from services.chassis.identity import load_verifier
    from services.chassis.rpc_server import RpcService
    from services.contracts.app.rooms import ROOMS

    return RpcService.of(
        [room.rpc_room(settings) for room in ROOMS],
        verifier=load_verifier(settings.internal_token_public_key_file),
        healthy=lambda: mongo.ping(ALIAS),
        reflect=settings.env == "development",
    )


def rpc(settings: Settings) -> None:
    """Answer calls until told to stop."""
    from services.chassis import metrics
    from services.chassis.rpc_server import serve

    service = build_service(settings)
    connect(settings)
    metrics.serve(settings.metrics_address)
    serve(service, settings.rpc_address)


def consumers(settings: Settings) -> None:
    """Hear what other services say until told to stop."""
    from services.chassis.consumers_runner import run_consumers

    run_consumers(lambda: build_consumers(settings))


def build_consumers(settings: Settings) -> "Consumers":
    """Wire the handlers to the use cases and the stores."""
    from services.chassis import mongo
    from services.chassis.bus_entrypoints import Consumers
    from services.chassis.clock import SystemClock
    from services.chassis.inbox import Inbox
    from services.contracts.app.renewals import record_signal
    from services.contracts.consumers import ContractsConsumers
    from services.contracts.store.figures.served import MongoServed
    from services.contracts.usecases.figures.record_served import RecordServed

    connect(settings)
    clock = SystemClock()
    return Consumers(
        service=ContractsConsumers(
            inbox=Inbox(), record_served=RecordServed(MongoServed(), clock), record_signal=record_signal()
        ),
        database=mongo.handle(ALIAS),
        amqp_url=settings.amqp_url,
        metrics_address=settings.metrics_address,
    )


def jobs(settings: Settings) -> None:
    """Carry events to the bus and do what is due, as long as this process leads, until told to stop."""
    from services.chassis.clock import SystemClock
    from services.chassis.jobs_runner import Jobs, run_jobs
    from services.chassis.scheduled import Scheduler
    from services.contracts.app.rooms import ROOMS
    from services.contracts.consumers import ContractsConsumers

    connect(settings)
    due = [job for room in ROOMS for job in room.jobs(settings)]
    run_jobs(
        Jobs(
            service=ALIAS,
            mongo_url=settings.mongo_url,
            database=settings.contracts_database,
            amqp_url=settings.amqp_url,
            metrics_address=settings.metrics_address,
            outboxes=[name for room in ROOMS for name in room.OUTBOXES],
            consumers=ContractsConsumers,
            while_leading=[Scheduler(due, SystemClock())],
        )
    )


def replay(settings: Settings, arguments: list[str]) -> int:
    """Bring parked events back."""
    from services.chassis.replay import run_replay

    return run_replay(
        arguments, mongo_url=settings.mongo_url, database=settings.contracts_database, amqp_url=settings.amqp_url
    )
