"""Leads deliveries through a service's handlers, whatever bus they came by: order, retries, parking, figures."""

from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from pymongo.errors import PyMongoError

from services.chassis import logs
from services.chassis.bus import Subscription
from services.chassis.clock import Clock
from services.chassis.metrics import EVENTS_HANDLED
from services.chassis.parked import Parked
from services.chassis.patience import POISON, Park, Patience, Retry

_log = logs.get("chassis.intake")


class Delivery(Protocol):
    """One event on its way to one handler, as an adapter holds it."""

    @property
    def envelope(self) -> Any:
        """What arrived: an envelope as a dict, if the publisher was one of ours."""

    @property
    def attempts(self) -> int:
        """How often handling it failed before."""

    def done(self) -> None:
        """Tell the bus that it has an outcome."""

    def retry(self, pause: float, attempts: int) -> None:
        """Tell the bus to deliver it again after so many seconds."""


class Intake:
    """The way of one subscription's events through one process.

    Events of one subject begin in the order of their arrival, one at a time; a retried one may be overtaken,
    and so may one that another process got: handlers look at versions where order matters.
    """

    def __init__(
        self,
        subscription: Subscription,
        *,
        start: Callable[[Delivery], None],
        park: Callable[[Parked], None],
        clock: Clock,
        patience: Patience,
    ) -> None:
        """Take how to run the handler (`start`, which leads to `settle`) and how to park."""
        self.subscription = subscription
        self._start, self._park = start, park
        self._clock, self._patience = clock, patience
        self._lanes: dict[str, deque[Delivery]] = {}
        self._closed = False

    @property
    def busy(self) -> bool:
        return bool(self._lanes)

    def offer(self, delivery: Delivery) -> None:
        """Begin it now, or once what was said before about the same subject is settled."""
        if self._closed:
            return
        lane = self._lanes.get(_lane_of(delivery))
        if lane is None:
            self._lanes[_lane_of(delivery)] = deque()
            self._start(delivery)
        else:
            lane.append(delivery)

    def settle(self, delivery: Delivery, error: BaseException | None) -> None:
        """Conclude a delivery that was begun, then begin the next of its subject."""
        try:
            self._conclude(delivery, error)
        except Exception:  # noqa: BLE001  # the bus was not told, so it will deliver again
            _log.exception("event_not_settled", **self._facts(delivery))
        finally:
            self._next(delivery)

    def poison(self, delivery: Delivery, begun: int) -> None:
        """Park, without another try, what was begun so often and never came to an outcome."""
        self._put_aside(delivery, Park(POISON, begun), error=f"begun {begun} times without an outcome")

    def close(self) -> None:
        """Begin nothing any more; what waits is left to the bus."""
        self._closed = True
        for lane in self._lanes.values():
            lane.clear()

    def _next(self, delivery: Delivery) -> None:
        lane = self._lanes.get(_lane_of(delivery))
        if lane:
            self._start(lane.popleft())
        else:
            self._lanes.pop(_lane_of(delivery), None)

    def _conclude(self, delivery: Delivery, error: BaseException | None) -> None:
        if error is None:
            delivery.done()
            self._count("handled")
            return
        verdict = self._patience.judge(error, delivery.attempts)
        if isinstance(verdict, Park):
            self._put_aside(delivery, verdict, error=f"{type(error).__name__}: {error}")
            return
        _log.warning(
            "event_failed", error=type(error).__name__, pause=verdict.pause, attempts=verdict.attempts,
            **self._facts(delivery),
        )  # fmt: skip
        self._again(delivery, verdict)

    def _put_aside(self, delivery: Delivery, verdict: Park, *, error: str) -> None:
        parked = Parked(
            subscription=self.subscription.name,
            envelope=delivery.envelope,
            reason=verdict.reason,
            error=error,
            attempts=verdict.attempts,
            time=self._clock.now(),
        )
        try:
            self._park(parked)
        except PyMongoError as away:
            _log.warning("event_not_parked", error=type(away).__name__, **self._facts(delivery))
            self._again(delivery, Retry(self._patience.longest, delivery.attempts))
            return
        delivery.done()
        self._count("parked")
        _log.error("event_parked", reason=verdict.reason, attempts=verdict.attempts, **self._facts(delivery))

    def _again(self, delivery: Delivery, verdict: Retry) -> None:
        delivery.retry(verdict.pause, verdict.attempts)
        self._count("retried")

    def _count(self, outcome: str) -> None:
        EVENTS_HANDLED.labels(self.subscription.name, outcome).inc()

    def _facts(self, delivery: Delivery) -> dict[str, str]:
        return {"subscription": self.subscription.name, "event_id": _text(delivery.envelope, "id")}


def _lane_of(delivery: Delivery) -> str:
    """A stranger without a subject has a lane to itself."""
    return _text(delivery.envelope, "subject") or f"{id(delivery)}"


def _text(envelope: Any, key: str) -> str:
    return str(envelope.get(key, "")) if isinstance(envelope, dict) else ""
