from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kpi.domain.reporting import (
    FROM_THE_BEGINNING,
    Assignment,
    LineFault,
    fault_above,
    line_above,
    manager_on,
    reassigned,
)

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


def always(manager_id: str) -> tuple[Assignment, ...]:
    return (Assignment(FROM_THE_BEGINNING, manager_id),)


def test_who_was_her_manager_on_3_march() -> None:
    line = (Assignment(date(2026, 1, 1), "anna"), Assignment(date(2026, 3, 4), "bert"), Assignment(MAY, ""))
    assert manager_on(line, date(2025, 12, 31)) == ""
    assert manager_on(line, date(2026, 1, 1)) == "anna"
    assert manager_on(line, date(2026, 3, 3)) == "anna"
    assert manager_on(line, date(2026, 3, 4)) == "bert"
    assert manager_on(line, MAY) == ""


def test_an_assignment_replaces_the_one_of_the_same_day_and_keeps_the_order() -> None:
    line = reassigned(always("anna"), Assignment(MAY, "carl"))
    line = reassigned(line, Assignment(MARCH, "bert"))
    assert [each.manager_id for each in line] == ["anna", "bert", "carl"]
    assert reassigned(line, Assignment(MARCH, "bert")) == line
    assert reassigned(line, Assignment(FROM_THE_BEGINNING, "")) == line[1:]


def test_a_line_is_climbed_to_its_top_and_never_round_in_a_circle() -> None:
    assert line_above("a", {"a": "b", "b": "c", "c": ""}) == ["b", "c"]
    assert line_above("a", {"a": "b", "b": "c", "c": "b"}) == ["b", "c"]
    assert line_above("a", {"a": "a"}) == []


@pytest.mark.parametrize(
    "lines",
    [
        {"a": always("a")},
        {"a": always("b"), "b": always("a")},
        {"a": always("b"), "b": always("c"), "c": (Assignment(APRIL, "a"),)},
        {"a": (Assignment(MARCH, "b"), Assignment(MAY, "")), "b": (Assignment(APRIL, "a"),)},
    ],
)
def test_a_line_that_leads_back_on_any_day_is_a_cycle(lines: dict[str, tuple[Assignment, ...]]) -> None:
    assert fault_above("a", lines) is LineFault.CYCLE


@pytest.mark.parametrize(
    "lines",
    [
        {"a": always("b"), "b": always("c")},
        {"a": (Assignment(MARCH, "b"), Assignment(APRIL, "")), "b": (Assignment(APRIL, "a"),)},
        {"a": always("b"), "b": always("c"), "c": always("b")},  # a cycle, but not a's
    ],
)
def test_a_line_that_never_leads_back_to_its_start_is_no_cycle(lines: dict[str, tuple[Assignment, ...]]) -> None:
    assert fault_above("a", lines) is not LineFault.CYCLE


def test_a_line_of_more_than_100_levels_is_refused_instead_of_climbed_for_ever() -> None:
    chain = {str(n): always(str(n + 1)) for n in range(200)}
    assert fault_above("0", chain) is LineFault.TOO_DEEP
    assert fault_above("100", chain) is None


@given(
    st.dictionaries(
        st.sampled_from("abcd"),
        st.lists(
            st.builds(Assignment, st.sampled_from([FROM_THE_BEGINNING, MARCH, APRIL, MAY]), st.sampled_from("abcd")),
            max_size=3,
            unique_by=lambda each: each.since,
        ),
    )
)
def test_a_cycle_is_found_exactly_if_there_is_one_on_some_day(lines: dict[str, list[Assignment]]) -> None:
    def bites_its_tail(day: date) -> bool:
        managers = {each: manager_on(line, day) for each, line in lines.items()}
        above = managers.get("a", "")
        for _ in range(5):
            if above == "a":
                return True
            above = managers.get(above, "")
        return False

    expected = any(bites_its_tail(day) for day in (date(2000, 1, 1), MARCH, APRIL, MAY))
    assert (fault_above("a", lines) is LineFault.CYCLE) == expected
