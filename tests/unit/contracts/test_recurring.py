import itertools
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from services.contracts.domain.figures.booked import BookedContract
from services.contracts.domain.figures.recurring import Movements, Revenue, monthly, recurring
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.domain.terms.periods import Span
from tests.unit.contracts.figures_builders import a_booked, a_day, a_step, a_version

YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))


def revenue(*contracts: BookedContract, span: Span = YEAR, known_at: datetime | None = None) -> Revenue:
    (found,) = recurring(contracts, span, known_at=known_at).values()
    return found


def test_a_price_of_a_year_counts_a_twelfth_exactly() -> None:
    assert monthly(a_version(100_000, "2026-01-01", end="2026-12-31")) == Fraction(100_000, 12)
    assert monthly(a_version(100_000, "2024-02-29", end="2025-02-27")) == Fraction(100_000, 12)
    assert monthly(a_version(90_000, "2026-01-15", end="2026-04-14")) == 30_000
    assert monthly(a_version(2_400, "2026-01-01", end="2027-12-31")) == 100


def test_a_term_that_is_no_whole_months_counts_by_mean_months() -> None:
    assert monthly(a_version(4_800, "2026-01-01", end="2026-01-10")) == Fraction(4_800 * 146_097, 4_800 * 10)


def test_a_first_contract_is_new_and_its_end_is_churn() -> None:
    found = revenue(a_booked(a_version(1_200, "2026-03-01", end="2026-08-31")))
    assert found.days == {
        a_day("2026-03-01"): Movements(new=Fraction(200)),
        a_day("2026-09-01"): Movements(churn=Fraction(-200)),
    }
    assert (found.opening, found.closing) == (Fraction(0), Fraction(0))


def test_the_end_of_one_of_several_contracts_is_a_contraction() -> None:
    found = revenue(
        a_booked(a_version(1_200, "2026-01-01", end="2026-12-31")),
        a_booked(a_version(2_400, "2026-01-01", end="2026-12-31"), contract_id="con_2", ends="2026-06-30"),
    )
    assert found.days[a_day("2026-07-01")] == Movements(contraction=Fraction(-200))
    assert found.closing == 100


def test_a_renewal_on_the_next_day_is_no_movement_and_a_dearer_one_an_expansion() -> None:
    old = a_booked(a_version(1_200, "2025-01-01", end="2025-12-31"))
    same = a_booked(a_version(1_200, "2026-01-01", end="2026-12-31"), contract_id="con_2", predecessor="con_1")
    dearer = a_booked(a_version(1_800, "2026-01-01", end="2026-12-31"), contract_id="con_2", predecessor="con_1")
    assert revenue(old, same).days == {}
    assert revenue(old, dearer).days == {a_day("2026-01-01"): Movements(expansion=Fraction(50))}


def test_a_contract_that_goes_on_for_a_term_has_its_new_price_from_the_first_day_of_it() -> None:
    found = revenue(
        a_booked(
            a_version(1_200, "2025-07-01", end="2026-06-30"),
            a_version(1_320, "2026-07-01", end="2027-06-30", number=2),
        )
    )
    assert found.days == {a_day("2026-07-01"): Movements(expansion=Fraction(10))}


def test_an_amendment_counts_from_its_day_and_who_comes_back_is_reactivated() -> None:
    found = revenue(
        a_booked(
            a_version(1_200, "2025-05-01", end="2026-04-30"),
            a_version(600, "2025-05-01", end="2026-04-30", number=2, effective="2026-02-10"),
        ),
        a_booked(a_version(2_400, "2026-06-15", end="2027-06-14"), contract_id="con_2"),
    )
    assert found.days == {
        a_day("2026-02-10"): Movements(contraction=Fraction(-50)),
        a_day("2026-05-01"): Movements(churn=Fraction(-50)),
        a_day("2026-06-15"): Movements(reactivation=Fraction(200)),
    }


def test_a_suspension_brings_nothing_while_it_lasts() -> None:
    steps = tuple(
        a_step(state, day)
        for state, day in (
            (ContractState.SIGNED, "2025-12-01"),
            (ContractState.ACTIVE, "2026-01-01"),
            (ContractState.SUSPENDED, "2026-03-10"),
            (ContractState.ACTIVE, "2026-04-01"),
        )
    )
    found = revenue(
        a_booked(a_version(1_200, "2026-01-01", end="2026-12-31"), steps=steps),
        span=Span(date(2026, 3, 1), date(2026, 4, 30)),
    )
    assert found.days == {
        a_day("2026-03-10"): Movements(churn=Fraction(-100)),
        a_day("2026-04-01"): Movements(reactivation=Fraction(100)),
    }


def test_what_was_recorded_later_is_not_in_a_figure_as_known_before() -> None:
    later = datetime(2026, 9, 1, tzinfo=UTC)
    contract = a_booked(
        a_version(1_200, "2026-01-01", end="2026-12-31"),
        a_version(2_400, "2026-01-01", end="2026-12-31", number=2, effective="2026-03-01", recorded=later),
        ends="2026-08-15",
        ends_known=later,
    )
    span = Span(date(2026, 2, 1), date(2026, 8, 31))
    before, after = (revenue(contract, span=span, known_at=at) for at in (later - timedelta(seconds=1), later))
    assert before.closing == 100
    assert not before.days
    assert after.closing == 0
    assert sorted(after.days) == [a_day("2026-03-01"), a_day("2026-08-16")]
    assert recurring([contract], span, known_at=datetime(2019, 1, 1, tzinfo=UTC)) == {}


