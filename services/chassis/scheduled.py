"""What a leader does regularly: one APScheduler that lives as long as this process leads."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from services.chassis import logs
from services.chassis.clock import Clock

_log = logs.get("chassis.scheduled")


@dataclass(slots=True)
class Lead:
    """The right to do what is due: its fencing token, and whether it still holds."""

    token: int
    holds: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something that is done at once and then regularly.

    `run` finds in the database what is due, however long nobody looked: that is the catch-up. It is idempotent, ends
    soon after `lead.holds` turns false, passes over a record that it cannot do, and returns how many things it did.
    """

    name: str
    every_seconds: float
    run: Callable[[Lead], int]


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Runs the jobs of a leader. Its job store is memory: what is due stands in the database alone."""

    jobs: Sequence[Job]
    clock: Clock
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def __call__(self, token: int) -> None:
        """Run every job at once and then regularly, until cancelled."""
        lead = Lead(token)
        scheduler = AsyncIOScheduler(timezone="UTC")
        for job in self.jobs:
            scheduler.add_job(
                self._in_thread,
                "interval",
                args=[job, lead],
                seconds=job.every_seconds,
                next_run_time=self.clock.now(),
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            lead.holds = False
            scheduler.shutdown(wait=False)

    async def _in_thread(self, job: Job, lead: Lead) -> None:
        # A thread cannot be cancelled: one that an earlier leadership left running must end first.
        async with self._locks.setdefault(job.name, asyncio.Lock()):
            await asyncio.to_thread(run_once, job, lead)


def run_once(job: Job, lead: Lead) -> None:
    """Run a job and say what it did; a failure is told, and the next round tries again."""
    try:
        done = job.run(lead)
    except Exception:  # noqa: BLE001  # one job that fails must not stop the others
        _log.exception("job_failed", job=job.name)
        return
    if done:
        _log.info("job_done", job=job.name, done=done)
