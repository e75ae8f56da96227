"""A schedule is recomputed from the beginning and written as a difference; what is billed is never touched."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import DomainError
from services.contracts.domain.billing.billing_line import BillingLine, BillingLineKind, BillingLineState
from services.contracts.domain.billing.billing_words import in_chinese, in_english
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import Suspension
from services.contracts.domain.terms.terms import CreditPolicy, PeriodUnit
from tests.unit.contracts.billing_builders import (
    a_line,
    active,
    applied,
    cny,
    day,
    ended,
    monthly,
    planned,
    terms,
)

JUNE = datetime(2026, 6, 15, 4, tzinfo=UTC)


def _year() -> Contract:
    return active(terms("2026-01-01", "2026-12-31", a_line(yuan=1200), billing=monthly(unit=PeriodUnit.YEAR)))


def _billed(line: BillingLine, invoice: str = "INV-1", *, now: datetime = JUNE) -> BillingLine:
    return line.on_invoice(invoice, by="ops.chen", now=now)


def _sum(lines: list[BillingLine]) -> int:
    return sum(line.amount.minor_units for line in lines)


def test_the_same_again_writes_nothing() -> None:
    contract = active(terms("2026-01-01", "2026-12-31", a_line(1), a_line(2)))
    schedule = applied([], planned(contract))
    assert len(schedule) == 24
    assert len(planned(contract, schedule, now=JUNE)) == 0


def test_the_same_charge_has_the_same_id_whoever_computes_it() -> None:
    first, second = planned(_year()).add, planned(_year(), now=JUNE).add
    assert [line.id for line in first] == [line.id for line in second]
    assert first[0].id.startswith("bil_")


def test_what_is_not_billed_changes_in_place_and_what_is_no_longer_owed_goes() -> None:
    contract = active(terms("2026-01-01", "2026-12-31", a_line()))
    schedule = applied([], planned(contract))
    cheaper = replace(contract.versions[0], number=2, effective_date=day("2026-07-01"), lines=(a_line(yuan=90),))
    found = planned(replace(contract, versions=(*contract.versions, cheaper)), schedule)
    assert (len(found.add), len(found.change), len(found.remove)) == (0, 6, 0)
    ending = planned(ended(contract, "2026-06-30", policy=CreditPolicy.PRORATED), schedule)
    assert (len(ending.add), len(ending.change), len(ending.remove)) == (0, 0, 6)


def test_a_billed_period_that_becomes_dearer_gets_an_adjustment_of_its_own() -> None:
    year = monthly(unit=PeriodUnit.YEAR)
    contract = active(terms("2026-01-01", "2026-12-31", a_line(yuan=365), billing=year))
    (line,) = applied([], planned(contract))
    billed = _billed(line)
    dearer = replace(contract.versions[0], number=2, effective_date=day("2026-01-11"), lines=(a_line(yuan=730),))
    amended = replace(contract, versions=(*contract.versions, dearer))
    schedule = applied([billed], planned(amended, [billed], now=JUNE))
    assert schedule[0] == billed
    assert (schedule[1].kind, schedule[1].amount) == (BillingLineKind.ADJUSTMENT, cny(10 + 2 * 355 - 365))
    assert schedule[1].due_date == day("2026-06-15")
    assert schedule[1].formula == (
        "(CNY 365.00 × 10/365 = CNY 10.00 (ACT/ACT) + CNY 730.00 × 365/365 − CNY 730.00 × 10/365 "
        "= CNY 730.00 − CNY 20.00 = CNY 710.00 (ACT/ACT)) − CNY 365.00 = CNY 355.00"
    )
    assert len(planned(amended, schedule, now=datetime(2026, 6, 30, tzinfo=UTC))) == 0


def test_a_billed_period_that_is_cut_off_gets_a_credit_and_is_credited_once_all_of_it_went_back() -> None:
    contract = _year()
    (line,) = applied([], planned(contract))
    billed = _billed(line)
    stopped = ended(contract, "2026-05-31", policy=CreditPolicy.FULL)
    schedule = applied([billed], planned(stopped, [billed], now=JUNE))
    credit = schedule[1]
    assert (credit.kind, credit.amount) == (BillingLineKind.CREDIT, cny(-1200))
    assert schedule[0].state_at(JUNE) is BillingLineState.BILLED
    schedule = applied(
        [schedule[0], _billed(credit, "CRN-1")], planned(stopped, [schedule[0], _billed(credit)], now=JUNE)
    )
    assert [line.state_at(JUNE) for line in schedule] == [BillingLineState.CREDITED, BillingLineState.CREDITED]
    assert [line.amount for line in schedule] == [cny(1200), cny(-1200)]
    assert len(planned(stopped, schedule, now=JUNE)) == 0


def test_an_open_correction_follows_what_is_owed_and_goes_when_it_is_no_longer_needed() -> None:
    contract = _year()
    (line,) = applied([], planned(contract))
    billed = _billed(line)
    paused = replace(contract, suspensions=(Suspension(start_date=day("2026-07-01"), end_date=day("2026-07-31")),))
    schedule = applied([billed], planned(paused, [billed], now=JUNE))
    longer = replace(contract, suspensions=(Suspension(start_date=day("2026-07-01"), end_date=day("2026-09-30")),))
    changed = planned(longer, schedule, now=JUNE)
    assert (len(changed.add), len(changed.change), len(changed.remove)) == (0, 1, 0)
    assert len(planned(contract, schedule, now=JUNE).remove) == 1


def test_accounting_hears_that_a_line_is_gone_which_it_was_handed() -> None:
    contract = active(terms("2026-01-01", "2026-01-31", a_line()))
    (line,) = applied([], planned(contract))
    handed = replace(line, delivery_id="dlv_" + "0" * 26)
    stopped = ended(replace(contract, activated_time=None), "2025-12-31", policy=CreditPolicy.NONE)
    found = planned(stopped, [handed], now=JUNE)
    ((_, gone),) = found.change
    assert (gone.amount, gone.delivery_id, gone.state_at(JUNE)) == (cny(0), "", BillingLineState.CREDITED)
    assert len(planned(stopped, applied([handed], found), now=JUNE)) == 0
    back = applied([gone], planned(contract, [gone], now=JUNE))
    assert (back[0].amount, back[0].state_at(JUNE)) == (cny(100), BillingLineState.DUE)


def test_what_is_handed_over_goes_out_anew_when_it_changes() -> None:
    contract = active(terms("2026-01-01", "2026-01-31", a_line()))
    (line,) = applied([], planned(contract))
    handed = replace(line, delivery_id="dlv_" + "0" * 26)
    dearer = active(replace(contract.versions[0], lines=(a_line(yuan=120),)))
    ((_, new),) = planned(dearer, [handed], now=JUNE).change
    assert (new.amount, new.delivery_id) == (cny(120), "")


def test_a_run_writes_so_many_lines_and_the_next_one_goes_on() -> None:
    contract = active(terms("2026-01-01", "2028-12-31", a_line()))
    schedule: list[BillingLine] = []
    for expected in (20, 16, 0):
        part = planned(contract, schedule).earliest(20)
        assert len(part) == expected
        schedule = applied(schedule, part)
    assert [line.due_date for line in schedule] == sorted(line.due_date for line in schedule)
    assert len(schedule) == 36


def test_a_line_is_due_when_its_day_begins_for_the_customer() -> None:
    (line,) = applied([], planned(active(terms("2026-01-01", "2026-01-31", a_line()))))
    before, at = datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC), datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert (line.state_at(before), line.state_at(at)) == (BillingLineState.PLANNED, BillingLineState.DUE)


def test_a_line_explains_itself_in_both_languages() -> None:
    (line,) = applied([], planned(active(terms("2026-01-01", "2026-01-31", a_line()))))
    assert in_english(line, now=JUNE) == (
        "CNY 100.00 is the price of “Line 1” from 2026-01-01 to 2026-01-31 (31 days), in the billing period from "
        "2026-01-01 to 2026-01-31. Computed from version 1 of the terms: CNY 100.00 × 31/31 = CNY 100.00 (ACT/ACT). "
        "Due on 2026-01-01. It is due and waits for its invoice."
    )
    assert in_chinese(line, now=JUNE) == (
        "“Line 1”自2026-01-01至2026-01-31（31天）的费用为CNY 100.00，所属账期为2026-01-01至2026-01-31。"
        "按合同条款第1版计算：CNY 100.00 × 31/31 = CNY 100.00 (ACT/ACT)。应付日期：2026-01-01。状态：已到期，等待开票。"
    )


@given(
    st.lists(
        st.tuples(st.sampled_from(["price", "pause", "end", "undo", "bill"]), st.integers(0, 364), st.integers(1, 400)),
        max_size=8,
    )
)
def test_whatever_happens_the_lines_of_a_schedule_add_up_to_what_is_owed(events: list[tuple[str, int, int]]) -> None:
    contract = active(terms("2026-01-01", "2026-12-31", a_line(1), a_line(2, 7)))
    schedule = applied([], planned(contract))
    now = datetime(2026, 8, 1, tzinfo=UTC)
    for what, offset, yuan in events:
        contract, schedule = _happens(contract, schedule, what=what, offset=offset, yuan=yuan, now=now)
        schedule = applied(schedule, planned(contract, schedule, now=now))
        assert len(planned(contract, schedule, now=now)) == 0
        assert _sum(schedule) == _sum(planned(contract).add)


def _happens(
    contract: Contract, schedule: list[BillingLine], *, what: str, offset: int, yuan: int, now: datetime
) -> tuple[Contract, list[BillingLine]]:
    on = day("2026-01-01").fromordinal(day("2026-01-01").toordinal() + offset)
    if what == "bill":
        return contract, [_try(line, now) if n % 3 == offset % 3 else line for n, line in enumerate(schedule)]
    if what == "price":
        number = len(contract.versions) + 1
        lines = (a_line(1, yuan), a_line(2, 7))
        version = replace(contract.versions[0], number=number, effective_date=on, lines=lines)
        return replace(contract, versions=(*contract.versions, version)), schedule
    if what == "pause":
        return replace(contract, suspensions=(Suspension(start_date=on, end_date=day("2026-12-31")),)), schedule
    if what == "end":
        return ended(contract, on.isoformat(), policy=CreditPolicy.PRORATED), schedule
    return replace(contract, suspensions=(), termination=None, terminated_time=None), schedule


def _try(line: BillingLine, now: datetime) -> BillingLine:
    try:
        return _billed(line, now=now)
    except DomainError:
        return line
