"""The yearly plan of a key account: who looks after it, and which visits are made when."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.care.domain.visits.kinds import VisitMeans
from services.care.domain.visits.scripts import checked_code
from services.chassis import checks
from services.chassis.errors import AlreadyExists, DomainError, InvalidField, Kind
from services.chassis.ids import check_id, derived_id

MOST_ITEMS, MOST_TITLE, MOST_SKILL = 60, 100, 40
MONTHS, LONGEST_MONTH = 12, 31
SHORTEST_STEP, LONGEST_STEP = 7, 182
FIRST_YEAR, LAST_YEAR = 2000, 2100


class PlanExists(AlreadyExists):
    reason = "SERVICE_PLAN_EXISTS"

    def __init__(self, plan_id: str) -> None:
        super().__init__(f"The customer has plan {plan_id} for that year already.", service_plan_id=plan_id)


class PlanEnded(DomainError):
    kind, reason = Kind.PRECONDITION, "SERVICE_PLAN_ENDED"

    def __init__(self, plan_id: str) -> None:
        super().__init__(f"Service plan {plan_id} has ended.", service_plan_id=plan_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """Something that is done some times a year: on a day of months, or every so many days."""

    code: str
    """Names it within the plan, for good: what was planned under it stays planned."""
    topic: str
    means: VisitMeans = VisitMeans.CALL
    months: tuple[int, ...] = ()
    day: int = 1
    """Of those months; where a month is shorter, its last."""
    every_days: int = 0
    """Instead of months: from the first day of the plan on."""
    script_code: str = "service_plan"
    skill: str = ""

    def checked(self, field: str) -> "PlanItem":
        """Return it, or refuse with INVALID_FIELD."""
        checked_code(self.code, f"{field}.code")
        if self.means.one_way:
            raise InvalidField(f"{field}.means", f"{field}.means must be CALL or ONSITE.")
        if bool(self.months) == bool(self.every_days):
            raise InvalidField(f"{field}.months", f"{field} needs months or every_days, and not both.")
        if any(not 1 <= month <= MONTHS for month in self.months):
            raise InvalidField(f"{field}.months", f"{field}.months are 1 to 12.")
        if self.months and not 1 <= self.day <= LONGEST_MONTH:
            raise InvalidField(f"{field}.day", f"{field}.day must be 1 to 31.")
        if self.every_days and not SHORTEST_STEP <= self.every_days <= LONGEST_STEP:
            raise InvalidField(f"{field}.every_days", f"{field}.every_days must be {SHORTEST_STEP} to {LONGEST_STEP}.")
        return replace(
            self,
            topic=checks.line(self.topic, f"{field}.topic", least=1, most=MOST_TITLE),
            skill=checks.line(self.skill, f"{field}.skill", most=MOST_SKILL),
            months=tuple(sorted(set(self.months))),
        )

    def dates(self, year: int, *, start: date) -> Iterator[date]:
        """Yield the days of a year from `start` on."""
        for month in self.months:
            day = date(year, month, min(self.day, calendar.monthrange(year, month)[1]))
            if day >= start:
                yield day
        day = start
        while self.every_days and day.year == year:
            yield day
            day += timedelta(days=self.every_days)


@dataclass(frozen=True, slots=True)
class Tenure:
    """Who looks after the account from when on."""

    manager_id: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Slot:
    """One visit that the plan asks for."""

    visit_id: str
    key: tuple[str, ...]
    item: PlanItem
    day: date


def first_day(year: int) -> date:
    """Return the first day of a year, or refuse with INVALID_FIELD one that plans are not for."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidField("year", f"year must be {FIRST_YEAR} to {LAST_YEAR}.")
    return date(year, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePlan:
    """The plan of one customer for one year; there is never a second one."""

    id: str
    customer_id: str
    year: int
    title: str
    start: date
    """Nothing is planned before this day of the year."""
    items: tuple[PlanItem, ...]
    managers: tuple[Tenure, ...]
    """Oldest first; the last one is in charge."""
    ended_at: datetime | None = None
    copied_from: str = ""
    create_time: datetime
    version: int = 1
    events: tuple[object, ...] = ()

    @classmethod
    def drawn_up(
        cls,
        customer_id: str,
        year: int,
        *,
        title: str,
        items: tuple[PlanItem, ...],
        manager_id: str,
        start: date,
        now: datetime,
        copied_from: str = "",
    ) -> "ServicePlan":
        """Return the new plan, or refuse with INVALID_FIELD or INVALID_ID."""
        if start.year != first_day(year).year:
            raise InvalidField("start_date", "start_date must be a day of the year.")
        return cls(
            id=plan_id(customer_id, year),
            customer_id=check_id(customer_id, "cus", field="customer_id"),
            year=year,
            title=checks.line(title, "title", least=1, most=MOST_TITLE),
            start=start,
            items=checked_items(items),
            managers=(Tenure(check_id(manager_id, "emp", field="manager_id"), now),),
            copied_from=copied_from,
            create_time=now,
        )

    @property
    def manager_id(self) -> str:
        return self.managers[-1].manager_id

    def revised(self, title: str, items: tuple[PlanItem, ...]) -> "ServicePlan":
        """Return the plan with other items; refused with SERVICE_PLAN_ENDED, INVALID_FIELD."""
        self._require_open()
        told = checks.line(title, "title", least=1, most=MOST_TITLE)
        return replace(self, title=told, items=checked_items(items))

    def handed_over(self, manager_id: str, now: datetime) -> "ServicePlan":
        """Return the plan with another manager; refused with SERVICE_PLAN_ENDED, INVALID_ID."""
        self._require_open()
        check_id(manager_id, "emp", field="manager_id")
        if manager_id == self.manager_id:
            return self
        return replace(self, managers=(*self.managers, Tenure(manager_id, now)))

    def relinked(self, customer_id: str) -> "ServicePlan":
        """Return the plan of the customer that stays after a merge, under its own id; also one that has ended."""
        return self if customer_id == self.customer_id else replace(self, customer_id=customer_id)

    def ended(self, now: datetime) -> "ServicePlan":
        """Return the plan that asks for nothing any more."""
        return self if self.ended_at else replace(self, ended_at=now)

    def slots(self) -> list[Slot]:
        """Return every visit of the year, by day; of a plan that has ended those before its end."""
        found = []
        for item in self.items:
            for day in item.dates(self.year, start=self.start):
                if self.ended_at is None or day <= self.ended_at.date():
                    key = ("service_plan", self.id, item.code, day.isoformat())
                    found.append(Slot(derived_id("vis", *key), key, item, day))
        return sorted(found, key=lambda slot: (slot.day, slot.item.code))

    def _require_open(self) -> None:
        if self.ended_at is not None:
            raise PlanEnded(self.id)


def plan_id(customer_id: str, year: int) -> str:
    """Return the one id that the plan of a customer and year has."""
    return derived_id("pln", customer_id, str(year))


def checked_items(items: tuple[PlanItem, ...]) -> tuple[PlanItem, ...]:
    """Return the items, or refuse with INVALID_FIELD."""
    if not 1 <= len(items) <= MOST_ITEMS:
        raise InvalidField("items", f"items needs 1 to {MOST_ITEMS} entries.")
    if len({item.code for item in items}) != len(items):
        raise InvalidField("items", "items holds the same code twice.")
    return tuple(item.checked(f"items[{place}]") for place, item in enumerate(items))
