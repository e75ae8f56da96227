"""Enums of days; each value is the number of its proto value."""

from enum import IntEnum

import strawberry


@strawberry.enum(description="What a civil day is by law. UNKNOWN is neither work nor off: nobody announced the year.")
class DayKind(IntEnum):
    WORK = 1
    OFF = 2
    UNKNOWN = 3


@strawberry.enum(description="How sure the statutory days of a year are.")
class StatutoryStatus(IntEnum):
    OFFICIAL = 1
    PROVISIONAL = 2
    UNKNOWN = 3


@strawberry.enum(description="How the day of an occasion is found.")
class OccasionKind(IntEnum):
    SOLAR_DATE = 1
    LUNAR_DATE = 2
    NTH_WEEKDAY = 3
    SOLAR_TERM = 4
    RELATIVE = 5


@strawberry.enum(description="The 24 solar terms, in the order of the civil year.")
class SolarTerm(IntEnum):
    MINOR_COLD = 1
    MAJOR_COLD = 2
    START_OF_SPRING = 3
    RAIN_WATER = 4
    AWAKENING_OF_INSECTS = 5
    SPRING_EQUINOX = 6
    QINGMING = 7
    GRAIN_RAIN = 8
    START_OF_SUMMER = 9
    GRAIN_FULL = 10
    GRAIN_IN_EAR = 11
    SUMMER_SOLSTICE = 12
    MINOR_HEAT = 13
    MAJOR_HEAT = 14
    START_OF_AUTUMN = 15
    END_OF_HEAT = 16
    WHITE_DEW = 17
    AUTUMN_EQUINOX = 18
    COLD_DEW = 19
    FROST_DESCENT = 20
    START_OF_WINTER = 21
    MINOR_SNOW = 22
    MAJOR_SNOW = 23
    WINTER_SOLSTICE = 24


@strawberry.enum(description="How the days of a blackout are told.")
class BlackoutSpan(IntEnum):
    DATED = 1
    SOLAR = 2
    LUNAR = 3
    OCCASION = 4
