"""The methods that sign a contract, bring it into force, change it and end it."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceServicer
from services.chassis.checks import civil_date
from services.chassis.identity import current_caller
from services.contracts.rpc.life_cycle.messages import GATES, contract_to_pb
from services.contracts.rpc.life_cycle.requests import optional_day, to_ending, to_order, to_terms
from services.contracts.usecases.change_contract import (
    AmendContract,
    ResumeContract,
    SuspendContract,
    TerminateContract,
)
from services.contracts.usecases.sign_contract import ActivateContract, ConfirmGate, SignContract


@dataclass(frozen=True, kw_only=True)
class ForceMethods(ContractsServiceServicer):
    """Writes go to the use cases."""

    sign_contract: SignContract
    confirm_gate: ConfirmGate
    activate_contract: ActivateContract
    amend_contract: AmendContract
    suspend_contract: SuspendContract
    resume_contract: ResumeContract
    terminate_contract: TerminateContract

    def SignContract(self, request: pb.SignContractRequest, context: grpc.ServicerContext) -> pb.SignContractResponse:
        contract = self.sign_contract(to_order(request))
        return pb.SignContractResponse(contract=contract_to_pb(contract))

    def ConfirmGate(self, request: pb.ConfirmGateRequest, context: grpc.ServicerContext) -> pb.ConfirmGateResponse:
        contract = self.confirm_gate(
            to_order(request),
            gate=GATES.member(request.gate, "gate"),
            note=request.note,
            legal=current_caller().has("legal"),
        )
        return pb.ConfirmGateResponse(contract=contract_to_pb(contract))

    def ActivateContract(
        self, request: pb.ActivateContractRequest, context: grpc.ServicerContext
    ) -> pb.ActivateContractResponse:
        contract = self.activate_contract(to_order(request))
        return pb.ActivateContractResponse(contract=contract_to_pb(contract))

    def AmendContract(
        self, request: pb.AmendContractRequest, context: grpc.ServicerContext
    ) -> pb.AmendContractResponse:
        contract = self.amend_contract(
            to_order(request),
            to_terms(request),
            effective_date=civil_date(request.effective_date, "effective_date"),
            reason=request.reason,
        )
        return pb.AmendContractResponse(contract=contract_to_pb(contract))

    def SuspendContract(
        self, request: pb.SuspendContractRequest, context: grpc.ServicerContext
    ) -> pb.SuspendContractResponse:
        contract = self.suspend_contract(
            to_order(request),
            start_date=optional_day(request.start_date, "start_date"),
            planned_end_date=optional_day(request.end_date, "end_date"),
            reason=request.reason,
        )
        return pb.SuspendContractResponse(contract=contract_to_pb(contract))

    def ResumeContract(
        self, request: pb.ResumeContractRequest, context: grpc.ServicerContext
    ) -> pb.ResumeContractResponse:
        contract = self.resume_contract(
            to_order(request), effective_date=optional_day(request.effective_date, "effective_date")
        )
        return pb.ResumeContractResponse(contract=contract_to_pb(contract))

    def TerminateContract(
        self, request: pb.TerminateContractRequest, context: grpc.ServicerContext
    ) -> pb.TerminateContractResponse:
        contract = self.terminate_contract(to_order(request), to_ending(request))
        return pb.TerminateContractResponse(contract=contract_to_pb(contract))
