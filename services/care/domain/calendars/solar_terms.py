"""The twenty-four solar terms as days of UTC+8, from a table of the years 1900 to 2100."""

from datetime import date
from enum import StrEnum

from borax.calendars.lunardate import TERMS_CN, TermUtils

from services.care.domain.calendars.lunar import FIRST_YEAR, LAST_YEAR


class SolarTerm(StrEnum):
    """Data: the order is that of the civil year, and names are stored; add none, rename none."""

    MINOR_COLD = "minor_cold"
    MAJOR_COLD = "major_cold"
    START_OF_SPRING = "start_of_spring"
    RAIN_WATER = "rain_water"
    AWAKENING_OF_INSECTS = "awakening_of_insects"
    SPRING_EQUINOX = "spring_equinox"
    QINGMING = "qingming"
    GRAIN_RAIN = "grain_rain"
    START_OF_SUMMER = "start_of_summer"
    GRAIN_FULL = "grain_full"
    GRAIN_IN_EAR = "grain_in_ear"
    SUMMER_SOLSTICE = "summer_solstice"
    MINOR_HEAT = "minor_heat"
    MAJOR_HEAT = "major_heat"
    START_OF_AUTUMN = "start_of_autumn"
    END_OF_HEAT = "end_of_heat"
    WHITE_DEW = "white_dew"
    AUTUMN_EQUINOX = "autumn_equinox"
    COLD_DEW = "cold_dew"
    FROST_DESCENT = "frost_descent"
    START_OF_WINTER = "start_of_winter"
    MINOR_SNOW = "minor_snow"
    MAJOR_SNOW = "major_snow"
    WINTER_SOLSTICE = "winter_solstice"


TERMS: tuple[SolarTerm, ...] = tuple(SolarTerm)

CHINESE_NAMES: dict[SolarTerm, str] = dict(zip(TERMS, TERMS_CN, strict=True))

ENGLISH_NAMES: dict[SolarTerm, str] = {term: term.value.replace("_", " ").capitalize() for term in TERMS}


def term_date(year: int, term: SolarTerm) -> date | None:
    """Return the day of a term in a civil year; None outside the years that are known."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    found: date = TermUtils.nth_term_day(year, TERMS.index(term))
    return found


def term_on(day: date) -> SolarTerm | None:
    """Return the term that begins on a day, if one does: two begin in each month."""
    first = 2 * (day.month - 1)
    return next((term for term in TERMS[first : first + 2] if term_date(day.year, term) == day), None)
