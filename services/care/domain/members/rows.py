"""Rows of a member file, as companies write them, and what is wrong with them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar
from services.care.domain.campaigns.planning import last_open_day
from services.care.domain.language import Language
from services.care.domain.members.member import Gender, MemberDetails, check_details
from services.chassis.errors import InvalidField

REQUIRED = ("external_ref", "name")
OPTIONAL = (
    "gender", "language", "time_zone", "birthday", "birthday_calendar", "email", "phone", "customer_id",
    "email_consent", "do_not_contact",
)  # fmt: skip

_GENDERS = {
    "": None, "unknown": None, "未知": None,
    "female": Gender.FEMALE, "f": Gender.FEMALE, "女": Gender.FEMALE,
    "male": Gender.MALE, "m": Gender.MALE, "男": Gender.MALE,
}  # fmt: skip
_LANGUAGES = {
    "": Language.ZH_HANS, "zh": Language.ZH_HANS, "zh-hans": Language.ZH_HANS, "zh-cn": Language.ZH_HANS,
    "zh_hans": Language.ZH_HANS, "zh_cn": Language.ZH_HANS, "中文": Language.ZH_HANS,
    "en": Language.EN, "en-us": Language.EN, "en-gb": Language.EN, "english": Language.EN, "英文": Language.EN,
}  # fmt: skip
_CALENDARS = {
    "": BirthdayCalendar.SOLAR, "solar": BirthdayCalendar.SOLAR, "公历": BirthdayCalendar.SOLAR,
    "阳历": BirthdayCalendar.SOLAR,
    "lunar": BirthdayCalendar.LUNAR, "农历": BirthdayCalendar.LUNAR, "阴历": BirthdayCalendar.LUNAR,
}  # fmt: skip
_YES_OR_NO = {
    "": False, "no": False, "n": False, "false": False, "0": False, "否": False,
    "yes": True, "y": True, "true": True, "1": True, "是": True,
}  # fmt: skip


def check_row(cells: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
    """Return the fields of a `Member` that the row tells, or refuse with INVALID_FIELD naming the column.

    A column that the file does not have is not told: an import leaves it as it is. An empty cell tells "none"; an
    empty `email_consent` tells "no", since nobody may be written to on a guess.
    """
    told: dict[str, Any] = {
        field: cells[field]
        for field in ("external_ref", "name", "time_zone", "email", "phone", "customer_id")
        if field in cells
    }
    if not cells["external_ref"]:
        raise InvalidField("external_ref", "external_ref is missing: without it a second import would double the row.")
    for field, words in (
        ("gender", _GENDERS), ("language", _LANGUAGES), ("email_consent", _YES_OR_NO), ("do_not_contact", _YES_OR_NO),
    ):  # fmt: skip
        if field in cells:
            told[field] = _word(cells[field], field, words=words)
    if "birthday" in cells:
        told["birthday"] = _birthday(cells, now)
    return check_details(MemberDetails(**told), told.keys(), now=now)


def _birthday(cells: Mapping[str, str], now: datetime) -> Birthday | None:
    calendar = _word(cells.get("birthday_calendar", ""), "birthday_calendar", words=_CALENDARS)
    if not cells["birthday"]:
        return None
    parsed: Birthday = Birthday.parse(cells["birthday"], calendar, today=last_open_day(now))
    return parsed


def _word(value: str, field: str, *, words: Mapping[str, Any]) -> Any:
    word = value.casefold()
    if word not in words:
        raise InvalidField(field, f"{field} must be one of {', '.join(word for word in words if word)}, or empty.")
    return words[word]
