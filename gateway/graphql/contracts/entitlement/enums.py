"""Enums of cover, allowances and chargeable service."""

from enum import IntEnum

import strawberry


@strawberry.enum(description="Whether the customer pays.")
class EntitlementVerdict(IntEnum):
    COVERED = 1
    PARTIAL = 2
    CHARGEABLE = 3


@strawberry.enum(
    description="Why. Where several reasons hold, the one that came closest to cover; `explanationEn` says it in words."
)
class EntitlementReason(IntEnum):
    WARRANTY = 1
    CONTRACT = 2
    ALLOWANCE_INSUFFICIENT = 3
    ALLOWANCE_EXHAUSTED = 4
    CONTRACT_SUSPENDED = 5
    CONTRACT_NOT_IN_FORCE_YET = 6
    CONTRACT_EXPIRED = 7
    CONTRACT_TERMINATED = 8
    ASSET_NOT_COVERED = 9
    SERVICE_TYPE_NOT_COVERED = 10
    WARRANTY_ENDED = 11
    ASSET_OF_ANOTHER_CUSTOMER = 12
    NO_CONTRACT = 13


@strawberry.enum(description="What a quantity of service counts. An allowance in hours is counted in minutes.")
class ServiceUnit(IntEnum):
    CASES = 1
    MINUTES = 2
    VISITS = 3


@strawberry.enum(description="What covers something.")
class CoverSource(IntEnum):
    WARRANTY = 1
    CONTRACT = 2


@strawberry.enum(description="Where a use of allowances stands. It moves by mutations and by time only.")
class UsageState(IntEnum):
    RESERVED = 1
    CONSUMED = 2
    RELEASED = 3
    EXPIRED = 4
    CHARGEABLE = 5


@strawberry.enum(description="Where a chargeable service stands. It moves by mutations only.")
class ServiceOrderState(IntEnum):
    ESTIMATED = 1
    CONSENTED = 2
    IN_PROGRESS = 3
    CONSENT_ASKED_AGAIN = 4
    COMPLETED = 5
    DECLINED = 6
    CANCELLED = 7


@strawberry.enum(description="What a line of an estimate or charge is for.")
class ServiceLineKind(IntEnum):
    PART = 1
    LABOUR = 2
    TRAVEL = 3
    FEE = 4


@strawberry.enum(description="How a customer consented.")
class ConsentChannel(IntEnum):
    SIGNATURE = 1
    PHONE = 2
    EMAIL = 3
    MESSAGE = 4
    IN_PERSON = 5
