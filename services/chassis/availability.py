"""Says that a part of ours is away, and that it is back: once each, however often it was asked in between."""

from services.chassis.logs import Log


class Availability:
    """What was last known of one part."""

    def __init__(self, part: str, log: Log) -> None:
        """Name the part: it is spoken of as `<part>_unavailable` and `<part>_available`."""
        self._part, self._log = part, log
        self._away = False

    def away(self, error: BaseException) -> None:
        if not self._away:
            self._away = True
            self._log.warning(f"{self._part}_unavailable", error=error)

    def back(self) -> None:
        if self._away:
            self._away = False
            self._log.info(f"{self._part}_available")
