"""Root fields that change leads and opportunities."""

from typing import Annotated, Any

import strawberry
from google.protobuf.field_mask_pb2 import FieldMask
from strawberry import UNSET

from gateway.graphql.contracts.life_cycle.types import CustomerKind
from gateway.graphql.contracts.money import MoneyInput
from gateway.graphql.contracts.sales.enums import (
    DisqualifyReason,
    LeadSource,
    LossReason,
    OpportunityKind,
    WinReason,
)
from gateway.graphql.contracts.sales.types import Lead, Opportunity
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of, transition
from gateway.graphql.scalars import Date
from gateway.graphql.sending import send
from gateway.graphql.sources import message
from membercare.contracts.v1 import sales_service_pb2 as pb

_Note = Annotated[str | None, strawberry.argument(description="At most 500 characters; needed with `OTHER`.")]


@strawberry.input(description="A lead to write down.")
class LeadInput:
    source: LeadSource
    contact: str = strawberry.field(description="Who they are and how they are reached; 1 to 500 characters.")
    need: str | None = strawberry.field(default=None, description="What they asked for.")
    owner_id: strawberry.ID | None = None
    customer_id: strawberry.ID | None = strawberry.field(default=None, description="Where they are one already.")


@strawberry.input(description="What was done, and what comes next.")
class FollowUpInput:
    note: str = strawberry.field(description="1 to 2,000 characters.")
    next_action: str | None = strawberry.field(default=None, description="Absent: there is nothing more to do.")
    next_action_date: Date | None = strawberry.field(default=None, description="Needed with a next action.")


@strawberry.input(description="A customer to register.")
class NewCustomerInput:
    kind: CustomerKind
    name: str
    external_ref: str | None = None
    tax_id: str | None = None


@strawberry.input(description="The deal that a lead became.")
class QualifyLeadInput:
    title: str = strawberry.field(description="What it is about; 1 to 200 characters.")
    kind: OpportunityKind | None = strawberry.field(default=None, description="Absent: new business.")
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Absent: the lead's, or the new one."
    )
    new_customer: NewCustomerInput | None = strawberry.field(default=None, description="Registers this customer.")
    amount: MoneyInput | None = None
    close_date: Date | None = None


@strawberry.input(description="An opportunity to open.")
class OpportunityInput:
    kind: OpportunityKind
    title: str = strawberry.field(description="What it is about; 1 to 200 characters.")
    customer_id: strawberry.ID
    owner_id: strawberry.ID | None = None
    amount: MoneyInput | None = strawberry.field(default=None, description="What it is worth.")
    close_date: Date | None = strawberry.field(default=None, description="The day the decision is expected.")
    contract_id: strawberry.ID | None = strawberry.field(
        default=None, description="The contract that is renewed or expanded."
    )
    asset_ids: list[strawberry.ID] | None = None


@strawberry.input(description="What is known better now: absent fields stay, null empties a field.")
class OpportunityChanges:
    title: str | None = UNSET
    owner_id: strawberry.ID | None = UNSET
    amount: MoneyInput | None = UNSET
    close_date: Date | None = UNSET


@message(
    pb.CreateLeadResponse,
    pb.AssignLeadResponse,
    pb.FollowUpLeadResponse,
    pb.DisqualifyLeadResponse,
    pb.ReopenLeadResponse,
    description="The lead after the change.",
)
class LeadPayload:
    lead: Lead


@message(pb.QualifyLeadResponse, description="The lead and what it became.")
class QualifiedPayload:
    lead: Lead
    opportunity: Opportunity


@message(
    pb.CreateOpportunityResponse,
    pb.UpdateOpportunityResponse,
    pb.FollowUpOpportunityResponse,
    pb.ProposeOpportunityResponse,
    pb.NegotiateOpportunityResponse,
    pb.WinOpportunityResponse,
    pb.LoseOpportunityResponse,
    pb.ReopenOpportunityResponse,
    description="The opportunity after the change.",
)
class OpportunityPayload:
    opportunity: Opportunity


_LEAD = result_of(LeadPayload, "LeadResult")
_QUALIFIED = result_of(QualifiedPayload, "QualifiedResult")
_OPPORTUNITY = result_of(OpportunityPayload, "OpportunityResult")


