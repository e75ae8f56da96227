"""Care of a month, past and planned: how many messages of which campaign on each day, and how many visits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.care.domain.sending.touch import OPEN, TouchState
from services.care.domain.visits.kinds import VisitState


@dataclass(frozen=True, slots=True)
class TouchCount:
    """Messages that are alike."""

    date: str
    """Civil date of the occasion, `YYYY-MM-DD`."""
    campaign_id: str
    state: TouchState
    count: int


@dataclass(frozen=True, slots=True)
class VisitCount:
    """Visits that are alike."""

    date: str
    """On which they are due, `YYYY-MM-DD`."""
    state: VisitState
    count: int


@dataclass(frozen=True, slots=True)
class CampaignDay:
    """Messages of one campaign for the occasions of one day; together all that stand in the ledger."""

    campaign_id: str
    planned: int
    """Planned or held."""
    sent: int
    """Sent or delivered."""
    skipped: int
    failed: int
    """Refused by a provider, or came back."""
    unknown: int


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """One day on which there is something."""

    date: str
    campaigns: tuple[CampaignDay, ...]
    """In the order of their ids."""
    visits_due: int
    visits_completed: int


_PART = {
    TouchState.SENT: "sent",
    TouchState.DELIVERED: "sent",
    TouchState.SKIPPED: "skipped",
    TouchState.FAILED: "failed",
    TouchState.UNKNOWN: "unknown",
    **dict.fromkeys(OPEN, "planned"),
}


def agenda(touches: Sequence[TouchCount], visits: Sequence[VisitCount]) -> tuple[AgendaDay, ...]:
    """Return the days on which there is something, in their order."""
    open_or_made = [each for each in visits if each.state is not VisitState.CANCELLED]
    days = sorted({each.date for each in touches} | {each.date for each in open_or_made})
    return tuple(
        AgendaDay(
            day,
            _campaigns(each for each in touches if each.date == day),
            _visits(visits, day, state=VisitState.DUE),
            _visits(visits, day, state=VisitState.COMPLETED),
        )
        for day in days
    )


def _campaigns(touches: Iterable[TouchCount]) -> tuple[CampaignDay, ...]:
    parts: dict[str, dict[str, int]] = {}
    for each in touches:
        counts = parts.setdefault(each.campaign_id, dict.fromkeys(sorted(set(_PART.values())), 0))
        counts[_PART[each.state]] += each.count
    return tuple(_day(campaign_id, parts[campaign_id]) for campaign_id in sorted(parts))


def _day(campaign_id: str, counts: Mapping[str, int]) -> CampaignDay:
    return CampaignDay(campaign_id, **counts)


def _visits(visits: Sequence[VisitCount], day: str, *, state: VisitState) -> int:
    return sum(each.count for each in visits if each.date == day and each.state is state)
