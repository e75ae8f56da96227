"""Opportunities as messages, and requests as what the domain understands."""

from datetime import date
from enum import Enum
from typing import Any

from membercare.contracts.v1 import lead_pb2, opportunity_pb2
from membercare.contracts.v1 import sales_service_pb2 as pb
from services.chassis.checks import civil_date
from services.chassis.ids import optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.sales.follow_ups import FollowUp
from services.contracts.domain.sales.opportunity import Correction, Opportunity, OpportunityDetails
from services.contracts.domain.sales.opportunity_stages import (
    LossReason,
    OpportunityKind,
    OpportunityStage,
    StageMove,
    WinReason,
)
from services.contracts.ports.sales import OpportunityFilter
from services.contracts.rpc.money import money_to_pb, to_money

KINDS = EnumTable(OpportunityKind, opportunity_pb2.OpportunityKind)
STAGES = EnumTable(OpportunityStage, opportunity_pb2.OpportunityStage)
WIN_REASONS = EnumTable(WinReason, opportunity_pb2.WinReason)
LOSS_REASONS = EnumTable(LossReason, opportunity_pb2.LossReason)


def opportunity_to_pb(opportunity: Opportunity) -> opportunity_pb2.Opportunity:
    return opportunity_pb2.Opportunity(
        id=opportunity.id,
        kind=KINDS.number(opportunity.kind),
        title=opportunity.title,
        customer_id=opportunity.customer_id,
        owner_id=opportunity.owner_id,
        amount=money_to_pb(opportunity.amount),
        close_date=day_to_pb(opportunity.close_date),
        stage=STAGES.number(opportunity.stage),
        moves=map(_move_to_pb, opportunity.moves),
        follow_ups=map(follow_up_to_pb, opportunity.follow_ups),
        next_action=opportunity.next_action,
        next_action_date=day_to_pb(opportunity.next_action_date),
        lead_id=opportunity.lead_id,
        contract_id=opportunity.contract_id,
        asset_ids=opportunity.asset_ids,
        win_reason=unset_or(WIN_REASONS, opportunity.win_reason),
        loss_reason=unset_or(LOSS_REASONS, opportunity.loss_reason),
        outcome_note=opportunity.outcome_note,
        closed_time=to_timestamp(opportunity.closed_time),
        author=opportunity.author,
        etag=str(opportunity.version),
        create_time=to_timestamp(opportunity.create_time),
        update_time=to_timestamp(opportunity.update_time),
    )


def unset_or(table: EnumTable[Any], member: Enum | None) -> Any:
    return table.number(member) if member else 0


def follow_up_to_pb(entry: FollowUp) -> lead_pb2.FollowUp:
    return lead_pb2.FollowUp(
        time=to_timestamp(entry.time),
        author=entry.author,
        note=entry.note,
        next_action=entry.next_action,
        next_action_date=day_to_pb(entry.next_action_date),
    )


def day_to_pb(day: date | None) -> str:
    return day.isoformat() if day else ""


def to_day(value: str, field: str) -> date | None:
    return civil_date(value, field) if value else None


def to_details(request: pb.CreateOpportunityRequest) -> OpportunityDetails:
    return OpportunityDetails(
        kind=KINDS.member(request.kind, "kind"),
        title=request.title,
        customer_id=request.customer_id,
        owner_id=request.owner_id,
        amount=to_money(request.amount) if request.HasField("amount") else None,
        close_date=request.close_date,
        contract_id=request.contract_id,
        asset_ids=tuple(request.asset_ids),
    )


def to_correction(request: pb.UpdateOpportunityRequest) -> Correction:
    return Correction(
        mask=tuple(request.update_mask.paths),
        title=request.title,
        owner_id=request.owner_id,
        amount=to_money(request.amount) if request.HasField("amount") else None,
        close_date=request.close_date,
    )


def to_filter(asked: pb.OpportunityFilter, today: date) -> OpportunityFilter:
    return OpportunityFilter(
        customer_id=optional_id(asked.customer_id, "cus", field="filter.customer_id"),
        owner_id=optional_id(asked.owner_id, "emp", field="filter.owner_id"),
        kind=KINDS.member(asked.kind, "filter.kind"),
        stage=STAGES.member(asked.stage, "filter.stage"),
        open_only=asked.open,
        action_before=today if asked.overdue else None,
        closes_from=to_day(asked.closes_from, "filter.closes_from"),
        closes_through=to_day(asked.closes_through, "filter.closes_through"),
    )


def _move_to_pb(move: StageMove) -> opportunity_pb2.StageMove:
    return opportunity_pb2.StageMove(stage=STAGES.number(move.stage), time=to_timestamp(move.time), author=move.author)
