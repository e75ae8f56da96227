"""Feeds one process from the bus embedded in MongoDB: one light loop for all of its handlers."""

import threading
import time

from pymongo.errors import PyMongoError

from services.chassis import logs
from services.chassis.availability import Availability
from services.chassis.bus import Subscription
from services.chassis.deliveries import Deliveries, Leased
from services.chassis.intake import Intake

SHORTEST_PAUSE, LONGEST_PAUSE = 0.02, 0.2
"""Seconds between two looks while events flow, and once none came for a while."""
TROUBLE_PAUSE = 1.0
DRAIN_SECONDS = 10.0

_log = logs.get("chassis.poller")


class Poller:
    """Claims in batches, hands over, renews; `run` blocks until `stop`, in a green thread."""

    def __init__(self, deliveries: Deliveries, *, capacity: int, poison_after: int) -> None:
        """Hold at most `capacity` deliveries, begun or waiting; park what was begun more often than `poison_after`."""
        self._deliveries = deliveries
        self._capacity = capacity
        self._poison_after = poison_after
        self._intakes: dict[str, Intake] = {}
        self._subscriptions: list[Subscription] = []
        self._wake = threading.Event()
        self._taken = threading.Lock()
        self.ready = threading.Event()
        self.ended = threading.Event()
        self._stop_by: float | None = None
        self._bus = Availability("bus", _log)
        self._renew_at = 0.0

    def add(self, intake: Intake) -> None:
        self._intakes[intake.subscription.name] = intake
        self._subscriptions.append(intake.subscription)

    def claim_thread(self) -> bool:
        """Say to the first who asks that it is the one to call `run`."""
        return self._taken.acquire(blocking=False)

    def run(self) -> None:
        """Set `ready` once the database answered; while it is away nothing is claimed and nothing lost."""
        pause = SHORTEST_PAUSE
        while not self._finished():
            try:
                if not self.ready.is_set():
                    self._deliveries.declare(self._subscriptions)
                    self.ready.set()
                pause = self._turn(pause)
                self._bus.back()
            except PyMongoError as error:
                self._bus.away(error)
                pause = TROUBLE_PAUSE
            self._wake.wait(pause)
            self._wake.clear()
        self._leave()
        self.ended.set()

    def settled(self) -> None:
        """Look again soon when there was no room before, or when the last one is awaited."""
        if self._stop_by is not None or self._deliveries.held * 2 <= self._capacity:
            self._wake.set()

    def stop(self) -> None:
        """Begin nothing new, let what was begun end, then give the rest back; `run` then returns."""
        for intake in self._intakes.values():
            intake.close()
        self._stop_by = self._stop_by or time.monotonic() + DRAIN_SECONDS
        self._wake.set()

    def _finished(self) -> bool:
        if self._stop_by is None:
            return False
        return time.monotonic() > self._stop_by or not any(intake.busy for intake in self._intakes.values())

    def _turn(self, pause: float) -> float:
        self._deliveries.flush()
        if time.monotonic() >= self._renew_at:
            self._deliveries.renew()
            self._renew_at = time.monotonic() + self._deliveries.lease_seconds / 3
        room = self._capacity - self._deliveries.held
        if room <= 0 or self._stop_by is not None:
            return LONGEST_PAUSE
        claimed = self._deliveries.claim(list(self._intakes), room)
        for leased in claimed:
            self._hand_over(leased)
        return SHORTEST_PAUSE if claimed else min(pause * 1.5, LONGEST_PAUSE)

    def _hand_over(self, leased: Leased) -> None:
        intake = self._intakes[leased.subscription]
        if leased.leases > self._poison_after:
            intake.poison(leased, leased.leases - 1)
        else:
            intake.offer(leased)

    def _leave(self) -> None:
        try:
            self._deliveries.give_back()
        except PyMongoError as error:
            _log.warning("deliveries_not_given_back", error=type(error).__name__)  # their leases will end