@strawberry.type
class LeadMutation:
    @mutation(_LEAD, rpc="CreateLead", description="Writes down a lead.")
    async def create_lead(self, info: Info, input: LeadInput, request_id: RequestId = None) -> Any:
        return await send(info, pb.CreateLeadRequest, input, request_id=request_id)

    @mutation(_LEAD, rpc="AssignLead", description="Gives a lead to an employee.")
    async def assign_lead(
        self, info: Info, id: strawberry.ID, owner_id: strawberry.ID, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        return await send(info, pb.AssignLeadRequest, lead_id=id, owner_id=owner_id, etag=etag, request_id=request_id)

    @mutation(_LEAD, rpc="FollowUpLead", description="Writes down what was done and what comes next.")
    async def follow_up_lead(
        self, info: Info, id: strawberry.ID, input: FollowUpInput, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        return await send(info, pb.FollowUpLeadRequest, input, lead_id=id, etag=etag, request_id=request_id)

    @mutation(_QUALIFIED, rpc="QualifyLead", description="Makes an opportunity of a lead, and a customer if need be.")
    async def qualify_lead(
        self, info: Info, id: strawberry.ID, input: QualifyLeadInput, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        return await send(info, pb.QualifyLeadRequest, input, lead_id=id, etag=etag, request_id=request_id)

    @mutation(_LEAD, rpc="DisqualifyLead", description="Gives a lead up.")
    async def disqualify_lead(
        self,
        info: Info,
        id: strawberry.ID,
        reason: DisqualifyReason,
        note: _Note = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(
            info, pb.DisqualifyLeadRequest, lead_id=id, reason=reason, note=note, etag=etag, request_id=request_id
        )

    reopen_lead = transition(_LEAD, pb.ReopenLeadRequest, key="lead_id", description="Disqualified to working.")


@strawberry.type
class OpportunityMutation:
    @mutation(_OPPORTUNITY, rpc="CreateOpportunity", description="Opens an opportunity.")
    async def create_opportunity(self, info: Info, input: OpportunityInput, request_id: RequestId = None) -> Any:
        return await send(info, pb.CreateOpportunityRequest, input, request_id=request_id)

    @mutation(_OPPORTUNITY, rpc="UpdateOpportunity", description="Corrects what is known of an open opportunity.")
    async def update_opportunity(
        self, info: Info, id: strawberry.ID, input: OpportunityChanges, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        named = [name for name, value in vars(input).items() if value is not UNSET]
        return await send(
            info,
            pb.UpdateOpportunityRequest,
            input,
            opportunity_id=id,
            update_mask=FieldMask(paths=named),
            etag=etag,
            request_id=request_id,
        )

    @mutation(_OPPORTUNITY, rpc="FollowUpOpportunity", description="Writes down what was done and what comes next.")
    async def follow_up_opportunity(
        self, info: Info, id: strawberry.ID, input: FollowUpInput, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        return await send(
            info, pb.FollowUpOpportunityRequest, input, opportunity_id=id, etag=etag, request_id=request_id
        )

    propose_opportunity = transition(
        _OPPORTUNITY,
        pb.ProposeOpportunityRequest,
        key="opportunity_id",
        description="Qualifying or negotiating to proposing.",
    )
    negotiate_opportunity = transition(
        _OPPORTUNITY, pb.NegotiateOpportunityRequest, key="opportunity_id", description="Proposing to negotiating."
    )

    @mutation(_OPPORTUNITY, rpc="WinOpportunity", description="Any open stage to won.")
    async def win_opportunity(
        self,
        info: Info,
        id: strawberry.ID,
        reason: WinReason,
        note: _Note = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(
            info,
            pb.WinOpportunityRequest,
            opportunity_id=id,
            reason=reason,
            note=note,
            etag=etag,
            request_id=request_id,
        )

    @mutation(_OPPORTUNITY, rpc="LoseOpportunity", description="Any open stage to lost.")
    async def lose_opportunity(
        self,
        info: Info,
        id: strawberry.ID,
        reason: LossReason,
        note: _Note = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(
            info,
            pb.LoseOpportunityRequest,
            opportunity_id=id,
            reason=reason,
            note=note,
            etag=etag,
            request_id=request_id,
        )

    reopen_opportunity = transition(
        _OPPORTUNITY, pb.ReopenOpportunityRequest, key="opportunity_id", description="Lost to qualifying."
    )
