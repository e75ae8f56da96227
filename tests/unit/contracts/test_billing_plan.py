"""What a contract is billed, period by period; the traps that known systems fell into are tests here."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.domain.billing.billing_errors import ScheduleTooLong
from services.contracts.domain.billing.billing_line import BillingKey
from services.contracts.domain.billing.billing_plan import charges
from services.contracts.domain.life_cycle.contract_end import credit_of
from services.contracts.domain.life_cycle.contract_states import Suspension
from services.contracts.domain.terms.periods import add_months, month_end
from services.contracts.domain.terms.terms import AnchorMode, BillingTiming, CreditPolicy, DayCount, PeriodUnit
from tests.unit.contracts.billing_builders import a_line, active, amounts, cny, day, ended, monthly, owed, terms

DAY = timedelta(days=1)


def test_month_end_drift_does_not_happen_in_a_schedule() -> None:
    found = owed(active(terms("2026-01-31", "2026-07-30", a_line())))
    assert [charge.due_date.isoformat() for charge in found] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
        "2026-06-30",
    ]
    assert {charge.amount for charge in found} == {cny(100)}


def test_a_billing_day_31_is_billed_again_after_february_and_in_every_later_term() -> None:
    first = terms("2024-01-31", "2025-01-30", a_line())
    second = terms("2025-01-31", "2026-01-30", a_line(), number=2)
    found = owed(active(first, second))
    assert len(found) == 24
    months = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28]
    assert [charge.due_date.day for charge in found] == [*months, *months[2:12]]
    assert all(charge.due_date == month_end(charge.due_date) for charge in found)


def test_a_leap_year_is_not_dropped_as_a_duplicate_and_29_february_returns_after_renewals() -> None:
    versions = [
        terms(f"{start}", f"{end}", a_line(), number=n, billing=monthly(unit=PeriodUnit.YEAR))
        for n, (start, end) in enumerate(
            [
                ("2024-02-29", "2025-02-27"),
                ("2025-02-28", "2026-02-27"),
                ("2026-02-28", "2027-02-27"),
                ("2027-02-28", "2028-02-28"),
                ("2028-02-29", "2029-02-27"),
            ],
            start=1,
        )
    ]
    found = owed(active(*versions))
    assert [charge.start_date.isoformat() for charge in found] == [
        "2024-02-29",
        "2025-02-28",
        "2026-02-28",
        "2027-02-28",
        "2028-02-29",
    ]
    assert {charge.amount for charge in found} == {cny(100)}


def test_twelve_months_are_billed_as_twelve() -> None:
    contract = active(terms("2026-01-01", "2026-12-31", a_line(yuan=20)))
    assert amounts(contract) == 12 * [2000]


def test_the_last_billed_day_of_every_line_is_right_not_only_of_the_first() -> None:
    lines = (a_line(1, 100), a_line(2, 50, start_date=day("2026-03-15")), a_line(3, 30, end_date=day("2026-10-10")))
    found = owed(active(terms("2026-01-01", "2026-12-31", *lines)))
    for line in lines:
        mine = [charge for charge in found if charge.key.line_id == line.id]
        assert mine[0].start_date == (line.start_date or day("2026-01-01"))
        assert mine[-1].end_date == (line.end_date or day("2026-12-31"))
        assert all(later.start_date - earlier.end_date == DAY for earlier, later in pairwise(mine))
    counted = Counter(charge.key.line_id for charge in found)
    assert [counted[line.id] for line in lines] == [12, 10, 10]


def test_february_is_prorated_by_its_own_days() -> None:
    contract = active(terms("2026-01-01", "2026-02-14", a_line(yuan=280)))
    assert [charge.formula for charge in owed(contract)] == [
        "CNY 280.00 × 31/31 = CNY 280.00 (ACT/ACT)",
        "CNY 280.00 × 14/28 = CNY 140.00 (ACT/ACT)",
    ]


def test_a_ten_day_rhythm_is_billed_every_ten_days_also_with_periods_that_end_with_months() -> None:
    billing = monthly(10, PeriodUnit.DAY, mode=AnchorMode.END_OF_MONTH)
    found = owed(active(terms("2026-01-01", "2026-04-10", a_line(), billing=billing)))
    assert len(found) == 10
    assert {(charge.end_date - charge.start_date).days for charge in found} == {9}
    assert sum(charge.end_date == month_end(charge.end_date) for charge in found) == 1


def test_in_arrears_a_period_is_due_on_the_day_after_it() -> None:
    billing = monthly(unit=PeriodUnit.QUARTER, mode=AnchorMode.CALENDAR, timing=BillingTiming.IN_ARREARS)
    found = owed(active(terms("2026-02-10", "2026-12-31", a_line(yuan=90), billing=billing)))
    assert [charge.due_date.isoformat() for charge in found] == [
        "2026-04-01",
        "2026-07-01",
        "2026-10-01",
        "2027-01-01",
    ]
    assert found[0].formula == ("CNY 90.00 × 90/90 − CNY 90.00 × 40/90 = CNY 90.00 − CNY 40.00 = CNY 50.00 (ACT/ACT)")


def test_a_contract_without_lines_is_billed_its_price_exactly() -> None:
    contract = active(terms("2026-01-01", "2026-12-31", price=cny(1000)))
    assert sum(amounts(contract)) == 100_000
    assert [charge.key.line_id for charge in owed(contract)] == 12 * [""]


def test_quantity_counts() -> None:
    assert amounts(active(terms("2026-01-01", "2026-01-31", a_line(yuan=7, quantity=3)))) == [2100]


def test_an_amendment_in_the_middle_of_a_period_prices_its_days_by_both_versions() -> None:
    first = terms("2026-01-01", "2026-12-31", a_line(yuan=310))
    second = replace(first, number=2, effective_date=day("2026-01-11"), lines=(a_line(yuan=620),))
    found = owed(active(first, second))
    assert found[0].amount == cny(100 + 420)
    assert found[0].formula.startswith("CNY 310.00 × 10/31 = CNY 100.00 (ACT/ACT) + CNY 620.00 × 31/31 − ")
    assert found[0].terms_number == 2
    assert {charge.amount for charge in found[1:]} == {cny(620)}


def test_an_amendment_that_changes_no_price_changes_no_amount() -> None:
    first = terms("2026-01-01", "2026-12-31", a_line(yuan=100))
    second = replace(first, number=2, effective_date=day("2026-05-09"), title="Care, amended")
    assert amounts(active(first, second)) == 12 * [10_000]


def test_suspended_days_cost_nothing() -> None:
    contract = active(terms("2026-01-01", "2026-03-31", a_line(yuan=280)))
    pause = Suspension(start_date=day("2026-02-08"), end_date=day("2026-02-14"))
    paused = replace(contract, suspensions=(pause,))
    assert amounts(paused) == [28_000, 21_000, 28_000]
    assert amounts(replace(contract, suspensions=(Suspension(start_date=day("2026-02-01")),))) == [28_000]


@pytest.mark.parametrize(
    ("policy", "timing", "expected"),
    [
        (CreditPolicy.NONE, BillingTiming.IN_ADVANCE, [2800, 2800]),
        (CreditPolicy.PRORATED, BillingTiming.IN_ADVANCE, [2800, 1400]),
        (CreditPolicy.FULL, BillingTiming.IN_ADVANCE, [2800]),
        (CreditPolicy.NONE, BillingTiming.IN_ARREARS, [2800, 1400]),
        (CreditPolicy.FULL, BillingTiming.IN_ARREARS, [2800, 1400]),
    ],
)
def test_a_termination_leaves_what_its_credit_policy_says(
    policy: CreditPolicy, timing: BillingTiming, expected: list[int]
) -> None:
    version = terms("2026-01-01", "2026-12-31", a_line(yuan=28), billing=monthly(timing=timing))
    assert amounts(ended(active(version), "2026-02-14", policy=policy)) == expected


@given(
    st.integers(0, 364),
    st.sampled_from([CreditPolicy.PRORATED, CreditPolicy.FULL]),
    st.sampled_from([1, 3, 12]),
    st.sampled_from(DayCount),
)
def test_what_the_schedule_takes_back_is_the_credit_that_the_termination_named(
    after: int, policy: CreditPolicy, months: int, day_count: DayCount
) -> None:
    version = terms(
        "2026-01-01",
        "2026-12-31",
        a_line(1, 365),
        a_line(2, 17, start_date=day("2026-02-11")),
        billing=monthly(months, day_count=day_count),
    )
    last = day("2026-01-01") + timedelta(days=after)
    contract = active(version)
    begun = [charge for charge in owed(contract) if charge.start_date <= last]
    kept = owed(ended(contract, last.isoformat(), policy=policy))
    taken = sum(charge.amount.minor_units for charge in begun) - sum(charge.amount.minor_units for charge in kept)
    stopped = ended(contract, last.isoformat(), policy=policy)
    assert stopped.termination is not None
    assert credit_of(contract, stopped.termination).amount.minor_units == taken


def test_nothing_is_billed_before_the_signature_nor_of_a_contract_that_ended_before_it_came_into_force() -> None:
    contract = active(terms("2026-01-01", "2026-12-31", a_line()))
    assert amounts(replace(contract, signed_time=None, activated_time=None)) == []
    assert amounts(ended(replace(contract, activated_time=None), "2026-02-14", policy=CreditPolicy.NONE)) == []


def test_a_schedule_reaches_as_far_as_asked_and_the_same_charges_come_again_when_it_reaches_further() -> None:
    contract = active(terms("2026-01-15", "2030-01-14", a_line()))
    near, far = charges(contract, until=day("2026-06-30")), charges(contract, until=day("2027-06-30"))
    assert len(near) == 6
    assert {key: far[key] for key in near} == near


def test_a_mistake_in_the_terms_does_not_make_a_schedule_of_a_million_lines() -> None:
    contract = active(terms("1990-01-01", "2089-12-31", a_line(), billing=monthly(unit=PeriodUnit.DAY)))
    with pytest.raises(ScheduleTooLong):
        charges(contract, until=date(2089, 12, 31))


@given(
    st.dates(date(2020, 1, 1), date(2028, 12, 31)),
    st.integers(1, 40),
    st.sampled_from([(1, PeriodUnit.MONTH), (2, PeriodUnit.WEEK), (1, PeriodUnit.QUARTER), (10, PeriodUnit.DAY)]),
    st.sampled_from(AnchorMode),
    st.sampled_from(DayCount),
)
def test_the_charges_of_a_line_cover_each_day_of_its_term_once(
    start: date, months: int, rhythm: tuple[int, PeriodUnit], mode: AnchorMode, day_count: DayCount
) -> None:
    end = add_months(start, months) - DAY
    billing = monthly(*rhythm, mode=mode, day_count=day_count)
    found = owed(active(terms(start.isoformat(), end.isoformat(), a_line(), billing=billing)), date(2100, 1, 1))
    assert found[0].start_date == start
    assert found[-1].end_date == end
    assert all(later.start_date - earlier.end_date == DAY for earlier, later in pairwise(found))
    whole = [
        charge for charge in found if charge.key == BillingKey(charge.key.line_id, charge.start_date, charge.end_date)
    ]
    assert {charge.amount for charge in whole} <= {cny(100)}
