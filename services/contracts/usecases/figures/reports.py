"""Recurring revenue and monthly statistics, as known at a moment."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from services.chassis.checks import civil_date, month
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.identity import Caller
from services.chassis.ids import optional_id
from services.contracts.domain.figures.attached import Asked, ended
from services.contracts.domain.figures.figures_rights import refuse_others
from services.contracts.domain.figures.monthly import OwnerMonth, Sources, owners_of, total_of
from services.contracts.domain.figures.recurring import Revenue, Row, recurring
from services.contracts.domain.terms.periods import Span, add_months, local_day, month_end, starts_at
from services.contracts.ports.figures import FigureSources

MOST_DAYS, MOST_MONTHS = 400, 120
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueQuestion:
    """Which days, gathered how, of whom, as known when; not yet checked."""

    start_date: str
    end_date: str
    by_day: bool
    owner_id: str = ""
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueTable:
    """The answer in one currency."""

    currency_code: str
    revenue: Revenue
    rows: tuple[Row, ...]

    @property
    def total(self) -> Row:
        """All rows together."""
        return self.revenue.row(self.revenue.span)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthQuestion:
    """Which month, of whom, as known when; not yet checked."""

    month: str
    owner_id: str = ""
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthAnswer:
    """The statistics of a month."""

    month: str
    known_at: datetime
    owners: Sequence[OwnerMonth]
    total: OwnerMonth
    revenue: Sequence[RevenueTable]


@dataclass(frozen=True, slots=True)
class ReportRevenue:
    """Recurring revenue by day or month."""

    sources: FigureSources
    clock: Clock

    def __call__(self, question: RevenueQuestion, caller: Caller) -> Sequence[RevenueTable]:
        """Return one table for each currency; refused with INVALID_FIELD, OTHERS_FIGURES."""
        refuse_others(caller, question.owner_id)
        owner_id = optional_id(question.owner_id, "emp", field="owner_id")
        span = _span(question)
        known_at = _known(question.known_at, self.clock.now())
        with _uncollected():
            found = recurring(self.sources.booked(owner_id=owner_id), span, known_at=known_at)
            return tables(found, _cuts(question, span))


@dataclass(frozen=True, slots=True)
class ReportMonth:
    """The statistics of a month, as many owners as there are."""

    sources: FigureSources
    clock: Clock
    time_zone: str
    """In which days of services are counted, and in which it is today."""

    def __call__(self, question: MonthQuestion, caller: Caller) -> MonthAnswer:
        """Return the statistics; refused with INVALID_FIELD, OTHERS_FIGURES."""
        refuse_others(caller, question.owner_id)
        owner_id = optional_id(question.owner_id, "emp", field="owner_id")
        known_at = _known(question.known_at, self.clock.now())
        asked = _month(question, known_at=known_at, time_zone=self.time_zone)
        with _uncollected():
            return self._answer(question, owner_id, asked=asked)

    def _answer(self, question: MonthQuestion, owner_id: str, *, asked: Asked) -> MonthAnswer:
        span = asked.span
        contracts = self.sources.booked(owner_id=owner_id)
        warranties = self.sources.warranties(span, owner_id=owner_id)
        sources = Sources(
            contracts=contracts,
            services=self.sources.services(
                starts_at(span.start, self.time_zone), starts_at(span.end + _DAY, self.time_zone), owner_id=owner_id
            ),
            warranties=warranties,
            covering=self.sources.covering(sorted({each.customer_id for each in warranties})),
        )
        owners = owners_of(sources, asked)
        return MonthAnswer(
            month=question.month,
            known_at=asked.known_at,
            owners=owners,
            total=total_of(owners),
            revenue=tables(recurring(contracts, span, known_at=asked.known_at), [span]),
        )


@dataclass(frozen=True, slots=True)
class AttachRate:
    """How many assets were taken over by a contract when their warranty ended."""

    ended: int
    attached: int


@dataclass(frozen=True, slots=True)
class CountAttached:
    """The attach rate of a month alone: what `ReportMonth` says of all owners."""

    sources: FigureSources
    clock: Clock
    time_zone: str

    def __call__(self, question: MonthQuestion) -> AttachRate:
        """Return the count. Refused with INVALID_FIELD."""
        known_at = _known(question.known_at, self.clock.now())
        asked = _month(question, known_at=known_at, time_zone=self.time_zone)
        warranties = self.sources.warranties(asked.span, owner_id="")
        covering = self.sources.covering(sorted({each.customer_id for each in warranties}))
        attached = [taken for _, taken in ended(warranties, covering, asked=asked)]
        return AttachRate(len(attached), sum(attached))


def tables(found: Mapping[str, Revenue], spans: Sequence[Span]) -> list[RevenueTable]:
    """Return each currency's revenue over these stretches of days; currencies in which nothing was are left out."""
    return [
        RevenueTable(currency_code=currency, revenue=each, rows=tuple(each.row(span) for span in spans))
        for currency, each in found.items()
        if each.opening or each.days
    ]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the cycle collector away: a report makes a million objects and no cycle, and looking at them costs more.

    What is no cycle is freed all the same. Of two reports at once the first to end lets the collector in again.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _month(question: MonthQuestion, *, known_at: datetime, time_zone: str) -> Asked:
    first, today = date.fromisoformat(month(question.month, "month") + "-01"), local_day(known_at, time_zone)
    if first > today:
        raise InvalidField("month", f"month {question.month} had not begun.")
    return Asked(span=Span(first, month_end(first)), known_at=known_at, today=today)


def _span(question: RevenueQuestion) -> Span:
    start, end = civil_date(question.start_date, "start_date"), civil_date(question.end_date, "end_date")
    if end < start:
        raise InvalidField("end_date", f"end_date {end} is before start_date {start}.")
    if question.by_day and (end - start).days >= MOST_DAYS:
        raise InvalidField("end_date", f"At most {MOST_DAYS} days can be asked for by day.")
    if (end.year - start.year) * 12 + end.month - start.month >= MOST_MONTHS:
        raise InvalidField("end_date", f"At most {MOST_MONTHS} months can be asked for.")
    return Span(start, end)


def _cuts(question: RevenueQuestion, span: Span) -> list[Span]:
    if question.by_day:
        return [Span(day, day) for day in (span.start + _DAY * k for k in range(span.days))]
    firsts, after = [span.start], add_months(span.start.replace(day=1), 1)
    while after <= span.end:
        firsts.append(after)
        after = add_months(after, 1)
    return [Span(start, following - _DAY) for start, following in pairwise([*firsts, span.end + _DAY])]


def _known(asked: datetime | None, now: datetime) -> datetime:
    if asked is not None and asked > now:
        raise InvalidField("known_at", "known_at lies ahead: nobody knows yet.")
    return asked or now
