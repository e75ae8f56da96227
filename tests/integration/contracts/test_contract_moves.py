"""Every call in every state of a contract that does not allow it: refused by name, and nothing changes."""

from collections.abc import Callable
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2, renewal_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1 import renewals_service_pb2 as renewals_pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.renewals_service_pb2_grpc import RenewalsServiceStub
from services.chassis.clock import SystemClock
from services.contracts.rpc.life_cycle.access import ACCESS
from services.contracts.store.life_cycle.contracts import MongoContracts
from services.contracts.usecases.move_due_contracts import MoveDueContracts
from tests.integration.calling import Calling
from tests.integration.contracts.builders import a_draft, a_signed, an_active, terminating
from tests.integration.contracts.moves import moving, refusals

PAST: dict[str, Any] = {"start_date": "2025-01-01", "end_date": "2025-12-31"}
PRICE = contract_pb2.Money(currency_code="CNY", minor_units=120_000)
REQUESTS: dict[str, Callable[[str], Any]] = {
    "UpdateContractDraft": lambda key: pb.UpdateContractDraftRequest(contract_id=key, title="x", price=PRICE, **PAST),
    "CommentOnContract": lambda key: pb.CommentOnContractRequest(contract_id=key, comment="x"),
    "SubmitContract": lambda key: pb.SubmitContractRequest(contract_id=key),
    "AssignReviewer": lambda key: pb.AssignReviewerRequest(contract_id=key, reviewer="lena"),
    "ApproveContract": lambda key: pb.ApproveContractRequest(contract_id=key),
    "ReturnContract": lambda key: pb.ReturnContractRequest(contract_id=key, comment="x"),
    "WithdrawContract": lambda key: pb.WithdrawContractRequest(contract_id=key),
    "SignContract": lambda key: pb.SignContractRequest(contract_id=key),
    "ConfirmGate": lambda key: pb.ConfirmGateRequest(contract_id=key, gate=contract_pb2.CONTRACT_GATE_PAYMENT),
    "ActivateContract": lambda key: pb.ActivateContractRequest(contract_id=key),
    "AmendContract": lambda key: pb.AmendContractRequest(
        contract_id=key, effective_date="2025-06-01", reason="x", title="x", end_date="2025-12-31", price=PRICE
    ),
    "SuspendContract": lambda key: pb.SuspendContractRequest(contract_id=key, start_date="2025-06-01", reason="x"),
    "ResumeContract": lambda key: pb.ResumeContractRequest(contract_id=key),
    "TerminateContract": terminating,
}
ALLOWED: dict[str, set[str]] = {
    "DRAFT": {"UpdateContractDraft", "CommentOnContract", "SubmitContract"},
    "IN_REVIEW": {"CommentOnContract", "AssignReviewer", "ApproveContract", "ReturnContract", "WithdrawContract"},
    "APPROVED": {"CommentOnContract", "ReturnContract", "WithdrawContract", "ConfirmGate", "SignContract"},
    "SIGNED": {"ConfirmGate", "AmendContract", "ActivateContract", "TerminateContract"},
    "ACTIVE": {"AmendContract", "SuspendContract", "TerminateContract"},
    "SUSPENDED": {"AmendContract", "ResumeContract", "TerminateContract"},
    "TERMINATED": set(),
    "EXPIRED": set(),
    "RENEWED": set(),
}
IN_FORCE = {"ACTIVE", "SUSPENDED"}


class Desk:
    """Brings contracts into each state, as people and jobs do."""

    def __init__(self, calling: Calling) -> None:
        """`sales` writes, `legal` approves."""
        self.sales = calling.as_subject(ContractsServiceStub, "li.wen", "sales")
        self.legal = calling.as_subject(ContractsServiceStub, "zhou.min", "legal")
        self.renewals = calling.as_subject(RenewalsServiceStub, "li.wen", "sales")

    def bring(self, state: str) -> str:
        """Return the id of a contract in the state."""
        if state in {"DRAFT", "IN_REVIEW", "APPROVED"}:
            return self._unsigned(state)
        if state == "SIGNED":
            return a_signed(self.sales, self.legal, **PAST).id
        key = an_active(self.sales, self.legal, **PAST).id
        if state == "SUSPENDED":
            self.sales.SuspendContract(REQUESTS["SuspendContract"](key))
        if state == "TERMINATED":
            self.sales.TerminateContract(terminating(key))
        if state == "EXPIRED":
            assert MoveDueContracts(MongoContracts(SystemClock()), SystemClock())() == 1
        if state == "RENEWED":
            renewal = self.renewals.OpenRenewal(renewals_pb.OpenRenewalRequest(contract_id=key)).renewal
            won = renewals_pb.WinRenewalRequest(renewal_id=renewal.id, won_by=renewal_pb2.WON_BY_SUCCESSOR)
            self.renewals.WinRenewal(won)
        return key

    def _unsigned(self, state: str) -> str:
        key = a_draft(self.sales, **PAST).id
        if state != "DRAFT":
            self.sales.SubmitContract(REQUESTS["SubmitContract"](key))
        if state == "APPROVED":
            self.legal.ApproveContract(REQUESTS["ApproveContract"](key))
        return key


def test_the_table_knows_every_state_and_every_call_that_moves_a_contract() -> None:
    assert set(REQUESTS) == moving(ACCESS)
    assert {f"CONTRACT_STATE_{state}" for state in ALLOWED} == set(contract_pb2.ContractState.keys()[1:])


@pytest.mark.parametrize("state", ALLOWED)
def test_what_a_state_does_not_allow_is_refused_and_changes_nothing(
    calling: Calling, database: Database[dict[str, Any]], state: str
) -> None:
    key = Desk(calling).bring(state)
    anybody = calling.as_subject(ContractsServiceStub, "root", "admin")
    before = anybody.GetContract(pb.GetContractRequest(contract_id=key)).contract
    assert contract_pb2.ContractState.Name(before.state) == f"CONTRACT_STATE_{state}"
    stored = list(database["contracts"].find())
    asked = {name: request(key) for name, request in REQUESTS.items() if name not in ALLOWED[state]}
    assert refusals(anybody, asked) == dict.fromkeys(asked, "CONTRACT_TRANSITION_REFUSED")
    assert list(database["contracts"].find()) == stored


@pytest.mark.parametrize("state", [state for state in ALLOWED if state not in IN_FORCE])
def test_a_contract_that_is_not_in_force_has_nothing_to_renew_or_to_cancel(
    calling: Calling, database: Database[dict[str, Any]], state: str
) -> None:
    key = Desk(calling).bring(state)
    stored = {name: list(database[name].find()) for name in ("contracts", "renewals")}
    anybody = calling.as_subject(RenewalsServiceStub, "root", "admin")
    asked = {
        "OpenRenewal": renewals_pb.OpenRenewalRequest(contract_id=key),
        "CheckCancellation": renewals_pb.CheckCancellationRequest(contract_id=key),
        "RecordCancellation": renewals_pb.RecordCancellationRequest(contract_id=key),
    }
    assert refusals(anybody, asked) == dict.fromkeys(asked, "CONTRACT_NOT_RENEWABLE")
    assert {name: list(database[name].find()) for name in stored} == stored
