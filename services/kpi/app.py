"""Builds each role of the kpi service from its settings; the only place that constructs.

Nothing that talks to the database is imported before a role asks for it: a consumer process is patched first.
"""

from typing import TYPE_CHECKING

from services.kpi.config import Settings

if TYPE_CHECKING:
    from services.chassis.bus_entrypoints import Consumers
    from services.chassis.rpc_server import RpcService
    from services.kpi.rpc.servicer import KpiServicer


def connect(settings: Settings) -> None:
    """Connect this process to its database."""
    from services.chassis import mongo
    from services.kpi.store import ALIAS

    mongo.connect(settings.mongo_url, settings.kpi_database, alias=ALIAS)


def migrate(settings: Settings) -> None:
    """Build the indexes and declare what kpi hears."""
    from services.chassis import mongo
    from services.chassis.bus_setup import set_up_bus
    from services.chassis.migrations import migrate as run
    from services.kpi.consumers import KpiConsumers
    from services.kpi.store import ALIAS, DOCUMENTS

    connect(settings)
    run(ALIAS, documents=DOCUMENTS)
    set_up_bus(mongo.handle(ALIAS), mongo_url=settings.mongo_url, amqp_url=settings.amqp_url, consumers=KpiConsumers)


def build_servicer(settings: Settings) -> "KpiServicer":
    """Wire the methods to the use cases and the stores."""
    from services.chassis.clock import SystemClock
    from services.kpi.rpc.servicer import KpiServicer
    from services.kpi.store import MongoEmployees, MongoFacts
    from services.kpi.usecases.import_employees import ImportEmployees
    from services.kpi.usecases.see_figures import ChooseVisible, CompanyDay, FindManagers, SeeFacts, SeeValues
    from services.kpi.usecases.see_line import SeeReportingLine

    clock = SystemClock()
    employees, facts = MongoEmployees(clock), MongoFacts(clock)
    today, find_managers = CompanyDay(clock, settings.kpi_time_zone), FindManagers(employees)
    choose_visible = ChooseVisible(employees, find_managers, today)
    return KpiServicer(
        employees=employees,
        import_employees=ImportEmployees(employees, clock),
        see_line=SeeReportingLine(employees, find_managers, choose_visible, today),
        see_values=SeeValues(facts, choose_visible),
        see_facts=SeeFacts(facts, choose_visible),
        today=today,
    )


def build_service(settings: Settings) -> "RpcService":
    """Return what the server serves."""
    from membercare.kpi.v1.kpi_service_pb2_grpc import add_KpiServiceServicer_to_server
    from services.chassis import mongo
    from services.chassis.identity import load_verifier
    from services.chassis.rpc_server import RpcService
    from services.kpi.rpc.access import ACCESS
    from services.kpi.rpc.servicer import FULL_NAME
    from services.kpi.store import ALIAS

    servicer = build_servicer(settings)
    return RpcService(
        full_names=[FULL_NAME],
        register=lambda server: add_KpiServiceServicer_to_server(servicer, server),
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
    """Wire the handlers to the use case and the store."""
    from services.chassis import mongo
    from services.chassis.bus_entrypoints import Consumers
    from services.chassis.clock import SystemClock
    from services.chassis.inbox import Inbox
    from services.kpi.consumers import KpiConsumers
    from services.kpi.store import ALIAS, MongoFacts
    from services.kpi.usecases.record_fact import RecordFact

    connect(settings)
    clock = SystemClock()
    return Consumers(
        service=KpiConsumers(Inbox(), RecordFact(MongoFacts(clock), clock, settings.kpi_time_zone)),
        database=mongo.handle(ALIAS),
        amqp_url=settings.amqp_url,
        metrics_address=settings.metrics_address,
    )


def jobs(settings: Settings) -> None:
    """Carry events to the bus, as long as this process leads, until told to stop."""
    from services.chassis.jobs_runner import Jobs, run_jobs
    from services.kpi.consumers import KpiConsumers
    from services.kpi.store import ALIAS, OUTBOXES

    run_jobs(
        Jobs(
            service=ALIAS,
            mongo_url=settings.mongo_url,
            database=settings.kpi_database,
            amqp_url=settings.amqp_url,
            metrics_address=settings.metrics_address,
            outboxes=OUTBOXES,
            consumers=KpiConsumers,
        )
    )


def replay(settings: Settings, arguments: list[str]) -> int:
    """Bring parked events back."""
    from services.chassis.replay import run_replay

    return run_replay(
        arguments, mongo_url=settings.mongo_url, database=settings.kpi_database, amqp_url=settings.amqp_url
    )
