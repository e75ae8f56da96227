"""What the use cases of care need from the world, in their own words."""

from services.care.ports.campaigns import Campaigns, PlanCursor, PlanCursors
from services.care.ports.dispatch import (
    Batch,
    Handover,
    Mail,
    Mailer,
    ProviderLookup,
    Settled,
    TouchBatches,
    UnknownTouches,
    Words,
)
from services.care.ports.members import ImportedMembers, MemberFilter, Members
from services.care.ports.planning import DueMember, DueMembers, PlannedTouches
from services.care.ports.touches import TouchFilter, TouchLedger
from services.care.ports.visits import ContractStates, PrimaryMembers, VisitFilter, Visits

__all__ = [
    "Batch",
    "Campaigns",
    "ContractStates",
    "DueMember",
    "DueMembers",
    "Handover",
    "ImportedMembers",
    "Mail",
    "Mailer",
    "MemberFilter",
    "Members",
    "PlanCursor",
    "PlanCursors",
    "PlannedTouches",
    "PrimaryMembers",
    "ProviderLookup",
    "Settled",
    "TouchBatches",
    "TouchFilter",
    "TouchLedger",
    "UnknownTouches",
    "VisitFilter",
    "Visits",
    "Words",
]
