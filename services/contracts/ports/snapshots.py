"""The weekly snapshots of what was expected, as the use cases need them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.contracts.domain.renewals.renewal_forecast import Expected


@dataclass(frozen=True, slots=True)
class SnapshotWeek:
    """A week that was kept whole."""

    week: str
    renewals: int
    taken_time: datetime


class Snapshots(Protocol):
    """The snapshots on record."""

    def taken(self, week: str) -> bool:
        """Say whether the week was kept whole."""

    def keep(self, week: str, expected: Sequence[Expected]) -> None:
        """Keep what is expected; what the week has already is left as it is."""

    def close(self, week: str, *, now: datetime) -> None:
        """Note that the week was kept whole."""

    def weeks(self, *, most: int) -> Sequence[SnapshotWeek]:
        """Return the weeks kept, newest first."""

    def of_week(self, week: str, *, first: str, last: str, owner_id: str) -> Iterator[Expected]:
        """Yield what a week expected of the renewals whose term ends in these months."""

    def of_renewals(self, weeks: Mapping[str, str]) -> Mapping[str, Expected]:
        """Return what was expected of each renewal in the week named for it, as far as there is a snapshot."""
