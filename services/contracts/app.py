"""Builds each role of the contracts service from its settings; the only place that constructs."""

from typing import TYPE_CHECKING

from services.chassis import metrics, mongo
from services.chassis.clock import SystemClock
from services.contracts.config import Settings
from services.contracts.store import ALIAS, DOCUMENTS, OUTBOXES, MongoContracts, MongoCustomers
from services.contracts.usecases.move_contract import ActivateContract, SignContract, TerminateContract
from services.contracts.usecases.register_customer import RegisterCustomer
from services.contracts.usecases.write_contract import WriteContract

if TYPE_CHECKING:
    from services.chassis.rpc_server import RpcService
    from services.contracts.rpc.servicer import ContractsServicer


def connect(settings: Settings) -> None:
    """Connect this process to its database."""
    mongo.connect(settings.mongo_url, settings.contracts_database, alias=ALIAS)


def migrate(settings: Settings) -> None:
    """Build the indexes. This service hears nothing, so there is no subscription to declare."""
    from services.chassis.bus_setup import set_up_bus
    from services.chassis.migrations import migrate as run

    connect(settings)
    run(ALIAS, documents=DOCUMENTS)
    set_up_bus(mongo.handle(ALIAS), mongo_url=settings.mongo_url, amqp_url=settings.amqp_url, consumers=None)


def build_servicer() -> "ContractsServicer":
    """Wire the methods to the use cases and stores."""
    from services.contracts.rpc.servicer import ContractsServicer

    clock = SystemClock()
    customers, contracts = MongoCustomers(clock), MongoContracts(clock)
    return ContractsServicer(
        customers=customers,
        contracts=contracts,
        register_customer=RegisterCustomer(customers, clock),
        write_contract=WriteContract(contracts, customers, clock),
        sign_contract=SignContract(contracts, clock),
        activate_contract=ActivateContract(contracts, clock),
        terminate_contract=TerminateContract(contracts, clock),
    )


def build_service(settings: Settings) -> "RpcService":
    """Return what the server serves."""
    from membercare.contracts.v1.contracts_service_pb2_grpc import add_ContractsServiceServicer_to_server
    from services.chassis.identity import load_verifier
    from services.chassis.rpc_server import RpcService
    from services.contracts.rpc.access import ACCESS
    from services.contracts.rpc.servicer import FULL_NAME

    servicer = build_servicer()
    return RpcService(
        full_name=FULL_NAME,
        register=lambda server: add_ContractsServiceServicer_to_server(servicer, server),
        access=ACCESS,
        verifier=load_verifier(settings.internal_token_public_key_file),
        healthy=lambda: mongo.ping(ALIAS),
        reflect=settings.env == "development",
    )


def rpc(settings: Settings) -> None:
    """Answer calls until told to stop."""
    from services.chassis.rpc_server import serve

    service = build_service(settings)
    connect(settings)
    metrics.serve(settings.metrics_address)
    serve(service, settings.rpc_address)


def jobs(settings: Settings) -> None:
    """Carry events to the bus, as long as this process leads, until told to stop."""
    from services.chassis.jobs_runner import Jobs, run_jobs

    run_jobs(
        Jobs(
            service=ALIAS,
            mongo_url=settings.mongo_url,
            database=settings.contracts_database,
            amqp_url=settings.amqp_url,
            metrics_address=settings.metrics_address,
            outboxes=OUTBOXES,
        )
    )


def replay(settings: Settings, arguments: list[str]) -> int:
    """Bring parked events back; there are none as long as this service hears nothing."""
    from services.chassis.replay import run_replay

    return run_replay(
        arguments, mongo_url=settings.mongo_url, database=settings.contracts_database, amqp_url=settings.amqp_url
    )
