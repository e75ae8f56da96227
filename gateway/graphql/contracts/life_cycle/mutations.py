"""Root fields that change customers and contracts."""

from typing import Annotated, Any

import strawberry

from gateway.graphql.contracts.customers.enums import CustomerStage
from gateway.graphql.contracts.customers.types import CUSTOMER
from gateway.graphql.contracts.life_cycle.enums import ContractGate, CreditPolicy, TerminationCode
from gateway.graphql.contracts.life_cycle.inputs import AmendmentInput, ContractDraftInput, ContractInput
from gateway.graphql.contracts.life_cycle.types import Contract, CustomerKind
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of, transition
from gateway.graphql.scalars import Date
from gateway.graphql.sending import send
from gateway.graphql.sources import message, packed
from membercare.contracts.v1 import contracts_service_pb2 as pb

Reviewer = Annotated[
    str | None, strawberry.argument(description="The subject of who is asked to review; absent: anybody who may.")
]
FirstDay = Annotated[Date | None, strawberry.argument(description="The first day; not ahead. Absent: today.")]
LastDay = Annotated[
    Date | None, strawberry.argument(description="The last day: it resumes by itself on the day after. Absent: open.")
]
FirstDayWithout = Annotated[
    Date | None, strawberry.argument(description="The first day no longer in force; may lie ahead. Absent: today.")
]


@strawberry.input(description="A customer to register.")
class CustomerInput:
    kind: CustomerKind
    name: str = strawberry.field(description="The name that stands on contracts; 1 to 200 characters.")
    external_ref: str | None = strawberry.field(default=None, description="Key in the company's own system; unique.")
    tax_id: str | None = None
    owner_id: strawberry.ID | None = strawberry.field(default=None, description="The employee who owns the relation.")
    tags: list[str] | None = strawberry.field(default=None, description="At most 20 labels.")
    time_zone: str | None = strawberry.field(default=None, description="IANA zone of dates; absent: the company's.")
    stage: CustomerStage | None = strawberry.field(default=None, description="Absent: a prospect.")


@message(
    pb.CreateContractResponse,
    pb.UpdateContractDraftResponse,
    pb.CommentOnContractResponse,
    pb.SubmitContractResponse,
    pb.AssignReviewerResponse,
    pb.ApproveContractResponse,
    pb.ReturnContractResponse,
    pb.WithdrawContractResponse,
    pb.SignContractResponse,
    pb.ConfirmGateResponse,
    pb.ActivateContractResponse,
    pb.AmendContractResponse,
    pb.SuspendContractResponse,
    pb.ResumeContractResponse,
    pb.TerminateContractResponse,
    description="The contract after the change.",
)
class ContractPayload:
    contract: Contract


_CONTRACT = result_of(ContractPayload, "ContractResult")


