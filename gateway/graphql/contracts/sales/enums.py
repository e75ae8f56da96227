"""Enums of leads, opportunities, quotes and orders; a test holds them against the protos."""

from enum import IntEnum

import strawberry


@strawberry.enum(description="Where a lead stands. It moves by mutations only.")
class LeadState(IntEnum):
    NEW = 1
    WORKING = 2
    QUALIFIED = 3
    DISQUALIFIED = 4


@strawberry.enum(description="Where a lead came from.")
class LeadSource(IntEnum):
    WEB = 1
    PHONE = 2
    EVENT = 3
    REFERRAL = 4
    CAMPAIGN = 5
    VISIT = 6
    OTHER = 7


@strawberry.enum(description="Why a lead was given up.")
class DisqualifyReason(IntEnum):
    UNREACHABLE = 1
    NO_NEED = 2
    NO_BUDGET = 3
    DUPLICATE = 4
    SPAM = 5
    OTHER = 6


@strawberry.enum(description="What kind of deal it is.")
class OpportunityKind(IntEnum):
    NEW = 1
    SIGNING_OFFER = 2
    EXPANSION = 3
    RENEWAL = 4


@strawberry.enum(description="How far a deal is. It moves by mutations only.")
class OpportunityStage(IntEnum):
    QUALIFYING = 1
    PROPOSING = 2
    NEGOTIATING = 3
    WON = 4
    LOST = 5


@strawberry.enum(description="Why a deal was won.")
class WinReason(IntEnum):
    QUOTE_ACCEPTED = 1
    PRICE = 2
    PRODUCT = 3
    SERVICE = 4
    RELATIONSHIP = 5
    OTHER = 6


@strawberry.enum(description="Why a deal was lost.")
class LossReason(IntEnum):
    PRICE = 1
    COMPETITOR = 2
    NO_BUDGET = 3
    NO_NEED = 4
    NO_DECISION = 5
    DISSATISFIED = 6
    OTHER = 7


@strawberry.enum(description="Where a version of a quote stands. It moves by mutations only.")
class QuoteState(IntEnum):
    DRAFT = 1
    APPROVED = 2
    SENT = 3
    ACCEPTED = 4
    VOID = 5


@strawberry.enum(description="Why a version of a quote counts no more.")
class QuoteVoidReason(IntEnum):
    MANUAL = 1
    SUPERSEDED = 2
    CASCADE_OF_EXPIRED = 3


@strawberry.enum(description="The milestones of an order, in their order, or that it was cancelled.")
class OrderMilestone(IntEnum):
    PLANNED = 1
    IN_PRODUCTION = 2
    SHIPPED = 3
    DELIVERED = 4
    ACCEPTED = 5
    CANCELLED = 6
