from datetime import UTC, date, datetime

import pytest

from services.chassis import csv_rows
from services.chassis.csv_rows import RowOutcome
from services.kpi.domain.directory import DirectoryPlan, plan_directory
from services.kpi.domain.employee import OPTIONAL, REQUIRED, Employee, check_row

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
LATER = datetime(2026, 4, 4, 12, tzinfo=UTC)
HEADER = "external_ref,name,subject,manager_ref,manager_since"


def plan_of(*rows: str, stored: DirectoryPlan | None = None, header: str = HEADER) -> DirectoryPlan:
    content = "\n".join([header, *rows]).encode()
    checked = csv_rows.check_rows(
        csv_rows.read_rows(content, required=REQUIRED, optional=OPTIONAL), key="external_ref", check=check_row
    )
    assert not checked.errors
    people = {**stored.stored, **stored.wanted}.values() if stored else ()
    return plan_directory(checked.good, list(people), now=LATER if stored else NOW)


def errors(plan: DirectoryPlan) -> list[tuple[int, str, str]]:
    return sorted((error.line, error.column, error.code) for error in plan.errors)


def manager_of(plan: DirectoryPlan, ref: str, *, day: date = date(2026, 6, 1)) -> str:
    refs = {employee.id: each for each, employee in plan.wanted.items()}
    return refs.get(plan.wanted[ref].manager_on(day), "")


def test_a_manager_may_stand_further_down_in_the_file() -> None:
    plan = plan_of("2,Bert,,1,", "1,Anna,,,")
    assert not plan.errors
    assert manager_of(plan, "2") == "1"
    assert plan.outcomes == {"2": RowOutcome.CREATED, "1": RowOutcome.CREATED}


def test_the_same_rows_again_change_nothing() -> None:
    rows = ("1,Anna,a,,", "2,Bert,,1,", "3,Carl,,1,2026-05-01")
    again = plan_of(*rows, stored=plan_of(*rows))
    assert set(again.outcomes.values()) == {RowOutcome.UNCHANGED}
    assert (again.new, again.changes) == ([], [])


def test_a_new_manager_from_a_day_on_leaves_the_days_before_as_they_were() -> None:
    first = plan_of("1,Anna,,,", "2,Bert,,,", "3,Carl,,1,")
    second = plan_of("1,Anna,,,", "2,Bert,,,", "3,Carl,,2,2026-03-03", stored=first)
    assert manager_of(second, "3", day=date(2026, 3, 2)) == "1"
    assert manager_of(second, "3", day=date(2026, 3, 3)) == "2"
    assert second.outcomes["3"] is RowOutcome.UPDATED


def test_an_empty_manager_ends_the_line_and_a_missing_column_leaves_it() -> None:
    first = plan_of("1,Anna,,,", "2,Bert,,1,")
    ended = plan_of("2,Bert,,,2026-05-01", stored=first)
    assert ended.wanted["2"].manager_on(date(2026, 4, 30)) == first.wanted["1"].id
    assert ended.wanted["2"].manager_on(date(2026, 5, 1)) == ""
    untold = plan_of("2,Bertha", stored=first, header="external_ref,name")
    assert untold.wanted["2"].assignments == first.wanted["2"].assignments
    assert untold.wanted["2"].name == "Bertha"


def test_an_unknown_manager_is_the_fault_of_the_row_and_of_the_rows_below_it() -> None:
    plan = plan_of("1,Anna,,404,", "2,Bert,,1,", "3,Carl,,,")
    assert errors(plan) == [(2, "manager_ref", "MANAGER_NOT_FOUND"), (3, "manager_ref", "MANAGER_NOT_FOUND")]
    assert list(plan.wanted) == ["3"]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (("1,Anna,,1,",), [2]),
        (("1,Anna,,2,", "2,Bert,,1,", "3,Carl,,,"), [2, 3]),
        (("1,Anna,,2,2026-05-01", "2,Bert,,3,", "3,Carl,,1,"), [2, 3, 4]),
    ],
)
def test_a_cycle_in_the_line_is_refused_row_by_row(rows: tuple[str, ...], lines: list[int]) -> None:
    assert errors(plan_of(*rows)) == [(line, "manager_ref", "REPORTING_CYCLE") for line in lines]


def test_a_cycle_through_people_who_are_not_in_the_file_is_found() -> None:
    first = plan_of("1,Anna,,,", "2,Bert,,1,", "3,Carl,,2,")
    plan = plan_of("1,Anna,,3,2026-05-01", stored=first)
    assert errors(plan) == [(2, "manager_ref", "REPORTING_CYCLE")]
    assert not plan.wanted


def test_two_people_who_swap_places_on_one_day_make_no_cycle() -> None:
    first = plan_of("1,Anna,,,", "2,Bert,,1,")
    plan = plan_of("1,Anna,,2,2026-05-01", "2,Bert,,,2026-05-01", stored=first)
    assert not plan.errors


def test_a_sign_in_subject_belongs_to_one_person() -> None:
    first = plan_of("1,Anna,anna,,")
    assert errors(plan_of("2,Bert,anna,,", stored=first)) == [(2, "subject", "SUBJECT_TAKEN")]
    assert errors(plan_of("2,Bert,b,,", "3,Carl,b,,")) == [(3, "subject", "SUBJECT_TAKEN")]
    assert not plan_of("1,Anna,,,", "2,Bert,anna,,", stored=first).errors


def test_many_people_may_have_no_subject() -> None:
    assert not plan_of("1,Anna,,,", "2,Bert,,,").errors


def test_an_employee_who_is_stored_keeps_id_and_time_of_creation() -> None:
    first = plan_of("1,Anna,,,")
    (pair,) = plan_of("1,Annette,,,", stored=first).changes
    old, new = pair
    assert (new.id, new.create_time, new.update_time, new.name) == (old.id, NOW, LATER, "Annette")
    assert isinstance(new, Employee)
