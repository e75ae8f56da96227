"""Root fields that read days: statutory, lunar, occasions, blackouts."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import strawberry

from gateway.graphql.care.calendars.loaders import BLACKOUTS, OCCASIONS
from gateway.graphql.care.calendars.types import Blackout, CareCalendar, Occasion, OccasionDate, StatutoryYear
from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, listed, one, query
from gateway.graphql.scalars import Month
from membercare.care.v1 import calendars_service_pb2 as pb
from membercare.care.v1 import occasion_pb2, statutory_pb2

NODES: Mapping[str, Loader] = {"occ": OCCASIONS, "blk": BLACKOUTS}
"""By the prefix of an id."""

_Country = Annotated[str, strawberry.argument(description="ISO 3166-1 alpha-2, upper case.")]
_Number = Annotated[
    int | None,
    strawberry.argument(description="Which version; absent: the one in force; 0: that which comes with the product."),
]


@strawberry.input(description="What a listed occasion must match.")
class OccasionFilter:
    with_retired: bool = strawberry.field(default=False, description="Retired ones too.")


@strawberry.type
class CalendarsQuery:
    occasion = one(Occasion, OCCASIONS, prefix="occ", description="One occasion; null if there is none.")

    blackout = one(Blackout, BLACKOUTS, prefix="blk", description="One blackout; null if there is none.")

    @query(
        Connection[Occasion], rpc="ListOccasions", description="Occasions in the order of their ids, built-in ones too."
    )
    async def occasions(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: OccasionFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListOccasionsRequest, first=first, after=after, filter=filter)

    @query(list[OccasionDate], rpc="ListOccasionDates", description="The days of an occasion over at most 50 years.")
    async def occasion_dates(
        self, info: Info, id: strawberry.ID, first_year: int, last_year: int
    ) -> Sequence[occasion_pb2.OccasionDate]:
        request = pb.ListOccasionDatesRequest(occasion_id=id, first_year=first_year, last_year=last_year)
        reply = await info.context.call(info.context.clients.care.ListOccasionDates, request)
        return reply.dates

    @query(Connection[Blackout], rpc="ListBlackouts", description="Blackouts in the order of their making.")
    async def blackouts(self, info: Info, first: First = DEFAULT_FIRST, after: After = None) -> Page:
        return await listed(info.context, pb.ListBlackoutsRequest, first=first, after=after, filter=None)

    @query(StatutoryYear, rpc="GetStatutoryYear", description="The statutory days of a country and year.")
    async def statutory_year(
        self, info: Info, year: int, country: _Country = "CN", number: _Number = None
    ) -> statutory_pb2.StatutoryYear:
        request = pb.GetStatutoryYearRequest(country=country, year=year, number=number)
        reply = await info.context.call(info.context.clients.care.GetStatutoryYear, request)
        return reply.statutory_year

    @query(
        CareCalendar,
        rpc="GetCareCalendar",
        description="The days of a month with statutory status, lunar date, solar term, occasions and blackouts.",
    )
    async def care_calendar(self, info: Info, month: Month, country: _Country = "CN") -> pb.GetCareCalendarResponse:
        request = pb.GetCareCalendarRequest(month=month, country=country)
        return await info.context.call(info.context.clients.care.GetCareCalendar, request)
