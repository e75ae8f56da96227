"""Changes one member's way through a journey on behalf of a person."""

from collections.abc import Callable
from dataclasses import dataclass

from services.care.domain.journeys.run import JourneyRun, RunReason, RunState
from services.care.ports.journeys import JourneyBook
from services.chassis.clock import Clock
from services.chassis.errors import StaleVersion

_TRIES = 5
"""The leader moves a run on now and then; whoever meets it tries again."""


@dataclass(frozen=True, slots=True)
class RemoveFromJourney:
    """Takes a member out; what is planned already still leaves. The next occurrence brings them in again."""

    book: JourneyBook
    clock: Clock

    def __call__(self, run_id: str, why: str, *, by: str) -> JourneyRun:
        """Return the run as it is over; a repeat changes nothing."""

        def step(run: JourneyRun) -> JourneyRun:
            removed = run.state is RunState.ENDED and run.reason == RunReason.REMOVED
            return run if removed else run.remove(why, by=by, now=self.clock.now())

        return _changed(self.book, run_id, step=step)


@dataclass(frozen=True, slots=True)
class RetryJourneyRun:
    """Lets a parked run try its step again."""

    book: JourneyBook
    clock: Clock

    def __call__(self, run_id: str) -> JourneyRun:
        """Return the run as it goes on; a repeat changes nothing."""

        def step(run: JourneyRun) -> JourneyRun:
            return run if run.state is RunState.UNDER_WAY else run.retry(self.clock.now())

        return _changed(self.book, run_id, step=step)


def _changed(book: JourneyBook, run_id: str, *, step: Callable[[JourneyRun], JourneyRun]) -> JourneyRun:
    for _ in range(_TRIES):
        old = book.get(run_id)
        new = step(old)
        if new is old or book.replace(old, new):
            return new
    raise StaleVersion("journey_run", run_id)
