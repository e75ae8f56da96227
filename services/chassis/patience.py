"""What becomes of an event whose handler failed: another try after a growing pause, or the parking place."""

from dataclasses import dataclass

from pymongo.errors import ConnectionFailure

from services.chassis.errors import DomainError, Kind

POISON = "POISON"
"""The delivery was begun again and again without an outcome: its process died over it."""
MALFORMED = "MALFORMED"
UNKNOWN_SCHEMA = "UNKNOWN_SCHEMA"
HANDLER_FAILED = "HANDLER_FAILED"


class Permanent(Exception):
    """No retry will help; the event is parked at once, under this reason."""

    def __init__(self, reason: str, message: str) -> None:
        """Name the reason, and say for a person what is wrong."""
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Retry:
    """Deliver again after `pause` seconds, counting `attempts` failed ones so far."""

    pause: float
    attempts: int


@dataclass(frozen=True, slots=True)
class Park:
    """Put the event aside for a person."""

    reason: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often an event is waited for. Durable queues are made of it: all processes must agree.

    One pause, in seconds, precedes each further attempt; then the event is parked. One that was begun more than
    `poison_after` times without an outcome kills its processes. `lease_seconds`, on the embedded bus only: what a
    killed consumer held is delivered again after this; a living one renews its leases.
    """

    pauses: tuple[float, ...] = (0.5, 2.0, 8.0, 30.0)
    poison_after: int = 10
    lease_seconds: float = 10.0

    def judge(self, error: BaseException, attempts: int) -> Retry | Park:
        """Decide, after `attempts` earlier failures. An outage of ours is no fault of the event: it never parks."""
        if is_outage(error):
            return Retry(self.pauses[min(attempts, len(self.pauses) - 1)], attempts)
        if isinstance(error, Permanent) or attempts >= len(self.pauses):
            return Park(reason_of(error), attempts + 1)
        return Retry(self.pauses[attempts], attempts + 1)

    @property
    def longest(self) -> float:
        return self.pauses[-1]


def is_outage(error: BaseException) -> bool:
    """Say whether a part of ours was away, rather than the event or the handler at fault."""
    return isinstance(error, ConnectionFailure) or (isinstance(error, DomainError) and error.kind is Kind.UNAVAILABLE)


def reason_of(error: BaseException) -> str:
    """Return the stable word that says why."""
    if isinstance(error, Permanent):
        return error.reason
    return error.code if isinstance(error, DomainError) else HANDLER_FAILED
