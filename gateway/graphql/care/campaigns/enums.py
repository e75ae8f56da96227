"""Enums of campaigns; each value is the number of its proto value."""

from enum import IntEnum

import strawberry


@strawberry.enum(description="What makes members due.")
class CampaignKind(IntEnum):
    BIRTHDAY = 1
    OCCASION = 2
    AFTER_EVENT = 3
    BEFORE_DATE = 4
    INACTIVITY = 5
    RECURRING = 6
    ONE_OFF = 7
    EVENT_TRIGGERED = 8


@strawberry.enum(description="A unit of time.")
class TimeUnit(IntEnum):
    MINUTE = 1
    HOUR = 2
    DAY = 3
    WEEK = 4
    MONTH = 5
    QUARTER = 6
    YEAR = 7


@strawberry.enum(description="A date that comes nearer.")
class DateKind(IntEnum):
    CONTRACT_END = 1
    WARRANTY_END = 2
    POINTS_EXPIRY = 3
    ATTRIBUTE = 4


@strawberry.enum(description="What becomes of a message that falls into the member's quiet hours. Default: it waits.")
class QuietHours(IntEnum):
    HOLD = 1
    CANCEL = 2


@strawberry.enum(
    description="What becomes of a message on a blackout day: to the free day before, to the one after, or dropped."
)
class BlackoutMove(IntEnum):
    BACK = 1
    FORWARD = 2
    DROP = 3


@strawberry.enum(description="Where the next version of a campaign stands.")
class CampaignRevisionState(IntEnum):
    DRAFT = 1
    IN_REVIEW = 2


@strawberry.enum(description="What may be said of variants.")
class VariantVerdict(IntEnum):
    WINNER = 1
    NO_DIFFERENCE = 2
    TOO_FEW = 3
