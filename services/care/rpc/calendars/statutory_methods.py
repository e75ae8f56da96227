"""The methods about statutory days and the month: unpack, call, pack."""

from dataclasses import dataclass
from datetime import date

import grpc

from membercare.care.v1 import calendars_service_pb2 as pb
from membercare.care.v1 import statutory_pb2
from services.care.domain.calendars.care_days import care_month
from services.care.domain.calendars.statutory_rows import country_code, table_year
from services.care.domain.calendars.statutory_year import StatutoryYear
from services.care.ports.calendars import Calendars, StatutoryLibrary, StatutoryYears
from services.care.rpc.calendars.messages import STATUSES, day_to_pb, report_to_pb, year_to_pb
from services.care.usecases.calendars.import_statutory import (
    ImportStatutoryDays,
    RestoreStatutoryYear,
    StatutoryUpload,
)
from services.chassis import checks
from services.chassis.errors import InvalidField
from services.chassis.identity import current_caller

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Of occasions: civil days have no end, but a person who asks for the year 20226 has made a mistake."""
_HOME = "CN"


@dataclass(frozen=True, kw_only=True)
class StatutoryMethods:
    """Reads go to the stores, writes to the use cases."""

    calendars: Calendars
    years: StatutoryYears
    library: StatutoryLibrary
    import_statutory_days: ImportStatutoryDays
    restore_statutory_year: RestoreStatutoryYear

    def ImportStatutoryDays(
        self, request: pb.ImportStatutoryDaysRequest, context: grpc.ServicerContext
    ) -> pb.ImportStatutoryDaysResponse:
        upload = StatutoryUpload(
            country=request.country,
            content=request.content,
            status=STATUSES.member(request.status, "status"),
            by=current_caller().subject,
            dry_run=request.dry_run,
            request_id=request.request_id,
        )
        return report_to_pb(self.import_statutory_days(upload))

    def RestoreStatutoryYear(
        self, request: pb.RestoreStatutoryYearRequest, context: grpc.ServicerContext
    ) -> pb.RestoreStatutoryYearResponse:
        year = self.restore_statutory_year(
            request.country, request.year, number=request.number, etag=request.etag, request_id=request.request_id
        )
        return pb.RestoreStatutoryYearResponse(statutory_year=self._shown(year, year.in_force))

    def GetStatutoryYear(
        self, request: pb.GetStatutoryYearRequest, context: grpc.ServicerContext
    ) -> pb.GetStatutoryYearResponse:
        year = self.years.get(country_code(request.country), table_year(request.year))
        number = request.number if request.HasField("number") else year.in_force
        return pb.GetStatutoryYearResponse(statutory_year=self._shown(year, number))

    def GetCareCalendar(
        self, request: pb.GetCareCalendarRequest, context: grpc.ServicerContext
    ) -> pb.GetCareCalendarResponse:
        first = date.fromisoformat(f"{checks.month(request.month, 'month')}-01")
        if not FIRST_YEAR <= first.year <= LAST_YEAR:
            raise InvalidField("month", f"month must be of the years {FIRST_YEAR} to {LAST_YEAR}.")
        month = care_month(self.calendars.read(), first, country=country_code(request.country or _HOME))
        return pb.GetCareCalendarResponse(status=STATUSES.number(month.status), days=map(day_to_pb, month.days))

    def _shown(self, year: StatutoryYear, number: int) -> statutory_pb2.StatutoryYear:
        built_in = self.library.table(year.country, year.year)
        return year_to_pb(year, year.table(number, built_in=built_in), number=number)
