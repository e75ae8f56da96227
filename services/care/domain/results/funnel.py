"""From due to goal: how many messages of a campaign got how far, so that every number adds up with the others."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TypeVar

from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.touch import OPEN, TouchState

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Cell:
    """Messages of the ledger that are alike, and how many of them were answered in which way."""

    channel: str
    variant: str
    version: int
    date: str
    """Civil date of the occasion, `YYYY-MM-DD`."""
    state: TouchState
    reason: str
    stand_in: bool
    """They took over from messages by an earlier channel."""
    count: int
    opened: int = 0
    clicked: int = 0
    replied: int = 0
    complained: int = 0
    unsubscribed: int = 0
    goal_reached: int = 0


@dataclass(frozen=True, slots=True)
class Funnel:
    """Numbers of messages.

    `due + stand_ins == held_out + skipped + waiting + failed + unknown + sent`, and
    `sent == delivered + unconfirmed + bounced`. The rest are parts of `sent`.
    """

    due: int = 0
    stand_ins: int = 0
    """By a later channel, since the one before could not be used."""
    held_out: int = 0
    """Of the control group."""
    skipped: int = 0
    """Not sent on purpose, for another reason."""
    waiting: int = 0
    """Planned or held."""
    failed: int = 0
    """Never accepted by a provider."""
    unknown: int = 0
    sent: int = 0
    """Accepted by a provider."""
    delivered: int = 0
    """Of which a provider says that they arrived."""
    unconfirmed: int = 0
    """Of which no more was heard."""
    bounced: int = 0
    """Which came back."""
    opened: int = 0
    clicked: int = 0
    replied: int = 0
    complained: int = 0
    unsubscribed: int = 0
    goal_reached: int = 0
    """After which the member reached the goal within its window."""

    def __add__(self, other: "Funnel") -> "Funnel":
        """Return both together."""
        return Funnel(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(Funnel)})


_FATES = {
    TouchState.SENT: ("sent", "unconfirmed"),
    TouchState.DELIVERED: ("sent", "delivered"),
    TouchState.UNKNOWN: ("unknown",),
    **dict.fromkeys(OPEN, ("waiting",)),
}
_ANSWERS = ("opened", "clicked", "replied", "complained", "unsubscribed", "goal_reached")


def funnel_of(cells: Iterable[Cell]) -> Funnel:
    """Return the funnel of these messages."""
    return sum((_funnel(each) for each in cells), Funnel())


def funnels_by(cells: Iterable[Cell], key: Callable[[Cell], _Key]) -> Mapping[_Key, Funnel]:
    """Return a funnel for each value of the key, in its order; together they are the funnel of all."""
    groups: dict[_Key, list[Cell]] = {}
    for each in cells:
        groups.setdefault(key(each), []).append(each)
    return {name: funnel_of(groups[name]) for name in sorted(groups, key=lambda name: (isinstance(name, str), name))}


def not_sent(cells: Iterable[Cell]) -> Mapping[str, int]:
    """Return how many were not sent on purpose by reason, the control group too; the most first."""
    counts: dict[str, int] = {}
    for each in cells:
        if each.state is TouchState.SKIPPED:
            counts[each.reason] = counts.get(each.reason, 0) + each.count
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _funnel(cell: Cell) -> Funnel:
    counted = ("stand_ins" if cell.stand_in else "due", *_fate(cell))
    answers = {name: getattr(cell, name) for name in _ANSWERS}
    return Funnel(**dict.fromkeys(counted, cell.count), **answers)


def _fate(cell: Cell) -> tuple[str, ...]:
    if cell.state is TouchState.SKIPPED:
        return ("held_out",) if cell.reason == Reason.HOLDOUT else ("skipped",)
    if cell.state is TouchState.FAILED:
        return ("sent", "bounced") if cell.reason == Reason.BOUNCED else ("failed",)
    return _FATES[cell.state]
