from datetime import date

import pytest

from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar, birthday_key
from services.chassis.errors import InvalidField

SOLAR, LUNAR = BirthdayCalendar.SOLAR, BirthdayCalendar.LUNAR
TODAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("text", "calendar", "birthday", "key"),
    [
        ("1988-02-29", SOLAR, Birthday(SOLAR, 2, 29, year=1988), 229),
        ("--02-29", SOLAR, Birthday(SOLAR, 2, 29), 229),
        (" 1990-7-1 ", SOLAR, Birthday(SOLAR, 7, 1, year=1990), 701),
        ("1990-05-30", LUNAR, Birthday(LUNAR, 5, 30, year=1990), 10530),
        ("--12-30", LUNAR, Birthday(LUNAR, 12, 30), 11230),
        ("2020-L04-15", LUNAR, Birthday(LUNAR, 4, 15, leap_month=True, year=2020), 20415),
        ("--l06-01", LUNAR, Birthday(LUNAR, 6, 1, leap_month=True), 20601),
    ],
)
def test_a_birthday_is_read_as_it_is_written_in_a_file(
    text: str, calendar: BirthdayCalendar, birthday: Birthday, key: int
) -> None:
    read = Birthday.parse(text, calendar, today=TODAY)
    assert read == birthday
    assert birthday_key(read) == key


@pytest.mark.parametrize(
    ("text", "calendar", "why"),
    [
        ("1990-02-30", SOLAR, "There is no such day in the solar calendar."),
        ("--02-30", SOLAR, "There is no such day in the solar calendar."),
        ("1990-02-29", SOLAR, "There is no such day in the solar calendar."),
        ("1990-13-01", SOLAR, "The month of a birthday is 1 to 12."),
        ("1990-00-01", SOLAR, "The month of a birthday is 1 to 12."),
        ("1899-12-31", SOLAR, "The year of birth is 1900 or later; leave it out if it is unknown."),
        ("0000-12-31", SOLAR, "The year of birth is 1900 or later; leave it out if it is unknown."),
        ("2026-03-04", SOLAR, "A birthday cannot lie in the future."),
        ("2026-01-16", LUNAR, "A birthday cannot lie in the future."),  # the day after the Lantern Festival, today
        ("2027-01-01", LUNAR, "A birthday cannot lie in the future."),
        ("9999-01-01", LUNAR, "A birthday cannot lie in the future."),
        ("1990-04-31", LUNAR, "The day of a lunar birthday is 1 to 30."),
        ("--04-00", LUNAR, "The day of a lunar birthday is 1 to 30."),
        ("2021-L04-15", LUNAR, "Lunar year 2021 has no leap month 4."),
        ("--L12-15", LUNAR, "The lunar years up to today have no leap month 12."),
        ("2020-L04-30", LUNAR, "That lunar month had 29 days, so there is no day 30."),
        ("2020-01-30", LUNAR, "That lunar month had 29 days, so there is no day 30."),
        ("--L11-15", LUNAR, "The lunar years up to today have no leap month 11."),  # 2033 is the first
        ("1990-L04-15", SOLAR, "Only a lunar birthday can be in a leap month."),
    ],
)
def test_a_birthday_that_does_not_exist_is_refused(text: str, calendar: BirthdayCalendar, why: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        Birthday.parse(text, calendar, today=TODAY, field="birthday")
    assert str(refusal.value) == why
    assert refusal.value.field == "birthday"


@pytest.mark.parametrize(
    "text", ["", "1990", "1990/05/01", "05-01", "19900501", "1990-5-1x", "１９９０-05-01", "L1990-04-01", "-1990-04-01"]
)
def test_a_birthday_in_another_form_is_refused_with_the_forms_that_are_read(text: str) -> None:
    with pytest.raises(InvalidField, match=r"YYYY-MM-DD.*--MM-DD.*YYYY-L04-15"):
        Birthday.parse(text, SOLAR, today=TODAY)


def test_somebody_may_be_born_today() -> None:
    assert Birthday.parse("2026-03-03", SOLAR, today=TODAY).year == 2026
    assert Birthday.parse("2026-01-15", LUNAR, today=TODAY).year == 2026


def test_day_30_without_a_year_is_refused_only_if_that_month_never_had_30_days() -> None:
    assert Birthday.parse("--L06-30", LUNAR, today=TODAY).day == 30
    with pytest.raises(InvalidField, match="29 days"):
        Birthday.parse("--L10-30", LUNAR, today=TODAY)