@strawberry.type
class DraftMutation:
    @mutation(CUSTOMER, rpc="CreateCustomer", description="Registers a customer.")
    async def create_customer(
        self, info: Info, input: CustomerInput, request_id: RequestId = None
    ) -> pb.CreateCustomerResponse:
        request = packed(input, pb.CreateCustomerRequest, request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.CreateCustomer, request)

    @mutation(_CONTRACT, rpc="CreateContract", description="Writes a draft.")
    async def create_contract(
        self, info: Info, input: ContractInput, request_id: RequestId = None
    ) -> pb.CreateContractResponse:
        request = packed(input, pb.CreateContractRequest, request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.CreateContract, request)

    @mutation(_CONTRACT, rpc="UpdateContractDraft", description="Writes a draft anew.")
    async def update_contract_draft(
        self,
        info: Info,
        id: strawberry.ID,
        input: ContractDraftInput,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.UpdateContractDraftResponse:
        request = packed(
            input, pb.UpdateContractDraftRequest, contract_id=id, etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.contracts.UpdateContractDraft, request)

    @mutation(_CONTRACT, rpc="CommentOnContract", description="Says something about a contract that is not signed.")
    async def comment_on_contract(
        self, info: Info, id: strawberry.ID, comment: str, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        return await send(
            info, pb.CommentOnContractRequest, contract_id=id, etag=etag, request_id=request_id, comment=comment
        )

    @mutation(_CONTRACT, rpc="SubmitContract", description="Draft to in review.")
    async def submit_contract(
        self, info: Info, id: strawberry.ID, reviewer: Reviewer = None, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        return await send(
            info, pb.SubmitContractRequest, contract_id=id, etag=etag, request_id=request_id, reviewer=reviewer
        )

    @mutation(_CONTRACT, rpc="AssignReviewer", description="Asks another reviewer.")
    async def assign_reviewer(
        self, info: Info, id: strawberry.ID, reviewer: Reviewer = None, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        return await send(
            info, pb.AssignReviewerRequest, contract_id=id, etag=etag, request_id=request_id, reviewer=reviewer
        )

    approve_contract = transition(
        _CONTRACT,
        pb.ApproveContractRequest,
        key="contract_id",
        description="In review to approved, by somebody who neither wrote nor submitted it.",
    )

    @mutation(_CONTRACT, rpc="ReturnContract", description="In review or approved back to its author, with a comment.")
    async def return_contract(
        self, info: Info, id: strawberry.ID, comment: str, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        return await send(
            info, pb.ReturnContractRequest, contract_id=id, etag=etag, request_id=request_id, comment=comment
        )

    withdraw_contract = transition(
        _CONTRACT,
        pb.WithdrawContractRequest,
        key="contract_id",
        description="In review or approved back to draft, by those who sell.",
    )
    sign_contract = transition(_CONTRACT, pb.SignContractRequest, key="contract_id", description="Approved to signed.")


@strawberry.type
class LifeCycleMutation(DraftMutation):
    @mutation(_CONTRACT, rpc="ConfirmGate", description="Says that something that activation waits for is there.")
    async def confirm_gate(
        self,
        info: Info,
        id: strawberry.ID,
        gate: ContractGate,
        note: str | None = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(
            info, pb.ConfirmGateRequest, contract_id=id, etag=etag, request_id=request_id, gate=gate, note=note
        )

    activate_contract = transition(
        _CONTRACT, pb.ActivateContractRequest, key="contract_id", description="Signed to active."
    )

    @mutation(_CONTRACT, rpc="AmendContract", description="Adds a version to what was signed.")
    async def amend_contract(
        self, info: Info, id: strawberry.ID, input: AmendmentInput, etag: ETag = None, request_id: RequestId = None
    ) -> pb.AmendContractResponse:
        request = packed(input, pb.AmendContractRequest, contract_id=id, etag=etag or "", request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.AmendContract, request)

    @mutation(_CONTRACT, rpc="SuspendContract", description="Active to suspended.")
    async def suspend_contract(
        self,
        info: Info,
        id: strawberry.ID,
        reason: str,
        start_date: FirstDay = None,
        end_date: LastDay = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(
            info,
            pb.SuspendContractRequest,
            contract_id=id,
            etag=etag,
            request_id=request_id,
            reason=reason,
            start_date=start_date,
            end_date=end_date,
        )

    @mutation(_CONTRACT, rpc="ResumeContract", description="Suspended to active.")
    async def resume_contract(
        self,
        info: Info,
        id: strawberry.ID,
        effective_date: FirstDay = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(
            info,
            pb.ResumeContractRequest,
            contract_id=id,
            etag=etag,
            request_id=request_id,
            effective_date=effective_date,
        )

    @mutation(
        _CONTRACT, rpc="TerminateContract", description="Signed, active or suspended to terminated, now or on a day."
    )
    async def terminate_contract(
        self,
        info: Info,
        id: strawberry.ID,
        code: TerminationCode,
        reason: str,
        effective_date: FirstDayWithout = None,
        credit_policy: CreditPolicy | None = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(
            info,
            pb.TerminateContractRequest,
            contract_id=id,
            etag=etag,
            request_id=request_id,
            termination_code=code,
            termination_reason=reason,
            effective_date=effective_date,
            credit_policy=credit_policy,
        )
