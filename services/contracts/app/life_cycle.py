"""Builds the room of customers and contracts: what was promised, and the life of the promise."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.chassis.clock import SystemClock
from services.contracts.config import Settings
from services.contracts.usecases.move_contract import ActivateContract, SignContract, TerminateContract
from services.contracts.usecases.register_customer import RegisterCustomer
from services.contracts.usecases.write_contract import WriteContract

if TYPE_CHECKING:
    from services.contracts.app.rooms import RpcRoom
    from services.contracts.jobs import Job
    from services.contracts.rpc.life_cycle.servicer import ContractsServicer

OUTBOXES: Sequence[str] = ("customers", "contracts")


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.contracts.store.contracts import ContractDocument
    from services.contracts.store.customers import CustomerDocument

    return (CustomerDocument, ContractDocument)


def build_servicer() -> "ContractsServicer":
    """Wire the methods to the use cases and stores."""
    from services.contracts.rpc.life_cycle.servicer import ContractsServicer
    from services.contracts.store.contracts import MongoContracts
    from services.contracts.store.customers import MongoCustomers

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


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.contracts.v1.contracts_service_pb2_grpc import add_ContractsServiceServicer_to_server
    from services.contracts.app.rooms import RpcRoom
    from services.contracts.rpc.life_cycle.access import ACCESS
    from services.contracts.rpc.life_cycle.servicer import FULL_NAME

    servicer = build_servicer()
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_ContractsServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