def test_currencies_are_never_added() -> None:
    found = recurring(
        [
            a_booked(a_version(1_200, "2026-01-01", end="2026-12-31")),
            a_booked(a_version(600, "2026-01-01", end="2026-12-31", currency="USD"), contract_id="con_2"),
        ],
        YEAR,
        known_at=None,
    )
    assert {currency: each.closing for currency, each in found.items()} == {"CNY": 100, "USD": 50}


def test_retention_counts_only_who_paid_at_the_opening() -> None:
    found = revenue(
        a_booked(a_version(1_200, "2025-01-01", end="2026-12-31"), ends="2026-06-30"),
        a_booked(a_version(2_400, "2025-01-01", end="2026-12-31"), contract_id="con_2", customer="cus_2"),
        a_booked(a_version(600, "2026-04-01", end="2027-03-31"), contract_id="con_3", customer="cus_2"),
        a_booked(a_version(9_600, "2026-04-01", end="2027-03-31"), contract_id="con_4", customer="cus_3"),
    )
    assert found.opening == 150
    assert found.gross_retention == Fraction(100, 150)
    assert found.net_retention == Fraction(150, 150)
    nobody = revenue(a_booked(a_version(1_200, "2026-02-01", end="2027-01-31")))
    assert (nobody.gross_retention, nobody.net_retention) == (None, None)


CONTRACTS = st.lists(
    st.builds(
        lambda number, customer, price, start, days, cut, dearer, step: a_booked(
            a_version(
                price,
                (s := date(2025, 6, 1) + timedelta(days=start)).isoformat(),
                end=(e := s + timedelta(days=days)).isoformat(),
            ),
            *(
                [
                    a_version(
                        dearer,
                        s.isoformat(),
                        end=e.isoformat(),
                        number=2,
                        effective=min(e, s + timedelta(days=step)).isoformat(),
                    )
                ]
                if dearer
                else []
            ),
            contract_id=f"con_{number}",
            customer=f"cus_{customer}",
            ends=(s + timedelta(days=min(cut, days))).isoformat() if cut else "",
        ),
        st.integers(0, 10**6),
        st.integers(0, 3),
        st.integers(1, 10**7),
        st.integers(0, 500),
        st.integers(0, 500),
        st.integers(0, 400),
        st.integers(0, 10**7),
        st.integers(0, 400),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=100, deadline=None)
@given(CONTRACTS, st.integers(0, 500), st.integers(0, 300))
def test_the_movements_add_up_to_the_change_and_retention_keeps_its_order(
    contracts: list[BookedContract], start: int, length: int
) -> None:
    first = date(2025, 6, 1) + timedelta(days=start)
    span = Span(first, first + timedelta(days=length))
    for found in recurring(contracts, span, known_at=None).values():
        assert found.opening == sum(_paid(each, first - timedelta(days=1)) for each in contracts)
        assert found.closing == sum(_paid(each, span.end) for each in contracts)
        rows = [found.row(Span(first + timedelta(days=k), first + timedelta(days=k))) for k in range(length + 1)]
        for row, following in itertools.pairwise(rows):
            assert row.closing == following.opening
        for row in (*rows, found.row(span)):
            assert row.opening + row.new + row.expansion + row.contraction + row.churn + row.reactivation == row.closing
            assert min(row.new, row.expansion, row.reactivation, 0) == 0 == max(row.contraction, row.churn, 0)
        if found.gross_retention is not None and found.net_retention is not None:
            assert 0 <= found.gross_retention <= 1
            assert found.gross_retention <= found.net_retention


def _paid(contract: BookedContract, day: date) -> Fraction:
    terms = contract.paying_at(day)
    return monthly(terms) if terms else Fraction(0)


STEPS = st.lists(
    st.builds(
        lambda state, day: a_step(state, (date(2025, 1, 1) + timedelta(days=day)).isoformat()),
        st.sampled_from(ContractState),
        st.integers(0, 500),
    ),
    max_size=4,
)
LIVES = st.builds(
    lambda before, after, effective, price: a_booked(
        a_version(price, "2025-03-01", end="2026-02-28", effective=f"2025-0{effective}-01"),
        steps=(*before, a_step(ContractState.ACTIVE, "2025-04-10"), *after),
    ),
    STEPS,
    STEPS,
    st.integers(1, 9),
    st.sampled_from((0, 1_200, 7_777)),
)


@given(LIVES, st.integers(-30, 560))
def test_whatever_a_contract_went_through_a_day_brings_what_it_pays_on_it(contract: BookedContract, day: int) -> None:
    asked = date(2025, 1, 1) + timedelta(days=day)
    found = recurring([contract], Span(asked, asked), known_at=None)
    closing = found["CNY"].closing if found else Fraction(0)
    assert closing == _paid(contract, asked)
