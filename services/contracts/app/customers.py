"""Builds the room of customers' upkeep: change, merge, import, export."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.chassis.clock import SystemClock
from services.contracts.config import Settings
from services.contracts.usecases.customers.change_customer import ChangeCustomer, SetCustomerStage
from services.contracts.usecases.customers.export_customers import ExportCustomers
from services.contracts.usecases.customers.import_customers import ImportCustomers
from services.contracts.usecases.customers.merge_customers import MergeCustomers
from services.contracts.usecases.imports import TellProgress

if TYPE_CHECKING:
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job
    from services.contracts.rpc.customers.servicer import CustomersServicer

OUTBOXES: Sequence[str] = ()


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    return ()


def build_servicer() -> "CustomersServicer":
    """Wire the methods to the use cases; the documents are those of the room life_cycle."""
    from services.chassis.tables import FileTables
    from services.contracts.app.catalog import progress
    from services.contracts.clients.sheets import FileSheets
    from services.contracts.rpc.customers.servicer import CustomersServicer
    from services.contracts.store.customers.customers import MongoCustomers

    clock = SystemClock()
    customers = MongoCustomers(clock)
    return CustomersServicer(
        change_customer=ChangeCustomer(customers, clock),
        set_stage=SetCustomerStage(customers, clock),
        merge_customers=MergeCustomers(customers, clock),
        import_customers=ImportCustomers(customers, FileTables(), clock, TellProgress(progress(), clock)),
        export_customers=ExportCustomers(customers, FileSheets()),
    )


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.contracts.v1.customers_service_pb2_grpc import add_CustomersServiceServicer_to_server
    from services.chassis.rooms import RpcRoom
    from services.contracts.rpc.customers.access import ACCESS
    from services.contracts.rpc.customers.servicer import FULL_NAME

    servicer = build_servicer()
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_CustomersServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
