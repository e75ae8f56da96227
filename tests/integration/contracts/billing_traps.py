"""Schedules that other systems got wrong, each with every day and amount.

A row says the term, the rhythm and what is billed: the due date, the days and the amount of each billing line.
"""

from dataclasses import dataclass
from typing import Any

from membercare.contracts.v1 import contract_pb2, period_pb2
from tests.integration.contracts.billing_builders import a_line

DAY, WEEK, MONTH = period_pb2.PERIOD_UNIT_DAY, period_pb2.PERIOD_UNIT_WEEK, period_pb2.PERIOD_UNIT_MONTH
QUARTER, YEAR = period_pb2.PERIOD_UNIT_QUARTER, period_pb2.PERIOD_UNIT_YEAR
CALENDAR, END_OF_MONTH = contract_pb2.ANCHOR_MODE_CALENDAR, contract_pb2.ANCHOR_MODE_END_OF_MONTH
ARREARS = contract_pb2.BILLING_TIMING_IN_ARREARS
ACT_365, THIRTY_360 = contract_pb2.DAY_COUNT_ACT_365, contract_pb2.DAY_COUNT_THIRTY_360
WHOLE_MONTHS = contract_pb2.DAY_COUNT_WHOLE_MONTHS


@dataclass(frozen=True, kw_only=True)
class Trap:
    """What is agreed, and what must be billed for it."""

    says: str
    term: tuple[str, str]
    billed: str
    period: tuple["period_pb2.PeriodUnit.ValueType", int] = (MONTH, 1)
    yuan: int = 100
    lines: tuple[contract_pb2.ContractLine, ...] = ()
    by: tuple[tuple[str, Any], ...] = ()
    """Other billing terms."""

    @property
    def billing(self) -> contract_pb2.BillingTerms:
        unit, count = self.period
        return contract_pb2.BillingTerms(period=period_pb2.Period(unit=unit, count=count), **dict(self.by))


