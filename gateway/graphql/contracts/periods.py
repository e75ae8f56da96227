"""Periods: so many days, weeks, months, quarters or years."""

from enum import IntEnum

import strawberry

from gateway.graphql.sources import message
from membercare.contracts.v1 import period_pb2


@strawberry.enum(description="The unit that a period counts in.")
class PeriodUnit(IntEnum):
    DAY = 1
    WEEK = 2
    MONTH = 3
    QUARTER = 4
    YEAR = 5


@message(period_pb2.Period, description="So many units of the calendar.")
class Period:
    unit: PeriodUnit
    count: int


@strawberry.input(description="So many units of the calendar.")
class PeriodInput:
    unit: PeriodUnit
    count: int
