"""Leads and opportunities as types of the schema."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.contracts.money import Money
from gateway.graphql.contracts.sales.enums import (
    DisqualifyReason,
    LeadSource,
    LeadState,
    LossReason,
    OpportunityKind,
    OpportunityStage,
    WinReason,
)
from gateway.graphql.contracts.sales.loaders import LEADS, OPPORTUNITIES, QUOTES_BY_OPPORTUNITY
from gateway.graphql.edges import CONTRACTS, CUSTOMERS, EMPLOYEES, FIRST
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import Date, DateTime
from gateway.graphql.sources import message
from membercare.contracts.v1 import lead_pb2, opportunity_pb2

if TYPE_CHECKING:
    from gateway.graphql.contracts.life_cycle.types import Contract, Customer
    from gateway.graphql.contracts.sales.quote_types import Quote
    from gateway.graphql.kpi.types import Employee

_Customer = Annotated["Customer", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")]
_Contract = Annotated["Contract", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")]
_Quote = Annotated["Quote", strawberry.lazy("gateway.graphql.contracts.sales.quote_types")]
_Employee = Annotated["Employee", strawberry.lazy("gateway.graphql.kpi.types")]


@message(lead_pb2.FollowUp, description="One time that somebody did something about a lead or an opportunity.")
class FollowUp:
    time: DateTime
    author: str = strawberry.field(description="Who wrote it.")
    note: str
    next_action: str | None = strawberry.field(description="What is to be done next.")
    next_action_date: Date | None


@message(lead_pb2.Lead, description="Somebody who may buy, before anybody knows what.")
class Lead(Node):
    source: LeadSource
    contact: str = strawberry.field(description="Who they are and how they are reached, as people wrote it.")
    need: str | None = strawberry.field(description="What they asked for.")
    owner_id: strawberry.ID | None = strawberry.field(description="The employee who works on it.")
    state: LeadState
    follow_ups: list[FollowUp] = strawberry.field(description="What was done so far, oldest first; the latest 100.")
    next_action: str | None
    next_action_date: Date | None
    customer_id: strawberry.ID | None = strawberry.field(
        description="Where they are a customer already, or became one."
    )
    opportunity_id: strawberry.ID | None = strawberry.field(description="What it became.")
    disqualify_reason: DisqualifyReason | None
    disqualify_note: str | None
    author: str = strawberry.field(description="Who wrote it down.")
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime
    owner: _Employee | None = joined(EMPLOYEES, key="owner_id", description="The employee who works on it.")
    customer: _Customer | None = joined(CUSTOMERS, key="customer_id", description="The customer, if there is one.")
    opportunity: "Opportunity | None" = joined(OPPORTUNITIES, key="opportunity_id", description="What it became.")


@message(opportunity_pb2.StageMove, description="One change of stage.")
class StageMove:
    stage: OpportunityStage
    time: DateTime
    author: str | None = strawberry.field(description="Who moved it; null: the service itself.")


@message(opportunity_pb2.Opportunity, description="A deal that may be won.")
class Opportunity(Node):
    kind: OpportunityKind
    title: str
    customer_id: strawberry.ID
    owner_id: strawberry.ID | None = strawberry.field(description="The employee who works on it.")
    amount: Money | None = strawberry.field(description="What it is worth.")
    close_date: Date | None = strawberry.field(description="The day the decision is expected.")
    stage: OpportunityStage
    moves: list[StageMove] = strawberry.field(description="Every change of stage, oldest first, the first included.")
    follow_ups: list[FollowUp] = strawberry.field(description="What was done so far, oldest first; the latest 100.")
    next_action: str | None
    next_action_date: Date | None
    lead_id: strawberry.ID | None = strawberry.field(description="The lead it came from.")
    contract_id: strawberry.ID | None = strawberry.field(description="The contract that is renewed or expanded.")
    asset_ids: list[strawberry.ID] = strawberry.field(description="The assets that it is about.")
    win_reason: WinReason | None
    loss_reason: LossReason | None
    outcome_note: str | None = strawberry.field(description="More about why it was won or lost.")
    closed_time: DateTime | None = strawberry.field(description="When it was won or lost.")
    author: str | None = strawberry.field(description="Who opened it; null: the service itself.")
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")
    create_time: DateTime
    update_time: DateTime
    customer: _Customer | None = joined(CUSTOMERS, key="customer_id", description="The customer.")
    owner: _Employee | None = joined(EMPLOYEES, key="owner_id", description="The employee who works on it.")
    lead: Lead | None = joined(LEADS, key="lead_id", description="The lead it came from.")
    quotes: list[_Quote] | None = joined(
        QUOTES_BY_OPPORTUNITY, key="id", arguments=FIRST, description="What was offered, newest first."
    )
    contract: _Contract | None = joined(
        CONTRACTS, key="contract_id", description="The contract that is renewed or expanded."
    )
