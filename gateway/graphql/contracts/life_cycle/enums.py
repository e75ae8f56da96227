"""The words of contracts: states, gates, and the rules by which they are billed, renewed and ended."""

from enum import IntEnum

import strawberry


@strawberry.enum(description="Where a contract stands. It moves by mutations only.")
class ContractState(IntEnum):
    DRAFT = 1
    SIGNED = 2
    ACTIVE = 3
    TERMINATED = 4
    IN_REVIEW = 5
    APPROVED = 6
    SUSPENDED = 7
    EXPIRED = 8
    RENEWED = 9


@strawberry.enum(description="What must be there before a signed contract comes into force.")
class ContractGate(IntEnum):
    SIGNATURE = 1
    PAYMENT = 2
    LEGAL = 3


@strawberry.enum(description="Why a contract ends before its term.")
class TerminationCode(IntEnum):
    CUSTOMER_REQUEST = 1
    NON_PAYMENT = 2
    BREACH = 3
    CUSTOMER_CLOSED = 4
    SERVICE_FAILURE = 5
    REPLACED = 6
    MUTUAL = 7
    OTHER = 8


@strawberry.enum(description="What a customer gets back of a paid period that a termination cuts off.")
class CreditPolicy(IntEnum):
    NONE = 1
    PRORATED = 2
    FULL = 3


@strawberry.enum(description="Where periods begin.")
class AnchorMode(IntEnum):
    ANNIVERSARY = 1
    CALENDAR = 2
    END_OF_MONTH = 3


@strawberry.enum(description="When a period is due: on its first day, or after its last.")
class BillingTiming(IntEnum):
    IN_ADVANCE = 1
    IN_ARREARS = 2


@strawberry.enum(description="The convention by which a part of a period is weighed.")
class DayCount(IntEnum):
    ACT_ACT = 1
    ACT_365 = 2
    THIRTY_360 = 3
    WHOLE_MONTHS = 4


@strawberry.enum(description="What an allowance counts.")
class AllowanceUnit(IntEnum):
    CASES = 1
    HOURS = 2
    VISITS = 3


@strawberry.enum(description="What happens when the term ends: an offer, another term, or on and on.")
class RenewalKind(IntEnum):
    OFFER = 1
    AUTO = 2
    EVERGREEN = 3


@strawberry.enum(description="How the price of the next term is found.")
class PriceChange(IntEnum):
    SAME = 1
    LIST = 2
    UPLIFT = 3
    INDEX = 4
