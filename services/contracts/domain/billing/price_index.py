"""A published index of prices: one value a month, provisional first, definitive for ever after."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from services.chassis.checks import civil_date, line, month
from services.chassis.errors import InvalidField
from services.contracts.domain.billing.billing_errors import IndexMonthNotOver, IndexValueDefinitive, IndexValueMissing
from services.contracts.domain.terms.periods import add_months, month_end

MOST_NAME, MOST_VALUES, _MOST_DIGITS = 200, 1200, 12
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")


class IndexValueState(StrEnum):
    """Whether a value may still change."""

    PROVISIONAL = "provisional"
    DEFINITIVE = "definitive"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexValue:
    """What the index was in a month, as published."""

    month: str
    """`YYYY-MM`."""
    value: Decimal
    state: IndexValueState
    published_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldValue:
    """A value as somebody wrote it, not yet checked."""

    month: str
    value: str
    state: IndexValueState | None
    published_date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceIndex:
    """An index with its values, by month."""

    id: str
    version: int = 1
    name: str
    basis: str
    """What 100 stands for, such as `2020 = 100`."""
    values: tuple[IndexValue, ...] = ()
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def create(cls, index_id: str, *, name: str, basis: str, now: datetime) -> "PriceIndex":
        """Return the new index, or refuse with INVALID_FIELD."""
        return cls(
            id=index_id,
            name=line(name, "name", most=MOST_NAME, least=1),
            basis=line(basis, "basis", most=MOST_NAME, least=1),
            create_time=now,
            update_time=now,
        )

    def recorded(self, told: Sequence[ToldValue], *, today: date, now: datetime) -> "PriceIndex":
        """Return the index with the values; a definitive one follows a provisional one and then stays.

        Refused with INVALID_FIELD, INDEX_VALUE_DEFINITIVE, INDEX_MONTH_NOT_OVER. The same values again change nothing.
        """
        known = {each.month: each for each in self.values}
        for place, each in enumerate(told):
            new = _checked(each, f"values[{place}]", today=today)
            old = known.get(new.month)
            if old and old.state is IndexValueState.DEFINITIVE and (old.value, old.state) != (new.value, new.state):
                raise IndexValueDefinitive(self.id, month=new.month, value=str(old.value))
            known[new.month] = new
        if len(known) > MOST_VALUES:
            raise InvalidField("values", f"An index has at most {MOST_VALUES} values.")
        values = tuple(known[key] for key in sorted(known))
        return self if values == self.values else replace(self, values=values, update_time=now)

    def at(self, day: date, *, lag_months: int) -> IndexValue:
        """Return the value of the month so many months before a day's, or refuse with INDEX_VALUE_MISSING."""
        wanted = add_months(day, -lag_months).isoformat()[:7]
        found = next((each for each in self.values if each.month == wanted), None)
        if found is None:
            raise IndexValueMissing(self.id, month=wanted)
        return found

    def ratio(self, old: date, new: date, *, lag_months: int = 0) -> tuple[Fraction, str]:
        """Return by how much the index grew from one day to another, and how that reads: `114.25/105.65`.

        Refused with INDEX_VALUE_MISSING.
        """
        before, after = self.at(old, lag_months=lag_months).value, self.at(new, lag_months=lag_months).value
        return Fraction(after) / Fraction(before), f"{after}/{before}"


def _checked(told: ToldValue, field: str, *, today: date) -> IndexValue:
    if told.state is None:
        raise InvalidField(f"{field}.state", f"{field}.state is missing.")
    checked = IndexValue(
        month=month(told.month, f"{field}.month"),
        value=_value(told.value, f"{field}.value"),
        state=told.state,
        published_date=civil_date(told.published_date, f"{field}.published_date"),
    )
    known = min(today, checked.published_date)
    if checked.state is IndexValueState.DEFINITIVE and known <= month_end(date.fromisoformat(f"{checked.month}-01")):
        raise IndexMonthNotOver(checked.month, day=known, field=f"{field}.month")
    return checked


def _value(text: str, field: str) -> Decimal:
    if len(text) > _MOST_DIGITS or not _PLAIN.fullmatch(text) or not Decimal(text):
        raise InvalidField(field, f"{field} must be a number above zero of at most {_MOST_DIGITS} characters: 103.5.")
    return Decimal(text)
