"""Builds each role of the care service from its settings; the only place that constructs.

Nothing that talks to the database is imported before a role asks for it: a consumer process is patched first.
"""

from typing import TYPE_CHECKING

from services.care.app.dispatching import dispatch
from services.care.config import Settings

if TYPE_CHECKING:
    from services.chassis.bus_entrypoints import Consumers
    from services.chassis.rpc_server import RpcService

ALIAS = "care"

__all__ = ["build_service", "connect", "consumers", "dispatch", "jobs", "migrate", "replay", "rpc"]


def connect(settings: Settings) -> None:
    """Connect this process to its database."""
    from services.chassis import mongo

    mongo.connect(settings.mongo_url, settings.care_database, alias=ALIAS)


def migrate(settings: Settings) -> None:
    """Build the indexes and declare what care hears."""
    from services.care.app.rooms import ROOMS
    from services.care.consumers import CareConsumers
    from services.care.store.members import upgrades as of_members
    from services.care.store.sending import upgrades as of_touches
    from services.chassis import mongo
    from services.chassis.bus_setup import set_up_bus
    from services.chassis.migrations import migrate as run

    connect(settings)
    documents = [document for room in ROOMS for document in room.documents()]
    run(ALIAS, documents=documents, steps=[*of_members.STEPS, *of_touches.STEPS])
    set_up_bus(mongo.handle(ALIAS), mongo_url=settings.mongo_url, amqp_url=settings.amqp_url, consumers=CareConsumers)


def build_service(settings: Settings) -> "RpcService":
    """Return what the server serves."""
    from services.care.app.rooms import ROOMS
    from services.chassis import mongo
    from services.chassis.identity import load_verifier
    from services.chassis.rpc_server import RpcService

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

    connect(settings)
    service = build_service(settings)
    metrics.serve(settings.metrics_address)
    serve(service, settings.rpc_address)


def consumers(settings: Settings) -> None:
    """Hear what other services say until told to stop."""
    from services.chassis.consumers_runner import run_consumers

    run_consumers(lambda: build_consumers(settings))


def build_consumers(settings: Settings) -> "Consumers":
    """Wire the handlers to the use cases and the stores."""
    from services.care.app import segments, visits
    from services.care.app.loyalty import hear_value
    from services.care.app.members import build_hear_complaint, build_relink_customer
    from services.care.consumers import CareConsumers
    from services.care.store.members.merged_customers import MongoMergedCustomers
    from services.chassis import mongo
    from services.chassis.bus_entrypoints import Consumers
    from services.chassis.clock import SystemClock
    from services.chassis.inbox import Inbox

    connect(settings)
    clock = SystemClock()
    merged = MongoMergedCustomers()
    plan_visit, cancel_visits, follow_event, confirm_fix = visits.hearers(settings, clock)
    record_act, record_answer, note_contract, note_renewal, move_contracts, note_warranty = segments.recorders(merged)
    return Consumers(
        service=CareConsumers(
            inbox=Inbox(),
            plan_visit=plan_visit,
            cancel_visits=cancel_visits,
            relink_customer=build_relink_customer(clock, merged),
            hear_complaint=build_hear_complaint(clock),
            record_act=record_act,
            record_answer=record_answer,
            note_contract=note_contract,
            note_renewal=note_renewal,
            move_contracts=move_contracts,
            note_warranty=note_warranty,
            note_value=segments.note_value(),
            follow_event=follow_event,
            confirm_fix=confirm_fix,
            hear_value=hear_value(settings),
        ),
        database=mongo.handle(ALIAS),
        amqp_url=settings.amqp_url,
        metrics_address=settings.metrics_address,
    )


def jobs(settings: Settings) -> None:
    """Plan campaigns and carry events, as long as this process leads, until told to stop."""
    from services.care.app.rooms import ROOMS
    from services.care.consumers import CareConsumers
    from services.chassis.clock import SystemClock
    from services.chassis.jobs_runner import Jobs, run_jobs
    from services.chassis.scheduled import Scheduler

    connect(settings)
    due = [job for room in ROOMS for job in room.jobs(settings)]
    run_jobs(
        Jobs(
            service=ALIAS,
            mongo_url=settings.mongo_url,
            database=settings.care_database,
            amqp_url=settings.amqp_url,
            metrics_address=settings.metrics_address,
            outboxes=[name for room in ROOMS for name in room.OUTBOXES],
            consumers=CareConsumers,
            while_leading=[Scheduler(due, SystemClock())],
        )
    )


def replay(settings: Settings, arguments: list[str]) -> int:
    """Bring parked events back."""
    from services.chassis.replay import run_replay

    return run_replay(
        arguments, mongo_url=settings.mongo_url, database=settings.care_database, amqp_url=settings.amqp_url
    )
