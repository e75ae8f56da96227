"""The methods that take a draft through its review to the signature."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceServicer
from services.chassis.identity import current_caller
from services.contracts.rpc.life_cycle.messages import contract_to_pb
from services.contracts.rpc.life_cycle.requests import to_order, to_particulars, to_terms
from services.contracts.usecases.review_contract import (
    ApproveContract,
    AssignReviewer,
    CommentOnContract,
    ReturnContract,
    SubmitContract,
    WithdrawContract,
)
from services.contracts.usecases.write_contract import UpdateContractDraft, WriteContract


@dataclass(frozen=True, kw_only=True)
class DraftMethods(ContractsServiceServicer):
    """Writes go to the use cases."""

    write_contract: WriteContract
    update_contract_draft: UpdateContractDraft
    comment_on_contract: CommentOnContract
    submit_contract: SubmitContract
    assign_reviewer: AssignReviewer
    approve_contract: ApproveContract
    return_contract: ReturnContract
    withdraw_contract: WithdrawContract

    def CreateContract(
        self, request: pb.CreateContractRequest, context: grpc.ServicerContext
    ) -> pb.CreateContractResponse:
        contract = self.write_contract(
            to_particulars(request), to_terms(request), by=current_caller().subject, request_id=request.request_id
        )
        return pb.CreateContractResponse(contract=contract_to_pb(contract))

    def UpdateContractDraft(
        self, request: pb.UpdateContractDraftRequest, context: grpc.ServicerContext
    ) -> pb.UpdateContractDraftResponse:
        contract = self.update_contract_draft(to_order(request), to_particulars(request), to_terms(request))
        return pb.UpdateContractDraftResponse(contract=contract_to_pb(contract))

    def CommentOnContract(
        self, request: pb.CommentOnContractRequest, context: grpc.ServicerContext
    ) -> pb.CommentOnContractResponse:
        contract = self.comment_on_contract(to_order(request), comment=request.comment)
        return pb.CommentOnContractResponse(contract=contract_to_pb(contract))

    def SubmitContract(
        self, request: pb.SubmitContractRequest, context: grpc.ServicerContext
    ) -> pb.SubmitContractResponse:
        contract = self.submit_contract(to_order(request), reviewer=request.reviewer)
        return pb.SubmitContractResponse(contract=contract_to_pb(contract))

    def AssignReviewer(
        self, request: pb.AssignReviewerRequest, context: grpc.ServicerContext
    ) -> pb.AssignReviewerResponse:
        contract = self.assign_reviewer(to_order(request), reviewer=request.reviewer)
        return pb.AssignReviewerResponse(contract=contract_to_pb(contract))

    def ApproveContract(
        self, request: pb.ApproveContractRequest, context: grpc.ServicerContext
    ) -> pb.ApproveContractResponse:
        contract = self.approve_contract(to_order(request))
        return pb.ApproveContractResponse(contract=contract_to_pb(contract))

    def ReturnContract(
        self, request: pb.ReturnContractRequest, context: grpc.ServicerContext
    ) -> pb.ReturnContractResponse:
        contract = self.return_contract(to_order(request), comment=request.comment)
        return pb.ReturnContractResponse(contract=contract_to_pb(contract))

    def WithdrawContract(
        self, request: pb.WithdrawContractRequest, context: grpc.ServicerContext
    ) -> pb.WithdrawContractResponse:
        contract = self.withdraw_contract(to_order(request))
        return pb.WithdrawContractResponse(contract=contract_to_pb(contract))
