"""Enums of customers in the schema."""

from enum import IntEnum

import strawberry


@strawberry.enum(description="Where the relation with a customer stands; people move it, with a reason.")
class CustomerStage(IntEnum):
    PROSPECT = 1
    ESTABLISHING = 2
    DEVELOPING = 3
    STABLE = 4
    AT_RISK = 5
    LOST = 6


@strawberry.enum(description="How much a customer is worth, as last computed.")
class CustomerTier(IntEnum):
    HIGH_VALUE = 1
    GROWING = 2
    STABLE = 3
    POTENTIAL = 4
    AT_RISK = 5
