"""A lunar day in words, as people say it."""

from services.care.domain.calendars.lunar import LunarDay

_MONTHS = "正二三四五六七八九十冬腊"
_DIGITS = "一二三四五六七八九十"


def in_chinese(place: LunarDay) -> str:
    """Return for example `闰六月十五`."""
    leap = "闰" if place.month.leap else ""
    return f"{leap}{_MONTHS[place.month.number - 1]}月{_day(place.day)}"


def in_english(place: LunarDay) -> str:
    """Return for example `leap month 6, day 15`."""
    leap = "leap month" if place.month.leap else "month"
    return f"{leap} {place.month.number}, day {place.day}"


def _day(day: int) -> str:
    tens, ones = divmod(day - 1, 10)
    if ones == 9:  # noqa: PLR2004  # the tenth day of each ten has a name of its own
        return ("初十", "二十", "三十")[tens]
    return ("初", "十", "廿")[tens] + _DIGITS[ones]
