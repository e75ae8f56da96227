"""Schedules that other systems got wrong, from the draft to the billing lines, through the API: every day and amount.

A row says the term, the rhythm and what is billed: the due date, the days and the amount of each billing line.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from membercare.contracts.v1 import billing_line_pb2, contract_pb2, period_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts_pb
from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceStub
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from tests.integration.calling import Calling
from tests.integration.contracts.billing_builders import a_line, billed_monthly, cny, lines_of, plan

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


@pytest.fixture
def ops(calling: Calling) -> BillingServiceStub:
    return calling.as_subject(BillingServiceStub, "chen.ops", "ops")


def told(line: billing_line_pb2.BillingLine, *, named: bool) -> str:
    amount = Decimal(line.amount.minor_units).scaleb(-2)
    name = f" {line.description}" if named else ""
    return f"{line.due_date} {line.start_date}..{line.end_date} {amount:.2f}{name}"


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.says)
def test_what_is_agreed_is_billed_to_the_day_and_the_fen(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub, trap: Trap
) -> None:
    start, end = trap.term
    lines = trap.lines or (a_line(trap.yuan),)
    contract = billed_monthly(sales, legal, *lines, start_date=start, end_date=end, billing=trap.billing)
    planned = plan(ops, contract.id)
    found = lines_of(ops, contract.id)
    assert sorted(told(line, named=bool(trap.lines)) for line in found) == sorted(
        line.strip() for line in trap.billed.strip().splitlines()
    )
    assert sum(line.amount.minor_units for line in found) == contract.price.minor_units
    assert (planned.changes, plan(ops, contract.id).changes) == (len(found), 0)


def test_the_price_of_a_whole_term_is_billed_by_parts_that_add_up_to_it(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub
) -> None:
    contract = billed_monthly(sales, legal, lines=(), price=cny(1000), start_date="2025-01-31", end_date="2025-04-30")
    plan(ops, contract.id)
    found = lines_of(ops, contract.id)
    assert [told(line, named=False) for line in found] == [
        "2025-01-31 2025-01-31..2025-02-27 311.11",
        "2025-02-28 2025-02-28..2025-03-30 344.45",
        "2025-03-31 2025-03-31..2025-04-29 333.33",
        "2025-04-30 2025-04-30..2025-04-30 11.11",
    ]
    assert sum(line.amount.minor_units for line in found) == 100_000


def test_days_of_service_that_a_suspension_puts_off_are_paid_once_and_not_less(
    sales: ContractsServiceStub, legal: ContractsServiceStub, ops: BillingServiceStub
) -> None:
    """365 days for 1,200.00, 30 of them suspended and made up for at the end, still cost 1,200.00."""
    contract = billed_monthly(
        sales,
        legal,
        lines=(),
        price=cny(1200),
        start_date="2025-01-01",
        end_date="2025-12-31",
        suspension_extends=True,
    )
    sales.SuspendContract(
        contracts_pb.SuspendContractRequest(contract_id=contract.id, start_date="2025-06-01", reason="moving house")
    )
    resumed = sales.ResumeContract(
        contracts_pb.ResumeContractRequest(contract_id=contract.id, effective_date="2025-07-01")
    ).contract
    assert resumed.end_date == "2026-01-30"
    plan(ops, contract.id)
    assert sum(line.amount.minor_units for line in lines_of(ops, contract.id)) == 120_000
