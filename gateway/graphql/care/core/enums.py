"""Enums of the care service; each value is the number of its proto value, so that a message's field needs no table."""

from enum import IntEnum

import strawberry


@strawberry.enum(description="The calendar a birthday is kept in.")
class BirthdayCalendar(IntEnum):
    SOLAR = 1
    LUNAR = 2


@strawberry.enum(description="The language we write to a member in.")
class Language(IntEnum):
    ZH_HANS = 1
    EN = 2


@strawberry.enum(description="How a member wants to be addressed.")
class Gender(IntEnum):
    FEMALE = 1
    MALE = 2


@strawberry.enum(description="By which way a message reaches a person.")
class Channel(IntEnum):
    EMAIL = 1
    SMS = 2
    WECOM = 3
    WECHAT = 4
    WEBHOOK = 5
    CALL = 6


@strawberry.enum(description="What a message is for. Consent is given for care and for marketing; service needs none.")
class Purpose(IntEnum):
    CARE = 1
    MARKETING = 2
    SERVICE = 3


@strawberry.enum(description="Whose word a consent is.")
class ConsentSource(IntEnum):
    PERSON = 1
    STAFF = 2
    IMPORT = 3
    MIGRATED = 4


@strawberry.enum(description="Where a campaign stands. It moves by mutations only.")
class CampaignState(IntEnum):
    DRAFT = 1
    IN_REVIEW = 2
    APPROVED = 3
    RUNNING = 4
    PAUSED = 5
    ARCHIVED = 6
    FINISHED = 7


@strawberry.enum(description="When somebody born on 29 February is greeted in a common year. Default: 28 February.")
class LeapDayPolicy(IntEnum):
    FEB_28 = 1
    MAR_1 = 2
    LEAP_YEARS_ONLY = 3


@strawberry.enum(description="When somebody is greeted whose lunar birthday month is doubled. Default: regular month.")
class LeapMonthPolicy(IntEnum):
    REGULAR_MONTH = 1
    LEAP_MONTH = 2
    BOTH = 3


@strawberry.enum(description="When somebody born on lunar day 30 is greeted in a month of 29 days. Default: day 29.")
class LunarDay30Policy(IntEnum):
    DAY_29 = 1
    NEXT_MONTH_FIRST = 2


@strawberry.enum(description="What became of a touch.")
class TouchState(IntEnum):
    PLANNED = 1
    SENT = 2
    FAILED = 3
    SKIPPED = 4
    UNKNOWN = 5
    HELD = 6
    DELIVERED = 7


@strawberry.enum(description="How an unknown touch is settled.")
class TouchResolution(IntEnum):
    SENT = 1
    SEND_AGAIN = 2


@strawberry.enum(description="Where a visit stands.")
class VisitState(IntEnum):
    DUE = 1
    COMPLETED = 2
    CANCELLED = 3


@strawberry.enum(description="What a visit came to.")
class VisitOutcome(IntEnum):
    SATISFIED = 1
    DISSATISFIED = 2
    UNREACHABLE = 3
    SENT = 4


@strawberry.enum(description="Why a visit is owed.")
class VisitKind(IntEnum):
    AFTER_ACTIVATION = 1
    AFTER_DELIVERY = 2
    AFTER_SERVICE = 3
    CAMPAIGN = 4
    CONFIRM = 5
    PLAN = 6


@strawberry.enum(description="How a visit is made.")
class VisitMeans(IntEnum):
    CALL = 1
    ONSITE = 2
    SMS = 3
    LETTER = 4


@strawberry.enum(description="What became of one try to reach somebody.")
class AttemptOutcome(IntEnum):
    NO_ANSWER = 1
    BUSY = 2
    WRONG_NUMBER = 3
    CALL_BACK = 4
    REACHED = 5


@strawberry.enum(description="Which part of what is due.")
class QueueView(IntEnum):
    MINE = 1
    UNASSIGNED = 2
    OVERDUE = 3


@strawberry.enum(description="What an entry of a timeline is; of what was heard, `act` says what.")
class TimelineKind(IntEnum):
    TOUCH = 1
    VISIT = 2
    CONSENT = 3
    POINTS = 4
    ACT = 5
