"""What is known of days, read a few times a minute for all batches of a dispatcher."""

import asyncio
import time

from services.care.domain.calendars.day_book import DayBook
from services.care.ports.calendars import Calendars

FRESH_SECONDS = 5.0


class FreshDayBooks:
    """Keeps a snapshot for some seconds: a blackout that is set holds from then on."""

    def __init__(self, calendars: Calendars, *, seconds: float = FRESH_SECONDS) -> None:
        """Read from the room of calendars, whose reads block: each in a thread."""
        self._calendars, self._seconds = calendars, seconds
        self._book: DayBook | None = None
        self._until = 0.0

    async def read(self) -> DayBook:
        if self._book is None or time.monotonic() >= self._until:
            self._until = time.monotonic() + self._seconds
            self._book = await asyncio.to_thread(self._calendars.read)
        return self._book
