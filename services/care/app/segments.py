"""Builds the room of who belongs to a group, and why."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.care.config import Settings
from services.chassis.clock import Clock, SystemClock

if TYPE_CHECKING:
    from services.care.ports.members import MergedCustomers
    from services.care.rpc.segments.servicer import SegmentsServicer
    from services.care.usecases.segments.record_facts import (
        LinkContracts,
        MoveContracts,
        NoteContract,
        NoteRenewal,
        NoteValue,
        NoteWarranty,
        RecordAct,
        RecordAnswer,
    )
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job

OUTBOXES: Sequence[str] = ()
_LINK_SECONDS = 30.0


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.care.store.segments.fact_indexes import MemberFactsDocument
    from services.care.store.segments.held_contracts import HeldContractDocument, LinkCursorDocument
    from services.care.store.segments.held_values import HeldValueDocument
    from services.care.store.segments.held_warranties import HeldWarrantyDocument
    from services.care.store.segments.segments import SegmentDocument

    return (
        SegmentDocument,
        HeldContractDocument,
        HeldWarrantyDocument,
        HeldValueDocument,
        LinkCursorDocument,
        MemberFactsDocument,
    )


def build_servicer(settings: Settings) -> "SegmentsServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.rpc.segments.servicer import SegmentsServicer
    from services.care.store.members.attributes import MongoAttributes
    from services.care.store.members.members import MongoMembers
    from services.care.store.segments.member_facts import MongoMemberFacts
    from services.care.store.segments.segment_members import MongoSegmentMembers
    from services.care.store.segments.segments import MongoSegments
    from services.care.store.segments.uses import MongoSegmentUses
    from services.care.usecases.segments.preview_segment import (
        AskSegment,
        ExplainMembership,
        ListSegmentMembers,
        PreviewSegment,
    )
    from services.care.usecases.segments.record_facts import RecordToldActs
    from services.care.usecases.segments.write_segment import ArchiveSegment, ChangeSegment, WriteSegment

    clock = SystemClock()
    segments, found, members = MongoSegments.of(clock), MongoSegmentMembers(), MongoMembers(clock)
    attributes = MongoAttributes()
    ask = AskSegment(segments, clock, settings.company_time_zone)
    return SegmentsServicer(
        segments=segments,
        write=WriteSegment(segments, attributes, clock),
        change=ChangeSegment(segments, attributes, clock),
        archive=ArchiveSegment(segments, MongoSegmentUses(), clock),
        preview=PreviewSegment(ask, found, members, attributes),
        list_members=ListSegmentMembers(ask, found, members),
        explain=ExplainMembership(ask, found),
        record_acts=RecordToldActs(MongoMemberFacts(), clock),
    )


def recorders(
    merged: "MergedCustomers",
) -> "tuple[RecordAct, RecordAnswer, NoteContract, NoteRenewal, MoveContracts, NoteWarranty]":
    """Return what notes with members what events say of them."""
    from services.care.store.segments.held_contracts import MongoHeldContracts
    from services.care.store.segments.held_warranties import MongoHeldWarranties
    from services.care.store.segments.member_facts import MongoMemberFacts
    from services.care.usecases.segments.record_facts import (
        MoveContracts,
        NoteContract,
        NoteRenewal,
        NoteWarranty,
        RecordAct,
        RecordAnswer,
    )

    facts, held, warranties = MongoMemberFacts(), MongoHeldContracts(), MongoHeldWarranties()
    return (
        RecordAct(facts, merged),
        RecordAnswer(facts),
        NoteContract(held, facts, merged),
        NoteRenewal(held, facts, merged),
        MoveContracts(held, warranties, facts, merged),
        NoteWarranty(warranties, facts, merged),
    )


def note_value() -> "NoteValue":
    """Return what notes with members what their customer is worth."""
    from services.care.store.segments.held_values import MongoHeldValues
    from services.care.store.segments.member_facts import MongoMemberFacts
    from services.care.usecases.segments.record_facts import NoteValue

    return NoteValue(MongoHeldValues(), MongoMemberFacts())


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.segments_service_pb2_grpc import add_SegmentsServiceServicer_to_server
    from services.care.rpc.segments.access import ACCESS
    from services.care.rpc.segments.servicer import FULL_NAME
    from services.chassis.rooms import RpcRoom

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_SegmentsServiceServicer_to_server(servicer, server))


def build_link_contracts(settings: Settings, clock: Clock) -> "LinkContracts":
    """Wire what keeps members and what their customers hold together."""
    from services.care.app.loyalty import build_follow_value
    from services.care.app.members import build_relink_customer
    from services.care.store.members.merged_customers import MongoMergedCustomers
    from services.care.store.segments.held_contracts import MongoHeldContracts, MongoLinkCursor
    from services.care.store.segments.held_values import MongoHeldValues
    from services.care.store.segments.held_warranties import MongoHeldWarranties
    from services.care.store.segments.member_facts import MongoMemberFacts
    from services.care.usecases.segments.record_facts import LinkContracts

    return LinkContracts(
        build_relink_customer(clock, MongoMergedCustomers()),
        build_follow_value(clock, settings.company_time_zone),
        MongoHeldContracts(),
        MongoHeldWarranties(),
        MongoHeldValues(),
        MongoMemberFacts(),
        MongoLinkCursor(),
    )


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    from services.chassis.scheduled import Job

    link = build_link_contracts(settings, SystemClock())
    return (Job(name="link_contracts", every_seconds=_LINK_SECONDS, run=lambda lead: link(lambda: lead.holds)),)
