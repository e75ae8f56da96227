"""Makes the member file of the demo again, row by row the same: python -m deploy.demo.members_csv."""

import argparse
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from deploy.demo.bad_rows import bad_rows
from deploy.demo.persons import DOMAINS, Person, chinese, english, phone
from services.care.domain.calendars.lunar import LONG_MONTH, months

HEADER = (
    "external_ref", "name", "gender", "language", "time_zone", "birthday", "birthday_calendar", "email", "phone",
    "email_consent", "do_not_contact",
)  # fmt: skip
ROWS, SEED = 5_000, 20_261_122
SOLAR_A_DAY, LUNAR_A_DAY, IN_LEAP_MONTHS, WITHOUT_BIRTHDAY = 9, 4, 60, 130
OLDEST, YOUNGEST = 1940, 2008
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LEAP_DAY = (2, 29)
CHINESE_SHARE, YEAR_KNOWN, PHONE_KNOWN = 0.74, 0.86, 0.4

ZONES_CHINESE = (
    ("Asia/Shanghai", 88), ("Asia/Hong_Kong", 4), ("Asia/Taipei", 2), ("Asia/Singapore", 2),
    ("America/Los_Angeles", 2), ("Europe/London", 2),
)  # fmt: skip
ZONES_ENGLISH = (
    ("Asia/Shanghai", 34), ("America/New_York", 14), ("America/Los_Angeles", 12), ("Europe/London", 12),
    ("Europe/Berlin", 8), ("Asia/Kolkata", 6), ("Australia/Sydney", 6), ("Pacific/Kiritimati", 5),
    ("Pacific/Honolulu", 3),
)  # fmt: skip
HERE, FAR = "Asia/Shanghai", "America/Los_Angeles"
_SHOWN = ("permanent", "temporary", "chinese", "english", "far")
SOLAR_PARTS = ((*_SHOWN, "no_consent"), (*_SHOWN, "do_not_contact"))
LUNAR_PARTS = (("no_email",), ("no_zone",))
"""What the first persons of a day are there for, odd days and even days: whichever day the demo runs, it shows some."""


_ZONE_OF_PART = {"no_zone": "", "far": FAR}


class Born(NamedTuple):
    """A birthday as it stands in the file, and what its person is there to show."""

    birthday: str
    calendar: str
    part: str = ""


def make(seed: int = SEED) -> str:
    """Return the file: good rows in the order of chance, with the bad rows spread among them."""
    rng = Random(seed)  # noqa: S311  # the same file every time is the point
    bad = bad_rows()
    births = [*_births(rng)]
    missing = ROWS - len(bad) - len(births)
    births += [Born(_solar(rng, month=1 + extra % 12, day=1 + extra % 28), "") for extra in range(missing)]
    rng.shuffle(births)
    lines = [_line(_row(rng, number, born=born)) for number, born in enumerate(births, start=1)]
    step = len(births) // len(bad)
    for place, row in enumerate(bad):
        at = place * (step + 1) + step
        lines.insert(at, row.replace("{above}", lines[at - 1].partition(",")[0]))
    return "\ufeff" + "\n".join([_line(HEADER), *lines]) + "\n"


def _births(rng: Random) -> Iterator[Born]:
    """Yield birthdays for every day of both calendars, for leap months, and for those who never told."""
    every_day = [(month, day) for month, days in enumerate(DAYS, start=1) for day in range(1, days + 1)]
    for place, (month, day) in enumerate(every_day):
        for part in _filled(SOLAR_PARTS[place % 2], SOLAR_A_DAY):
            yield Born(_solar(rng, month=month, day=day), rng.choice(("", "solar", "公历")), part)
    for month in range(1, 13):
        for day in range(1, LONG_MONTH + 1):
            for part in _filled(LUNAR_PARTS[day % 2], LUNAR_A_DAY):
                yield Born(_lunar(rng, month=month, day=day), rng.choice(("lunar", "农历")), part)
    leaps = [month for month in months() if month.leap and OLDEST <= month.year <= YOUNGEST]
    for _ in range(IN_LEAP_MONTHS):
        leap = rng.choice(leaps)
        yield Born(f"{leap.year}-L{leap.number:02d}-{rng.randint(1, leap.days):02d}", "lunar")
    yield from (Born("", "") for _ in range(WITHOUT_BIRTHDAY))


def _filled(parts: tuple[str, ...], size: int) -> tuple[str, ...]:
    return parts + ("",) * (size - len(parts))


def _solar(rng: Random, *, month: int, day: int) -> str:
    year = rng.randint(OLDEST, YOUNGEST)
    if (month, day) == LEAP_DAY:
        year -= year % 4  # there was no 1900 and no 2100 among them
    return _written(rng, year=year, month=month, day=day)


def _lunar(rng: Random, *, month: int, day: int) -> str:
    years = [
        each.year
        for each in months()
        if each.number == month and not each.leap and OLDEST <= each.year <= YOUNGEST and day <= each.days
    ]
    return _written(rng, year=rng.choice(years), month=month, day=day)


def _written(rng: Random, *, year: int, month: int, day: int) -> str:
    return f"{year if rng.random() < YEAR_KNOWN else '-'}-{month:02d}-{day:02d}"


def _row(rng: Random, number: int, *, born: Born) -> tuple[str, ...]:
    is_chinese = born.part == "chinese" or (born.part != "english" and rng.random() < CHINESE_SHARE)
    person = chinese(rng) if is_chinese else english(rng)
    zones = ZONES_CHINESE if person.chinese else ZONES_ENGLISH
    zone = rng.choices([name for name, _ in zones], [weight for _, weight in zones])[0]
    return (
        f"M{number:06d}",
        person.name if rng.random() < 0.98 else f"  {person.name} ",  # noqa: PLR2004  # spaces that people leave
        rng.choice(("女", "男", "female", "male", "F", "M", "unknown", "")),
        rng.choice(("zh", "zh-CN", "中文", "")) if person.chinese else rng.choice(("en", "en-US", "English")),
        _ZONE_OF_PART.get(born.part, HERE if born.part else zone),
        born.birthday,
        born.calendar,
        _email(rng, number, person=person, part=born.part),
        phone(rng, person) if rng.random() < PHONE_KNOWN else "",
        rng.choice(("no", "否", "0", "")) if born.part == "no_consent" else rng.choice(("yes", "是", "1", "Y")),
        rng.choice(("yes", "是")) if born.part == "do_not_contact" else rng.choice(("", "", "no", "否")),
    )


def _email(rng: Random, number: int, *, person: Person, part: str) -> str:
    if part == "no_email":
        return ""
    scripted = {"permanent": "permanent-", "temporary": "temporary-2-"}.get(part, "")
    return f"{scripted}{person.local_part}{number}@{rng.choice(DOMAINS)}"


def _line(cells: tuple[str, ...]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(cells)
    return written.getvalue()


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(prog="python -m deploy.demo.members_csv", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--to", type=Path, default=Path("examples/members.csv"))
    asked = parser.parse_args()
    asked.to.write_text(make(asked.seed), encoding="utf-8")


if __name__ == "__main__":
    main()
