"""The warranty of a delivered item: when it ends, and whether a moment lies within it. Nobody types its end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.contracts.domain.terms.periods import Span, add_period
from services.contracts.domain.terms.terms import Period, PeriodUnit

ATTACH_WITHIN = timedelta(days=90)
"""A contract that covers an asset within so many days after its warranty has taken it over."""


class WarrantyState(StrEnum):
    """How an item stands to its warranty on a day."""

    COVERED = "covered"
    EXPIRED = "expired"
    NOT_DELIVERED = "not_delivered"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarrantyVerdict:
    """Whether an item is under warranty on a day, and why, in both languages."""

    state: WarrantyState
    day: date
    time_zone: str
    warranty_end: date | None
    days_left: int
    explanation_en: str
    explanation_zh: str


def warranty_end(delivery: date, months: int, *, holds: Iterable[Span] = ()) -> date | None:
    """Return the last day of the warranty, included; None without free maintenance.

    The day of the delivery is not counted, and the corresponding day of the last month is the last day, or the last of
    that month where it has no such day (Civil Code of the PRC, articles 201 and 202): 31 January and 1 month end on 28
    or 29 February. Each day of a hold that begins within the warranty moves the end by one; a day of two holds counts
    once. ValueError: the end lies behind the year 9999.
    """
    if months <= 0:
        return None
    try:
        end = add_period(delivery, Period(PeriodUnit.MONTH, months), k=1)
        for span in _apart(holds):
            if span.start <= end:
                end += timedelta(days=span.days)
    except OverflowError as error:
        raise ValueError("The warranty ends behind the year 9999.") from error
    return end


def judge_warranty(delivery: date | None, end: date | None, *, at: datetime, time_zone: str) -> WarrantyVerdict:
    """Return how the item stands at the moment, whose day is found in the customer's time zone."""
    day = at.astimezone(ZoneInfo(time_zone)).date()
    state = _state(delivery, end, day=day)
    words_en, words_zh = _WORDS[state]
    said = {"day": day, "zone": time_zone, "end": end, "delivery": delivery}
    return WarrantyVerdict(
        state=state,
        day=day,
        time_zone=time_zone,
        warranty_end=end,
        days_left=(end - day).days if end and state is WarrantyState.COVERED else 0,
        explanation_en=words_en.format(**said),
        explanation_zh=words_zh.format(**said),
    )


def _state(delivery: date | None, end: date | None, *, day: date) -> WarrantyState:
    if delivery is None or day < delivery:
        return WarrantyState.NOT_DELIVERED
    if end is None:
        return WarrantyState.NONE
    return WarrantyState.COVERED if day <= end else WarrantyState.EXPIRED


def _apart(holds: Iterable[Span]) -> list[Span]:
    """Return spans that hold the same days and do not overlap, by first day."""
    apart: list[Span] = []
    for span in sorted(holds):
        if apart and span.start <= apart[-1].end:
            apart[-1] = Span(apart[-1].start, max(apart[-1].end, span.end))
        else:
            apart.append(span)
    return apart


_WORDS = {
    WarrantyState.COVERED: (
        "Under warranty on {day} ({zone}): the last day is {end}, and it counts.",
        "{day}（{zone}）在保修期内：最后一天为 {end}，含当天。",
    ),
    WarrantyState.EXPIRED: (
        "Not under warranty on {day} ({zone}): the last day was {end}.",
        "{day}（{zone}）已过保修期：最后一天为 {end}。",
    ),
    WarrantyState.NOT_DELIVERED: (
        "Not under warranty on {day} ({zone}): the item was not delivered by then.",
        "{day}（{zone}）不在保修期内：当时尚未交付。",
    ),
    WarrantyState.NONE: (
        "Not under warranty on {day} ({zone}): the item has no months of free maintenance.",
        "{day}（{zone}）不在保修期内：该资产没有免费维护期。",
    ),
}
