"""How far campaigns are, for those who look all day: what takes long to count is not counted for every look."""

import time
from collections.abc import Mapping, Sequence
from typing import Final

from services.care.ports.touches import TouchLedger

Counts = Sequence[tuple[str, str, int]]
FRESH_SECONDS: Final = 15.0
LARGE: Final = 20_000
"""Messages. Fewer are counted within some hundredths of a second."""


class FreshProgress:
    """Counts each campaign as of now, but one with many messages as of some seconds ago if it was asked about then."""

    def __init__(self, ledger: TouchLedger, *, large: int = LARGE, seconds: float = FRESH_SECONDS) -> None:
        """Remember in this process the counts of campaigns with so many messages, for so long."""
        self._ledger, self._large, self._seconds = ledger, large, seconds
        self._kept: Mapping[str, tuple[float, Counts]] = {}

    def __call__(self, campaign_ids: Sequence[str]) -> Mapping[str, Counts]:
        """Return (state, reason, count) of each campaign; one without a message is left out."""
        now = time.monotonic()
        fresh = {key: kept for key, kept in self._kept.items() if kept[0] > now}
        counted = self._ledger.progress([each for each in campaign_ids if each not in fresh])
        until = time.monotonic() + self._seconds
        large = {key: (until, counts) for key, counts in counted.items() if _total(counts) >= self._large}
        self._kept = fresh | large  # another thread may do so as well: then one of them counts once more
        return {key: fresh[key][1] for key in campaign_ids if key in fresh} | counted


def _total(counts: Counts) -> int:
    return sum(count for _, _, count in counts)