TRAPS = (
    Trap(
        says="a month's end does not drift to the 28th for ever",
        term=("2025-01-31", "2025-05-30"),
        billed="""
        2025-01-31 2025-01-31..2025-02-27 100.00
        2025-02-28 2025-02-28..2025-03-30 100.00
        2025-03-31 2025-03-31..2025-04-29 100.00
        2025-04-30 2025-04-30..2025-05-30 100.00
        """,
    ),
    Trap(
        says="in a leap year the month's end of February is the 29th",
        term=("2024-01-31", "2024-04-29"),
        billed="""
        2024-01-31 2024-01-31..2024-02-28 100.00
        2024-02-29 2024-02-29..2024-03-30 100.00
        2024-03-31 2024-03-31..2024-04-29 100.00
        """,
    ),
    Trap(
        says="who is billed on the 31st is billed in all twelve months of a year",
        term=("2025-05-31", "2026-05-30"),
        billed="""
        2025-05-31 2025-05-31..2025-06-29 100.00
        2025-06-30 2025-06-30..2025-07-30 100.00
        2025-07-31 2025-07-31..2025-08-30 100.00
        2025-08-31 2025-08-31..2025-09-29 100.00
        2025-09-30 2025-09-30..2025-10-30 100.00
        2025-10-31 2025-10-31..2025-11-29 100.00
        2025-11-30 2025-11-30..2025-12-30 100.00
        2025-12-31 2025-12-31..2026-01-30 100.00
        2026-01-31 2026-01-31..2026-02-27 100.00
        2026-02-28 2026-02-28..2026-03-30 100.00
        2026-03-31 2026-03-31..2026-04-29 100.00
        2026-04-30 2026-04-30..2026-05-30 100.00
        """,
    ),
    Trap(
        says="a 29 February comes back in leap years, and no year is a duplicate of another",
        term=("2020-02-29", "2025-02-27"),
        period=(YEAR, 1),
        billed="""
        2020-02-29 2020-02-29..2021-02-27 100.00
        2021-02-28 2021-02-28..2022-02-27 100.00
        2022-02-28 2022-02-28..2023-02-27 100.00
        2023-02-28 2023-02-28..2024-02-28 100.00
        2024-02-29 2024-02-29..2025-02-27 100.00
        """,
    ),
    Trap(
        says="half of a February costs 14 of its 28 days, not 14 of 31",
        term=("2025-02-15", "2025-04-15"),
        by=(("anchor_mode", CALENDAR),),
        billed="""
        2025-02-15 2025-02-15..2025-02-28 50.00
        2025-03-01 2025-03-01..2025-03-31 100.00
        2025-04-01 2025-04-01..2025-04-15 50.00
        """,
    ),
    Trap(
        says="a rhythm of ten days stays one over the end of a month",
        term=("2025-01-25", "2025-03-05"),
        period=(DAY, 10),
        by=(("anchor_mode", END_OF_MONTH),),
        billed="""
        2025-01-25 2025-01-25..2025-02-03 100.00
        2025-02-04 2025-02-04..2025-02-13 100.00
        2025-02-14 2025-02-14..2025-02-23 100.00
        2025-02-24 2025-02-24..2025-03-05 100.00
        """,
    ),
    Trap(
        says="each of three lines is billed for days of its own",
        term=("2025-01-01", "2025-03-31"),
        lines=(
            a_line(310, description="Lift"),
            a_line(310, description="Pump", start_date="2025-02-15"),
            a_line(310, description="Boiler", end_date="2025-03-10", quantity=2),
        ),
        billed="""
        2025-01-01 2025-01-01..2025-01-31 310.00 Lift
        2025-01-01 2025-01-01..2025-01-31 620.00 Boiler
        2025-02-01 2025-02-01..2025-02-28 310.00 Lift
        2025-02-01 2025-02-01..2025-02-28 620.00 Boiler
        2025-02-15 2025-02-15..2025-02-28 155.00 Pump
        2025-03-01 2025-03-01..2025-03-10 200.00 Boiler
        2025-03-01 2025-03-01..2025-03-31 310.00 Lift
        2025-03-01 2025-03-01..2025-03-31 310.00 Pump
        """,
    ),
    Trap(
        says="an anchor day of its own cuts the first and the last period, from whole ones",
        term=("2025-01-01", "2025-03-31"),
        yuan=310,
        by=(("anchor_date", "2025-01-15"),),
        billed="""
        2025-01-01 2025-01-01..2025-01-14 140.00
        2025-01-15 2025-01-15..2025-02-14 310.00
        2025-02-15 2025-02-15..2025-03-14 310.00
        2025-03-15 2025-03-15..2025-03-31 170.00
        """,
    ),
    Trap(
        says="quarters of the calendar begin with a stub",
        term=("2025-02-10", "2025-09-30"),
        period=(QUARTER, 1),
        yuan=900,
        by=(("anchor_mode", CALENDAR),),
        billed="""
        2025-02-10 2025-02-10..2025-03-31 500.00
        2025-04-01 2025-04-01..2025-06-30 900.00
        2025-07-01 2025-07-01..2025-09-30 900.00
        """,
    ),
    Trap(
        says="weeks of the calendar begin on Monday",
        term=("2025-01-01", "2025-01-14"),
        period=(WEEK, 1),
        yuan=70,
        by=(("anchor_mode", CALENDAR),),
        billed="""
        2025-01-01 2025-01-01..2025-01-05 50.00
        2025-01-06 2025-01-06..2025-01-12 70.00
        2025-01-13 2025-01-13..2025-01-14 20.00
        """,
    ),
    Trap(
        says="periods that end with a month end with the last day of each, whatever its number",
        term=("2025-01-31", "2025-04-30"),
        yuan=310,
        by=(("anchor_mode", END_OF_MONTH),),
        billed="""
        2025-01-31 2025-01-31..2025-01-31 10.00
        2025-02-01 2025-02-01..2025-02-28 310.00
        2025-03-01 2025-03-01..2025-03-31 310.00
        2025-04-01 2025-04-01..2025-04-30 310.00
        """,
    ),
    Trap(
        says="in arrears a period is due on the day after its last",
        term=("2025-01-31", "2025-03-14"),
        by=(("timing", ARREARS),),
        billed="""
        2025-02-28 2025-01-31..2025-02-27 100.00
        2025-03-15 2025-02-28..2025-03-14 48.39
        """,
    ),
    *(
        Trap(
            says=f"75 days of a leap year by {name}",
            term=("2024-01-01", "2024-03-15"),
            period=(YEAR, 1),
            yuan=3660,
            by=(("day_count", day_count),),
            billed=f"2024-01-01 2024-01-01..2024-03-15 {amount}",
        )
        for name, day_count, amount in (
            ("ACT/ACT: 75 of 366", contract_pb2.DAY_COUNT_ACT_ACT, "750.00"),
            ("ACT/365: 74 of 365, for 29 February weighs nothing", ACT_365, "742.03"),
            ("30/360: 75 of 360", THIRTY_360, "762.50"),
            ("whole months: 3 of 12", WHOLE_MONTHS, "915.00"),
        )
    ),
    *(
        Trap(
            says=f"a half of January and the other half cost January, by {name}",
            term=("2025-01-01", "2025-01-31"),
            by=(("day_count", day_count),),
            lines=(
                a_line(100, description="old", end_date="2025-01-15"),
                a_line(100, description="new", start_date="2025-01-16"),
            ),
            billed=f"""
            2025-01-01 2025-01-01..2025-01-15 {old} old
            2025-01-16 2025-01-16..2025-01-31 {new} new
            """,
        )
        for name, day_count, old, new in (
            ("ACT/ACT", contract_pb2.DAY_COUNT_ACT_ACT, "48.39", "51.61"),
            ("ACT/365", ACT_365, "48.39", "51.61"),
            ("30/360", THIRTY_360, "50.00", "50.00"),
        )
    ),
    Trap(
        says="a price that does not divide by its days loses no fen",
        term=("2025-01-01", "2025-01-31"),
        lines=tuple(
            a_line(100, description=f"day {first}", start_date=f"2025-01-{first:02}", end_date=f"2025-01-{last:02}")
            for first, last in ((1, 10), (11, 20), (21, 31))
        ),
        billed="""
        2025-01-01 2025-01-01..2025-01-10 32.26 day 1
        2025-01-11 2025-01-11..2025-01-20 32.26 day 11
        2025-01-21 2025-01-21..2025-01-31 35.48 day 21
        """,
    ),
)
