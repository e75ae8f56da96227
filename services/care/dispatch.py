"""The dispatch role: leases batches, keeps the leases while they are worked on, settles what is unknown."""

import asyncio
import contextlib
import gc
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from pymongo.errors import PyMongoError

from services.care.ports.sending import Batch, TouchBatches
from services.care.usecases.sending.dispatch_batch import DispatchBatch, Lease, LeaseLost
from services.care.usecases.sending.settle_unknown import SettleUnknown
from services.chassis import logs
from services.chassis.clock import Clock

IDLE_SECONDS = 0.2
TROUBLE_SECONDS = 1.0
SETTLE_SECONDS = 1.0
REFRESH_SECONDS = 2.0
_SURE_OF = 0.8
"""A holder believes in its lease for this part of it only, so that it stops before another may begin."""
_NEW_OBJECTS = 20_000
"""Between two looks for garbage, in place of 700: a batch makes tens of thousands that go together."""
_log = logs.get("care.dispatch")


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Works until told to stop; any number of processes may run beside each other."""

    batches: TouchBatches
    dispatch_batch: DispatchBatch
    settle_unknown: SettleUnknown
    clock: Clock
    lease_time: timedelta
    refresh: Callable[[], Awaitable[None]]
    """Reads which channels are set up; nothing is leased before it was done once."""
    at_once: int = 2
    """Batches of one channel that are worked on side by side: a slow provider slows its own channel, and no other."""
    _working: Counter[str] = field(default_factory=Counter)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _knows_channels: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT; a batch that is being worked on is left at its next record."""
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        _log.info("ready")
        steps = (self._refresh, self._next_batch, self._settle)
        await asyncio.gather(*(self._repeat(stopping, step) for step in steps))
        await asyncio.gather(*self._tasks)
        _log.info("stopped")

    async def _repeat(self, stopping: asyncio.Event, step: Callable[[asyncio.Event], Awaitable[float]]) -> None:
        while not stopping.is_set():
            try:
                pause = await step(stopping)
            except PyMongoError as error:
                _log.warning("database_away", error=type(error).__name__)
                pause = TROUBLE_SECONDS
            except Exception:  # noqa: BLE001  # whatever went wrong must not stop the sending
                _log.exception("dispatch_failed")
                pause = TROUBLE_SECONDS
            if pause:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), pause)

    async def _refresh(self, stopping: asyncio.Event) -> float:
        await self.refresh()
        self._knows_channels.set()
        return REFRESH_SECONDS

    async def _settle(self, stopping: asyncio.Event) -> float:
        if settled := await self.settle_unknown():
            _log.info("unknown_settled", count=settled)
        return SETTLE_SECONDS

    async def _next_batch(self, stopping: asyncio.Event) -> float:
        if not self._knows_channels.is_set():
            return IDLE_SECONDS
        believed_from = time.monotonic()
        full = [channel for channel, batches in self._working.items() if batches >= self.at_once]
        batch = await self.batches.lease(self.clock.now(), busy=full)
        if batch is None:
            return IDLE_SECONDS
        self._working[batch.channel] += 1
        keeper = _LeaseKeeper(self.batches, batch, self.lease_time, believed_from, stopping)
        task = asyncio.create_task(self._work(batch, keeper))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return 0.0

    async def _work(self, batch: Batch, keeper: "_LeaseKeeper") -> None:
        keeping = asyncio.create_task(keeper.keep())
        began = time.perf_counter()
        try:
            settled = await self.dispatch_batch(batch, Lease(keeper.held))
            seconds = round(time.perf_counter() - began, 3)
            _log.info("batch_worked", batch_id=batch.id, settled=settled, seconds=seconds)
        except LeaseLost:
            _log.info("batch_left", batch_id=batch.id)
        except PyMongoError as error:
            _log.warning("database_away", error=type(error).__name__)
        except Exception:  # noqa: BLE001  # one bad batch must not stop the others; its lease ends by itself
            _log.exception("dispatch_failed", batch_id=batch.id)
        finally:
            keeping.cancel()
            self._working[batch.channel] -= 1


def look_for_garbage_seldom() -> None:
    """Look for what only points at itself seldom, and never at what is loaded by now: looking costs a twentieth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 10, 10)


class _LeaseKeeper:
    """Renews one lease in the background and judges by this process's own clock whether it is still held."""

    def __init__(
        self,
        batches: TouchBatches,
        batch: Batch,
        lease_time: timedelta,
        believed_from: float,
        stopping: asyncio.Event,
    ) -> None:
        self._batches, self._batch, self._stopping = batches, batch, stopping
        self._seconds = lease_time.total_seconds()
        self._until = believed_from + self._seconds * _SURE_OF

    def held(self) -> bool:
        return not self._stopping.is_set() and time.monotonic() < self._until

    async def keep(self) -> None:
        while True:
            await asyncio.sleep(self._seconds / 4)
            asked = time.monotonic()
            try:
                renewed = await self._batches.renew(self._batch)
            except PyMongoError:
                continue  # believed until it ends by itself
            self._until = asked + self._seconds * _SURE_OF if renewed else 0.0
