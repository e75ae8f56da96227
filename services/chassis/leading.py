"""Runs tasks while, and only while, this process holds a lease."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from pymongo.errors import PyMongoError

from services.chassis import logs
from services.chassis.availability import Availability
from services.chassis.lease import Lease

DRAIN_SECONDS = 10.0
_FAILURE_PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0)
_log = logs.get("chassis.leading")

LeaderTask = Callable[[int], Awaitable[None]]
"""Is called with the fencing token when leadership begins and cancelled when it ends; writes are guarded by the token.

One that raises is begun again after a pause; one that returns has ended for this leadership.
"""


async def lead(lease: Lease, tasks: Sequence[LeaderTask], *, on_answer: Callable[[], None]) -> None:
    """Try for the lease until cancelled, and run the tasks whenever it is held; `on_answer`: the database answered."""
    database = Availability("lease", _log)
    while True:
        try:
            holds = await lease.hold()
            database.back()
            on_answer()
        except PyMongoError as error:
            database.away(error)
            holds = False
        if holds:
            await _reign(lease, tasks)
        await asyncio.sleep(lease.ttl_seconds / 4)


async def keep_running(name: str, task: Callable[[], Awaitable[None]]) -> None:
    """Run a task until it returns; one that raises is begun again after a pause."""
    failures = 0
    while True:
        try:
            await task()
        except Exception:  # noqa: BLE001  # the others go on, and so does the process
            _log.exception("task_failed", task=name)
            await asyncio.sleep(_FAILURE_PAUSES[min(failures, len(_FAILURE_PAUSES) - 1)])
            failures += 1
        else:
            return


async def end(running: Sequence[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait a while for them to end."""
    for task in running:
        task.cancel()
    if running:
        _, late = await asyncio.wait(running, timeout=DRAIN_SECONDS)
        for task in late:
            _log.error("task_does_not_end", task=task.get_name())


async def _reign(lease: Lease, tasks: Sequence[LeaderTask]) -> None:
    token = lease.token
    _log.info("leading", lease=lease.name, token=token)
    running = [asyncio.create_task(_run(task, token), name=_name_of(task)) for task in tasks]
    try:
        while lease.held() and lease.token == token:
            await asyncio.sleep(min(lease.ttl_seconds / 4, lease.remaining))
            if lease.held():
                await _renew(lease)
    finally:
        _log.info("leading_ends", lease=lease.name, token=token)
        await end(running)


async def _renew(lease: Lease) -> None:
    try:
        async with asyncio.timeout(lease.remaining):
            await lease.hold()
    except (PyMongoError, TimeoutError) as error:
        _log.warning("lease_not_renewed", lease=lease.name, error=type(error).__name__)


async def _run(task: LeaderTask, token: int) -> None:
    await keep_running(_name_of(task), lambda: task(token))


def _name_of(task: object) -> str:
    return getattr(task, "__qualname__", None) or type(task).__name__
