"""Enums of segments; each value is the number of its proto value."""

from enum import IntEnum

import strawberry


@strawberry.enum(description="What a member's record says in a word.")
class ProfileField(IntEnum):
    GENDER = 1
    LANGUAGE = 2
    TIME_ZONE = 3
    CUSTOMER_ID = 4
    EXTERNAL_REF = 5
    HOUSEHOLD_ID = 6
    OWNER_ID = 7
    PREFERRED_CHANNEL = 8
    EMAIL = 9
    PHONE = 10
    WECOM_ID = 11
    WECHAT_ID = 12


@strawberry.enum(description="What a member's record says in whole numbers.")
class NumberField(IntEnum):
    POINTS = 1
    BIRTH_YEAR = 2


@strawberry.enum(description="What a member's record says in moments.")
class MomentField(IntEnum):
    CREATE_TIME = 1
    UPDATE_TIME = 2


@strawberry.enum(description="What holds for a member, or does not. `NO_CHEER`: gets no cheerful messages today.")
class MemberFlag(IntEnum):
    DO_NOT_CONTACT = 1
    COMPLAINT_OPEN = 2
    NO_CHEER = 3
    BIRTHDAY_KNOWN = 4


@strawberry.enum(description="Where a contract of the member's customer stands, as heard from contracts.")
class HeldContractState(IntEnum):
    ACTIVE = 1
    SUSPENDED = 2
    EXPIRED = 3
    TERMINATED = 4


@strawberry.enum(description="What the member's customer is worth, as heard from contracts.")
class HeldValueTier(IntEnum):
    HIGH_VALUE = 1
    GROWING = 2
    STABLE = 3
    POTENTIAL = 4
    AT_RISK = 5
