"""Root fields that change days: statutory, lunar, occasions, blackouts."""

from typing import Annotated

import strawberry

from gateway.graphql.care.calendars.enums import (
    BlackoutSpan,
    DayKind,
    OccasionKind,
    SolarTerm,
    StatutoryStatus,
)
from gateway.graphql.care.calendars.types import Blackout, Occasion, StatutoryYear
from gateway.graphql.care.campaigns.enums import BlackoutMove
from gateway.graphql.care.core.enums import LeapDayPolicy, LunarDay30Policy, Purpose
from gateway.graphql.imports import DryRun, file_content
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of, transition
from gateway.graphql.scalars import Date
from gateway.graphql.sources import message, packed
from membercare.care.v1 import calendars_service_pb2 as pb
from membercare.care.v1 import occasion_pb2, statutory_pb2

_Text = Annotated[str | None, strawberry.argument(description="The text of the file: CSV or iCalendar.")]
_Bytes = Annotated[str | None, strawberry.argument(description="The bytes of the file in base64, in place of `csv`.")]


@strawberry.input(description="On which days an occasion falls. Which fields count depends on the kind.")
class OccasionRuleInput:
    kind: OccasionKind
    month: int | None = strawberry.field(default=None, description="Solar date, lunar date, nth weekday: 1 to 12.")
    day: int | None = strawberry.field(default=None, description="Solar date: 1 to 31; lunar date: 1 to 30.")
    weekday: int | None = strawberry.field(default=None, description="Nth weekday: 1 (Monday) to 7 (Sunday).")
    nth: int | None = strawberry.field(default=None, description="Nth weekday: 1 to 4, or 5 for the last one.")
    term: SolarTerm | None = strawberry.field(default=None, description="Solar term: which.")
    base_id: strawberry.ID | None = strawberry.field(
        default=None, description="Relative: the occasion that the days are counted from, not relative itself."
    )
    offset_days: int | None = strawberry.field(
        default=None, description="Relative: 1 to 180 days after it, or before (negative)."
    )
    leap_day_policy: LeapDayPolicy | None = strawberry.field(default=None, description="Absent: 28 February.")
    lunar_day30_policy: LunarDay30Policy | None = strawberry.field(default=None, description="Absent: day 29.")


@strawberry.input(description="An occasion to write.")
class OccasionInput:
    name_en: str = strawberry.field(description="1 to 60 characters.")
    name_zh: str = strawberry.field(description="1 to 60 characters.")
    rule: OccasionRuleInput


@strawberry.input(description="Which days a blackout holds. Which fields count depends on the span.")
class BlackoutDaysInput:
    span: BlackoutSpan
    first_date: Date | None = None
    last_date: Date | None = strawberry.field(default=None, description="Dated: at most 365 days after the first.")
    first_month: int | None = None
    first_day: int | None = None
    last_month: int | None = None
    last_day: int | None = None
    occasion_id: strawberry.ID | None = None
    days_before: int | None = strawberry.field(default=None, description="Occasion: 0 to 30 days before it, too.")
    days_after: int | None = strawberry.field(default=None, description="Occasion: 0 to 30 days after it, too.")


@strawberry.input(description="A blackout to write.")
class BlackoutInput:
    name_en: str = strawberry.field(description="1 to 60 characters.")
    name_zh: str = strawberry.field(description="1 to 60 characters.")
    days: BlackoutDaysInput
    purposes: list[Purpose] | None = strawberry.field(default=None, description="Absent or empty: care and marketing.")
    cheerful_only: bool | None = strawberry.field(default=None, description="Hold only cheerful messages.")
    behaviour: BlackoutMove


@message(pb.StatutoryDifference, description="A day that an import makes something else.")
class StatutoryDifference:
    date: Date
    before: DayKind
    after: DayKind


@message(pb.ImportedYear, description="What an import means for one year.")
class ImportedYear:
    year: int
    in_force: int = strawberry.field(description="The version in force afterwards.")
    changed: bool = strawberry.field(description="False if the version in force said the same already.")
    status_before: StatutoryStatus
    off_weekdays: int
    worked_weekends: int
    differences: list[StatutoryDifference] = strawberry.field(description="Empty if the year was unknown before.")


@message(pb.StatutoryRowError, description="A row that cannot be imported.")
class StatutoryRowError:
    line: int = strawberry.field(description="Line of the CSV file, or number of the entry in an iCalendar file.")
    column: str | None
    code: str = strawberry.field(description="A stable code such as `INVALID_FIELD`.")
    message: str = strawberry.field(description="What is wrong and what to do.")


