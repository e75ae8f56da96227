import pytest

from services.care.clients.holiday_files import FileHolidays, IcsMalformed
from services.care.domain.calendars.statutory_rows import check_row


def an_ics(*entries: str) -> bytes:
    events = "".join(f"BEGIN:VEVENT\nUID:{number}\n{entry}\nEND:VEVENT\n" for number, entry in enumerate(entries))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\n{events}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def told(content: bytes) -> list[tuple[str, str, str, str]]:
    days = [check_row(row.values) for row in FileHolidays().rows(content)]
    return [(each.day.isoformat(), each.kind.value, each.name_en, each.name_zh) for each in days]


def test_an_all_day_event_is_a_holiday_until_the_day_before_its_end() -> None:
    entry = "DTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:20270103\nSUMMARY:New Year"
    assert told(an_ics(entry)) == [("2027-01-01", "off", "New Year", ""), ("2027-01-02", "off", "New Year", "")]


def test_an_event_without_an_end_lasts_a_day() -> None:
    assert told(an_ics("DTSTART;VALUE=DATE:20270101\nSUMMARY:元旦")) == [("2027-01-01", "off", "", "元旦")]


@pytest.mark.parametrize(
    ("marks", "kind"),
    [
        ("SUMMARY:春节（班）", "work"),
        ("SUMMARY:春节 补班", "work"),
        ("SUMMARY:春节（休）", "off"),
        ("SUMMARY:Special Working Day", "work"),
        ("SUMMARY:Workers' Day", "off"),
        ("SUMMARY:春节\nCATEGORIES:WORK", "work"),
        ("SUMMARY:春节（班）\nX-APPLE-SPECIAL-DAY:WORK-HOLIDAY", "off"),
        ("SUMMARY:春节\nX-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY", "work"),
    ],
)
def test_a_make_up_workday_is_told_by_its_marks(marks: str, kind: str) -> None:
    ((_, found, _, _),) = told(an_ics(f"DTSTART;VALUE=DATE:20270220\n{marks}"))
    assert found == kind


def test_a_folded_line_and_a_byte_order_mark_are_read() -> None:
    content = b"\xef\xbb\xbf" + an_ics("DTSTART;VALUE=DATE:20270101\nSUMMARY:New\n  Year")
    assert told(content) == [("2027-01-01", "off", "New Year", "")]


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ("SUMMARY:Nothing", "DTSTART"),
        ("DTSTART:20270101T090000Z\nSUMMARY:An hour", "DTSTART"),
        ("DTSTART;VALUE=DATE:20270101\nRRULE:FREQ=YEARLY\nSUMMARY:Every year", "repeats"),
        ("DTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:20280101\nSUMMARY:A year", "60 days"),
    ],
)
def test_an_entry_that_tells_no_days_is_an_error_with_its_number(entry: str, wrong: str) -> None:
    good = "DTSTART;VALUE=DATE:20270501\nSUMMARY:Labour Day"
    first, second = FileHolidays().rows(an_ics(good, entry))
    assert (first.line, first.broken) == (1, "")
    assert second.line == 2
    assert wrong in second.broken


@pytest.mark.parametrize(
    "content",
    [
        b"BEGIN:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nSUMMARY:\xff\xfe\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nno colon here\r\nEND:VCALENDAR\r\n",
    ],
)
def test_a_broken_file_is_refused_as_such(content: bytes) -> None:
    with pytest.raises(IcsMalformed):
        list(FileHolidays().rows(content))
