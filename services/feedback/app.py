"""Builds each role of the feedback service from its settings; the only place that constructs.

Nothing that talks to the database is imported before a role asks for it: a consumer process is patched first.
"""

from typing import TYPE_CHECKING

from services.feedback.config import Settings

if TYPE_CHECKING:
    from services.chassis.bus_entrypoints import Consumers
    from services.chassis.rpc_server import RpcService
    from services.feedback.rpc.servicer import FeedbackServicer


def connect(settings: Settings) -> None:
    """Connect this process to its database."""
    from services.chassis import mongo
    from services.feedback.store import ALIAS

    mongo.connect(settings.mongo_url, settings.feedback_database, alias=ALIAS)


def migrate(settings: Settings) -> None:
    """Build the indexes and declare what feedback hears."""
    from services.chassis import mongo
    from services.chassis.bus_setup import set_up_bus
    from services.chassis.migrations import migrate as run
    from services.feedback.consumers import FeedbackConsumers
    from services.feedback.store import ALIAS, DOCUMENTS

    connect(settings)
    run(ALIAS, documents=DOCUMENTS)
    set_up_bus(
        mongo.handle(ALIAS), mongo_url=settings.mongo_url, amqp_url=settings.amqp_url, consumers=FeedbackConsumers
    )


def build_servicer() -> "FeedbackServicer":
    """Wire the methods to the use cases and the store."""
    from services.chassis.clock import SystemClock
    from services.feedback.rpc.servicer import FeedbackServicer
    from services.feedback.store import MongoCases, MongoErasedMembers, MongoMergedCustomers
    from services.feedback.usecases.move_case import AssignCase, CloseCase
    from services.feedback.usecases.open_case import OpenCase

    clock = SystemClock()
    cases = MongoCases(clock)
    return FeedbackServicer(
        cases=cases,
        open_case=OpenCase(cases, MongoMergedCustomers(), MongoErasedMembers(), clock),
        assign_case=AssignCase(cases, clock),
        close_case=CloseCase(cases, clock),
    )


def build_service(settings: Settings) -> "RpcService":
    """Return what the server serves."""
    from membercare.feedback.v1.feedback_service_pb2_grpc import add_FeedbackServiceServicer_to_server
    from services.chassis import mongo
    from services.chassis.identity import load_verifier
    from services.chassis.rpc_server import RpcService
    from services.feedback.rpc.access import ACCESS
    from services.feedback.rpc.servicer import FULL_NAME
    from services.feedback.store import ALIAS

    servicer = build_servicer()
    return RpcService(
        full_names=[FULL_NAME],
        register=lambda server: add_FeedbackServiceServicer_to_server(servicer, server),
        access=ACCESS,
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
    """Wire the handlers to the use cases and the store."""
    from services.chassis import mongo
    from services.chassis.bus_entrypoints import Consumers
    from services.chassis.clock import SystemClock
    from services.chassis.inbox import Inbox
    from services.feedback.consumers import FeedbackConsumers
    from services.feedback.store import ALIAS, MongoCases, MongoErasedMembers, MongoMergedCustomers
    from services.feedback.usecases.forget_member import ForgetMember
    from services.feedback.usecases.open_case import HearOfOrder, HearOfVisit, OpenCase
    from services.feedback.usecases.relink_customer import RelinkCustomer

    connect(settings)
    clock = SystemClock()
    cases, merged, erased = MongoCases(clock), MongoMergedCustomers(), MongoErasedMembers()
    open_case = OpenCase(cases, merged, erased, clock)
    return Consumers(
        service=FeedbackConsumers(
            Inbox(),
            HearOfVisit(open_case),
            HearOfOrder(open_case),
            RelinkCustomer(cases, merged),
            ForgetMember(cases, erased),
        ),
        database=mongo.handle(ALIAS),
        amqp_url=settings.amqp_url,
        metrics_address=settings.metrics_address,
    )


def jobs(settings: Settings) -> None:
    """Carry events to the bus, as long as this process leads, until told to stop."""
    from services.chassis.jobs_runner import Jobs, run_jobs
    from services.feedback.consumers import FeedbackConsumers
    from services.feedback.store import ALIAS, OUTBOXES

    run_jobs(
        Jobs(
            service=ALIAS,
            mongo_url=settings.mongo_url,
            database=settings.feedback_database,
            amqp_url=settings.amqp_url,
            metrics_address=settings.metrics_address,
            outboxes=OUTBOXES,
            consumers=FeedbackConsumers,
        )
    )


def replay(settings: Settings, arguments: list[str]) -> int:
    """Bring parked events back."""
    from services.chassis.replay import run_replay

    return run_replay(
        arguments, mongo_url=settings.mongo_url, database=settings.feedback_database, amqp_url=settings.amqp_url
    )