@message(pb.ImportStatutoryDaysResponse, description="What became of the file.")
class ImportStatutoryDaysPayload:
    rows: int
    years: list[ImportedYear]
    errors: list[StatutoryRowError] = strawberry.field(
        description="With one, nothing is stored; at most 1000 are listed."
    )
    failed: int = strawberry.field(description="How many rows were refused in all.")
    stored: bool


@message(pb.RestoreStatutoryYearResponse, description="The year after the change.")
class StatutoryYearPayload:
    statutory_year: StatutoryYear


@message(
    pb.CreateOccasionResponse,
    pb.UpdateOccasionResponse,
    pb.RetireOccasionResponse,
    description="The occasion after the change.",
)
class OccasionPayload:
    occasion: Occasion


@message(pb.CreateBlackoutResponse, pb.UpdateBlackoutResponse, description="The blackout after the change.")
class BlackoutPayload:
    blackout: Blackout


@message(pb.DeleteBlackoutResponse, description="The blackout is gone.")
class DeletedBlackoutPayload:
    blackout_id: strawberry.ID


_OCCASION = result_of(OccasionPayload, "OccasionResult")
_BLACKOUT = result_of(BlackoutPayload, "BlackoutResult")


@strawberry.type
class CalendarsMutation:
    @mutation(
        result_of(ImportStatutoryDaysPayload, "ImportStatutoryDaysResult"),
        rpc="ImportStatutoryDays",
        description="Imports statutory days from CSV or iCalendar; each year in the file replaces the one in force.",
    )
    async def import_statutory_days(
        self,
        info: Info,
        country: str,
        status: StatutoryStatus,
        csv: _Text = None,
        file_base64: _Bytes = None,
        dry_run: DryRun = False,
        request_id: RequestId = None,
    ) -> pb.ImportStatutoryDaysResponse:
        request = pb.ImportStatutoryDaysRequest(
            country=country,
            content=file_content(csv, file_base64, name="file_base64"),
            status=statutory_pb2.StatutoryStatus.ValueType(status),
            dry_run=dry_run,
            request_id=request_id or "",
        )
        return await info.context.call(info.context.clients.care.ImportStatutoryDays, request)

    @mutation(
        result_of(StatutoryYearPayload, "StatutoryYearResult"),
        rpc="RestoreStatutoryYear",
        description="Puts an older version of a year in force again; 0 is the table that comes with the product.",
    )
    async def restore_statutory_year(
        self,
        info: Info,
        country: str,
        year: int,
        number: int,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.RestoreStatutoryYearResponse:
        request = pb.RestoreStatutoryYearRequest(
            country=country, year=year, number=number, etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.care.RestoreStatutoryYear, request)

    @mutation(_OCCASION, rpc="CreateOccasion", description="Writes an occasion of the company's own.")
    async def create_occasion(
        self, info: Info, input: OccasionInput, request_id: RequestId = None
    ) -> pb.CreateOccasionResponse:
        request = packed(input, pb.CreateOccasionRequest, request_id=request_id or "")
        return await info.context.call(info.context.clients.care.CreateOccasion, request)

    @mutation(_OCCASION, rpc="UpdateOccasion", description="Gives an occasion other names and another rule.")
    async def update_occasion(
        self, info: Info, id: strawberry.ID, input: OccasionInput, etag: ETag = None, request_id: RequestId = None
    ) -> pb.UpdateOccasionResponse:
        request = packed(input, pb.UpdateOccasionRequest, occasion_id=id, etag=etag or "", request_id=request_id or "")
        return await info.context.call(info.context.clients.care.UpdateOccasion, request)

    retire_occasion = transition(
        _OCCASION, pb.RetireOccasionRequest, key="occasion_id", description="Takes an occasion out of use."
    )

    @mutation(_BLACKOUT, rpc="CreateBlackout", description="Writes a blackout.")
    async def create_blackout(
        self, info: Info, input: BlackoutInput, request_id: RequestId = None
    ) -> pb.CreateBlackoutResponse:
        request = pb.CreateBlackoutRequest(blackout=packed(input, occasion_pb2.Blackout), request_id=request_id or "")
        return await info.context.call(info.context.clients.care.CreateBlackout, request)

    @mutation(_BLACKOUT, rpc="UpdateBlackout", description="Replaces what a blackout says.")
    async def update_blackout(
        self, info: Info, id: strawberry.ID, input: BlackoutInput, etag: ETag = None, request_id: RequestId = None
    ) -> pb.UpdateBlackoutResponse:
        request = pb.UpdateBlackoutRequest(
            blackout=packed(input, occasion_pb2.Blackout, id=id, etag=etag or ""), request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.care.UpdateBlackout, request)

    delete_blackout = transition(
        result_of(DeletedBlackoutPayload, "DeletedBlackoutResult"),
        pb.DeleteBlackoutRequest,
        key="blackout_id",
        description="Forgets a blackout; one that is gone already is no mistake.",
    )
