"""Days as types of the schema: statutory, lunar, occasions, blackouts."""

import strawberry

from gateway.graphql.care.calendars.enums import (
    BlackoutSpan,
    DayKind,
    OccasionKind,
    SolarTerm,
    StatutoryStatus,
)
from gateway.graphql.care.calendars.loaders import OCCASIONS
from gateway.graphql.care.campaigns.enums import BlackoutMove
from gateway.graphql.care.core.enums import LeapDayPolicy, LunarDay30Policy, Purpose
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import Date, DateTime
from gateway.graphql.sources import message
from membercare.care.v1 import calendars_service_pb2 as pb
from membercare.care.v1 import occasion_pb2, statutory_pb2

_ETAG = "The version: send it back to refuse a lost update."


@message(
    occasion_pb2.OccasionRule, description="On which days an occasion falls; what its kind does not use is 0 or null."
)
class OccasionRule:
    kind: OccasionKind
    month: int = strawberry.field(description="1 to 12, of the calendar of the kind; 0: not used.")
    day: int
    weekday: int = strawberry.field(description="1 (Monday) to 7 (Sunday).")
    nth: int = strawberry.field(description="1 to 4, or 5 for the last one of the month.")
    term: SolarTerm | None
    base_id: strawberry.ID | None = strawberry.field(description="The occasion that a relative one is counted from.")
    offset_days: int = strawberry.field(description="Days after the other occasion, or before (negative).")
    leap_day_policy: LeapDayPolicy | None
    lunar_day30_policy: LunarDay30Policy | None


@message(occasion_pb2.Occasion, description="A day worth a greeting, whichever day it is in a year.")
class Occasion(Node):
    name_en: str
    name_zh: str
    rule: OccasionRule
    built_in: bool = strawberry.field(description="It came with the product and cannot be changed.")
    retired: bool = strawberry.field(description="Out of use; it still resolves.")
    etag: str = strawberry.field(description=_ETAG)
    create_time: DateTime
    update_time: DateTime


@message(occasion_pb2.OccasionDate, description="One coming of an occasion.")
class OccasionDate:
    date: Date
    occurrence: str = strawberry.field(
        description="Its name: `2026`, or `L2026` for the lunar year; a lunar day can come twice in a civil year."
    )


@message(occasion_pb2.BlackoutDays, description="Which days a blackout holds; what its span does not use is 0 or null.")
class BlackoutDays:
    span: BlackoutSpan
    first_date: Date | None
    last_date: Date | None
    first_month: int
    first_day: int
    last_month: int
    last_day: int
    occasion_id: strawberry.ID | None
    days_before: int
    days_after: int
    occasion: Occasion | None = joined(OCCASIONS, key="occasion_id", description="The occasion that it lies around.")


@message(occasion_pb2.Blackout, description="Days on which messages do not leave.")
class Blackout(Node):
    name_en: str
    name_zh: str
    days: BlackoutDays
    purposes: list[Purpose] = strawberry.field(description="Empty: care and marketing.")
    cheerful_only: bool = strawberry.field(description="Only cheerful messages are held: a day of mourning.")
    behaviour: BlackoutMove = strawberry.field(description="A campaign may say otherwise for its own messages.")
    etag: str = strawberry.field(description=_ETAG)
    create_time: DateTime
    update_time: DateTime


@message(statutory_pb2.StatutoryDay, description="A day that is not what its weekday says, or a holiday on a weekend.")
class StatutoryDay:
    date: Date
    kind: DayKind = strawberry.field(description="OFF, or WORK for a weekend that is worked.")
    name_en: str | None
    name_zh: str | None


@message(statutory_pb2.StatutoryVersion, description="An import of a year.")
class StatutoryVersion:
    number: int = strawberry.field(description="1 is the first import.")
    status: StatutoryStatus
    imported_by: str = strawberry.field(description="The subject of the sign-in.")
    imported_time: DateTime


@message(
    statutory_pb2.StatutoryYear,
    description="The statutory days of a country and year as one version has them; other days follow their weekday.",
)
class StatutoryYear:
    country: str
    year: int
    number: int = strawberry.field(description="Which version is shown; 0: the table that comes with the product.")
    in_force: int = strawberry.field(description="Which version is in force.")
    status: StatutoryStatus = strawberry.field(description="UNKNOWN: whether a day is worked cannot be told.")
    days: list[StatutoryDay]
    off_weekdays: int = strawberry.field(description="Days off that would have been worked without the law.")
    worked_weekends: int = strawberry.field(description="Days of a weekend that are worked.")
    versions: list[StatutoryVersion] = strawberry.field(description="All imports, oldest first.")
    etag: str = strawberry.field(description=_ETAG)


@message(statutory_pb2.LunarDate, description="A day of the lunar calendar.")
class LunarDate:
    year: int = strawberry.field(description="The lunar year, which begins in January or February.")
    month: int
    day: int
    leap_month: bool
    text_en: str
    text_zh: str


@message(statutory_pb2.CareDayTerm, description="A solar term that begins on a day.")
class CareDayTerm:
    term: SolarTerm
    name_en: str
    name_zh: str


@message(statutory_pb2.CareDayOccasion, description="An occasion that falls on a day.")
class CareDayOccasion:
    occasion: Occasion
    occurrence: str = strawberry.field(description="Which coming of it: `2026`, or `L2026`.")


@message(statutory_pb2.CareDay, description="A civil day with everything that is known of it.")
class CareDay:
    date: Date
    weekday: int = strawberry.field(description="1 (Monday) to 7 (Sunday).")
    kind: DayKind
    statutory: StatutoryDay | None = strawberry.field(description="What the statutory table names it.")
    lunar: LunarDate | None = strawberry.field(description="Null outside the years 1900 to 2100.")
    term: CareDayTerm | None
    occasions: list[CareDayOccasion]
    blackouts: list[Blackout]


@message(pb.GetCareCalendarResponse, description="A month, day by day.")
class CareCalendar:
    status: StatutoryStatus = strawberry.field(description="How sure the statutory days of the month are.")
    days: list[CareDay]
