from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.members_csv import make
from services.care.domain.calendars.birthday import LUNAR_KEYS, birthday_key
from services.care.domain.calendars.birthday_rules import BirthdayRules, keys_due
from services.care.domain.language import Language
from services.care.domain.members.rows import OPTIONAL, REQUIRED, check_row
from services.chassis import csv_rows

FILE = Path(__file__).parents[3] / "examples/members.csv"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
SLICE = 500


@lru_cache(maxsize=1)
def checked() -> csv_rows.CheckedRows[dict[str, Any]]:
    rows = csv_rows.read_rows(FILE.read_bytes(), required=REQUIRED, optional=OPTIONAL)
    return csv_rows.check_rows(rows, key="external_ref", check=lambda cells: check_row(cells, now=NOW))


def born(day_key: int) -> list[dict[str, Any]]:
    return by_key().get(day_key, [])


@lru_cache(maxsize=1)
def by_key() -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in checked().good:
        if row.told["birthday"] is not None:
            found.setdefault(birthday_key(row.told["birthday"]), []).append(row.told)
    return found


def days() -> Iterator[date]:
    return (date(2026, 1, 1) + timedelta(days=count) for count in range(3 * 365))


def test_the_file_can_be_made_again() -> None:
    assert FILE.read_text(encoding="utf-8") == make()


def test_it_has_five_thousand_rows_and_each_bad_one_is_refused_for_its_own_reason() -> None:
    assert checked().rows == 5_000
    assert Counter((error.code, error.column) for error in checked().errors) == {
        ("INVALID_FIELD", "birthday"): 11,
        ("INVALID_FIELD", "email"): 4,
        ("INVALID_FIELD", "phone"): 2,
        ("INVALID_FIELD", "name"): 2,
        ("INVALID_FIELD", "external_ref"): 1,
        ("INVALID_FIELD", "time_zone"): 2,
        ("INVALID_FIELD", "gender"): 1,
        ("INVALID_FIELD", "language"): 1,
        ("INVALID_FIELD", "birthday_calendar"): 1,
        ("INVALID_FIELD", "email_consent"): 1,
        ("CSV_ROW_BROKEN", ""): 3,
        ("DUPLICATE_REFERENCE", "external_ref"): 2,
    }


def test_a_duplicate_stands_in_the_same_slice_as_the_first_so_that_slices_refuse_what_the_whole_refuses() -> None:
    twice = [error for error in checked().errors if error.code == "DUPLICATE_REFERENCE"]
    assert [(error.line - 2) // SLICE == (error.line - 3) // SLICE for error in twice] == [True, True]


@pytest.mark.parametrize("month", range(1, 13))
def test_every_day_of_both_calendars_is_somebodys_birthday(month: int) -> None:
    last = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)
    assert min(len(born(month * 100 + day)) for day in range(1, last + 1)) >= 9
    assert min(len(born(LUNAR_KEYS + month * 100 + day)) for day in range(1, 31)) >= 4


def test_whatever_day_it_is_both_languages_are_greeted_at_home_and_something_goes_wrong() -> None:
    rules = BirthdayRules()
    for day in days():
        due = [told for key in keys_due(day, rules) for told in born(key.key)]
        fine = [told for told in due if told["email"] and told["email_consent"] and not told["do_not_contact"]]
        assert {told["language"] for told in fine if told["time_zone"] == "Asia/Shanghai"} == set(Language), day
        assert any(told["email"].startswith("permanent-") for told in fine), day
        assert any(told["email"].startswith("temporary-2-") for told in fine), day
        assert any(told["do_not_contact"] or not told["email_consent"] for told in due), day


def test_nobody_in_it_can_be_reached() -> None:
    told = [row.told for row in checked().good]
    assert {each["email"].partition("@")[2] for each in told} == {"", "example.com", "example.org"}
    assert {each["phone"] for each in told if each["phone"] and "55501" not in each["phone"]} == {"+8613800138000"}


def test_the_reality_is_messy() -> None:
    told = [row.told for row in checked().good]
    births = [each["birthday"] for each in told]
    assert births.count(None) >= 100
    assert sum(birth is not None and birth.year is None for birth in births) >= 500
    assert sum(birth is not None and birth.leap_month for birth in births) == 60
    assert sum(each["time_zone"] == "" for each in told) >= 100
    assert sum(each["time_zone"] == "Pacific/Kiritimati" for each in told) >= 20
