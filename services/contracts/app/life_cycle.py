"""Builds the room of customers and contracts: what was promised, and the life of the promise."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.chassis.clock import SystemClock
from services.contracts.config import Settings, gates, names
from services.contracts.usecases.change_contract import (
    AmendContract,
    ResumeContract,
    SuspendContract,
    TerminateContract,
)
from services.contracts.usecases.move_due_contracts import MoveDueContracts
from services.contracts.usecases.order import Desk
from services.contracts.usecases.register_customer import RegisterCustomer
from services.contracts.usecases.review_contract import (
    ApproveContract,
    AssignReviewer,
    CommentOnContract,
    ReturnContract,
    SubmitContract,
    WithdrawContract,
)
from services.contracts.usecases.sign_contract import ActivateContract, ConfirmGate, SignContract
from services.contracts.usecases.write_contract import UpdateContractDraft, WriteContract

if TYPE_CHECKING:
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job
    from services.contracts.rpc.life_cycle.servicer import ContractsServicer

OUTBOXES: Sequence[str] = ("customers", "contracts")
_DUE_SECONDS = 60
"""How often contracts are looked through for what is due by itself: days begin at every hour somewhere."""


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.contracts.store.customers.customers import CustomerDocument
    from services.contracts.store.life_cycle.contracts import ContractDocument

    return (CustomerDocument, ContractDocument)


def build_servicer(settings: Settings) -> "ContractsServicer":
    """Wire the methods to the use cases and stores."""
    from services.contracts.app.catalog import refuse_strangers
    from services.contracts.app.paperwork import build_freezer
    from services.contracts.rpc.life_cycle.servicer import ContractsServicer
    from services.contracts.store.customers.customers import MongoCustomers
    from services.contracts.store.life_cycle.contracts import MongoContracts

    clock = SystemClock()
    customers, contracts = MongoCustomers(clock), MongoContracts(clock)
    desk, strangers, freezer = Desk(contracts, clock), refuse_strangers(), build_freezer(settings, clock)
    return ContractsServicer(
        customers=customers,
        contracts=contracts,
        register_customer=RegisterCustomer(customers, clock),
        write_contract=WriteContract(contracts, customers, strangers, clock, settings.company_time_zone),
        update_contract_draft=UpdateContractDraft(desk, customers, strangers),
        comment_on_contract=CommentOnContract(desk),
        submit_contract=SubmitContract(desk),
        assign_reviewer=AssignReviewer(desk),
        approve_contract=ApproveContract(desk),
        return_contract=ReturnContract(desk),
        withdraw_contract=WithdrawContract(desk),
        sign_contract=SignContract(desk, names(settings.signature_copies_to), freezer),
        confirm_gate=ConfirmGate(desk),
        activate_contract=ActivateContract(desk, gates(settings.activation_gates)),
        amend_contract=AmendContract(desk, strangers, freezer),
        suspend_contract=SuspendContract(desk),
        resume_contract=ResumeContract(desk),
        terminate_contract=TerminateContract(desk),
    )


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.contracts.v1.contracts_service_pb2_grpc import add_ContractsServiceServicer_to_server
    from services.chassis.rooms import RpcRoom
    from services.contracts.rpc.life_cycle.access import ACCESS
    from services.contracts.rpc.life_cycle.servicer import FULL_NAME

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_ContractsServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    from services.chassis.scheduled import Job, Lead
    from services.contracts.store.life_cycle.contracts import MongoContracts

    clock = SystemClock()
    move = MoveDueContracts(MongoContracts(clock), clock)

    def run(lead: Lead) -> int:
        return move(holds=lambda: lead.holds)

    return (Job(name="move_due_contracts", every_seconds=_DUE_SECONDS, run=run),)
