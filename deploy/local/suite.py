"""A whole suite as an object, for end-to-end tests and the demo: real processes, free ports, in a thread of its own."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

from deploy.local.processes import Places
from deploy.local.supervisor import Supervisor, Wanted

Result = TypeVar("Result")


class Suite:
    """Start it, ask it for addresses, kill parts of it, stop it. `with Suite(folder) as suite:` does the ends."""

    def __init__(
        self,
        data_dir: Path,
        *,
        amqp_url: str | None = None,
        mongo_url: str | None = None,
        extra_env: Mapping[str, str] | None = None,
        wanted: Callable[[Wanted], Wanted] = lambda wanted: wanted,
    ) -> None:
        """Everything that is not given is started on free ports; logs go to `data_dir/logs`."""
        base = Wanted(data=data_dir, amqp_url=amqp_url or "", mongo_url=mongo_url or "", env=extra_env or {})
        self._supervisor = Supervisor(wanted(base), heard=lambda *_: None, told=lambda *_: None)
        self._loop = asyncio.new_event_loop()
        # The kernel ties children to the thread that started them: it must live as long as they do.
        self._thread = threading.Thread(target=self._loop.run_forever, name="suite", daemon=True)

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def start(self) -> Self:
        """Return once everything serves."""
        self._thread.start()
        try:
            self._do(self._supervisor.start())
        except BaseException:  # also an interruption of this thread, of which the other one knows nothing
            self.stop(kill=True)
            raise
        return self

    def stop(self, *, kill: bool = False) -> None:
        """End every process, in order; `kill` does it at once and without drain."""
        if self._thread.is_alive():
            self._do(self._supervisor.stop(kill=kill))
            self._end_thread()

    @property
    def places(self) -> Places:
        """Where everything listens and lies."""
        if self._supervisor.places is None:
            raise RuntimeError("The suite was not started.")
        return self._supervisor.places

    @property
    def gateway_url(self) -> str:
        """The base address of the gateway."""
        return self.places.gateway_url

    def pids(self) -> dict[str, int]:
        """Return the process id of each process that runs now, by name: `care-jobs`, `gateway`, `mongod`..."""
        return self._supervisor.pids()

    def kill9(self, name: str) -> None:
        """Kill a process as a crash would; the supervisor restarts it, with a pause that grows by repetition."""
        self._call(lambda: self._supervisor.kill9(name))

    def take_down(self, name: str, *, kill: bool = False) -> None:
        """End one process and leave it down until `bring_up`."""
        self._do(self._supervisor.stop_one(name, kill=kill))

    def bring_up(self, name: str) -> None:
        """Start what was taken down, and return once it serves."""
        self._do(self._supervisor.start_one(name))

    def restart(self, name: str) -> None:
        """End one process in order, start it again, and return once it serves."""
        self.take_down(name)
        self.bring_up(name)

    def wait_until_restarted(self, name: str, *, than: int, seconds: float = 60.0) -> int:
        """Return the new process id once the process serves under another one than `than`."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            child = self._supervisor.children[name]
            if child.is_ready and child.pid not in {None, than}:
                return child.pid or 0
            time.sleep(0.02)
        raise TimeoutError(f"{name} was not up again after {seconds:.0f} s")

    def log(self, name: str) -> str:
        """Return what a process has written so far."""
        path = self._supervisor.data / "logs" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _do(self, work: Coroutine[Any, Any, Result]) -> Result:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def _call(self, work: Callable[[], None]) -> None:
        async def run() -> None:  # in the loop's own thread
            work()

        self._do(run())

    def _end_thread(self) -> None:
        async def end() -> None:
            mine = asyncio.current_task()
            others = [task for task in asyncio.all_tasks() if task is not mine]
            for task in others:
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*others, return_exceptions=True)
            await self._loop.shutdown_default_executor()

        self._do(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
