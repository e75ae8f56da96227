"""Keeps one process alive: starts it, waits until it is ready, restarts it with growing pauses, drains it."""

import asyncio
import contextlib
import signal
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import BinaryIO

import orjson

from deploy.local import leash

FIRST_PAUSE, LONGEST_PAUSE = 0.3, 15.0
STEADY_SECONDS = 30.0
"""A process that stayed up this long starts again with the first pause."""
WRONG_SETTINGS = 2
MOST_FRUITLESS_RESTARTS = 3
"""A process that never served is given up after so many."""
LINE_BYTES = 1 << 20
_KEPT_LINES = 15


class State(Enum):
    """Where a process stands."""

    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to run. Ready is a JSON log line whose event is `ready`, unless a gate of its own is given."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    gate: Callable[[], Awaitable[None]] | None = None
    stop_seconds: float = 15.0


class StartFailed(RuntimeError):
    """A process did not become ready; the message says what it printed."""


Heard = Callable[[str, bytes], None]
Changed = Callable[["Child"], None]


class Child:
    """One program under supervision."""

    def __init__(self, program: Program, log: Path, *, heard: Heard, changed: Changed) -> None:
        """Lines go to the log file as they are, and to `heard`; every change of state to `changed`."""
        self.program = program
        self.state = State.STOPPED
        self.restarts = 0
        self.exit_code: int | None = None
        self._log_path = log
        self._heard, self._changed = heard, changed
        self._process: asyncio.subprocess.Process | None = None
        self._ready = asyncio.Event()
        self._wanted = self._served = False
        self._task: asyncio.Task[None] | None = None
        self._last_lines: deque[str] = deque(maxlen=_KEPT_LINES)

    @property
    def name(self) -> str:
        """The name of the program."""
        return self.program.name

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process else None

    def start(self) -> None:
        """Begin to keep it alive."""
        if self._task is None or self._task.done():
            self._wanted = True
            self._ready.clear()
            self._task = asyncio.create_task(self._keep_alive(), name=self.name)

    async def wait_until_ready(self, seconds: float) -> None:
        """Return once it serves; raise StartFailed when it gave up or the time is over."""
        task = self._task
        if task is None:
            raise StartFailed(f"{self.name} was not started.")
        waiting = asyncio.create_task(self._ready.wait())
        await asyncio.wait({waiting, task}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not self._ready.is_set():
            why = (
                f"ended with exit code {self.exit_code}" if self.pid is None else f"was not ready after {seconds:.0f} s"
            )
            raise StartFailed(f"{self.name} {why}. Its log: {self._log_path}\n{self.last_words}")

    @property
    def is_ready(self) -> bool:
        """Whether it serves."""
        return self.state is State.READY

    @property
    def last_words(self) -> str:
        """What it printed last."""
        return "\n".join(f"    {line}" for line in self._last_lines)

    def signal(self, number: int) -> None:
        """Send a signal; a process that has just ended is left alone."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)

    async def run_to_end(self, seconds: float) -> None:
        """Run once; raise StartFailed with its last words unless it ends well, and in time."""
        self._wanted = True
        try:
            await asyncio.wait_for(self._run_once(), seconds)
        except TimeoutError:
            raise StartFailed(
                f"{self.name} was not done after {seconds:.0f} s. Its log: {self._log_path}\n{self.last_words}"
            ) from None
        if self.exit_code != 0:
            raise StartFailed(
                f"{self.name} ended with exit code {self.exit_code}. Its log: {self._log_path}\n{self.last_words}"
            )

    async def stop(self, *, kill: bool = False) -> None:
        """Ask it to end, and end it when it does not; return once it is gone."""
        self._wanted = False
        if self._task is None:
            return
        self.signal(signal.SIGKILL if kill else signal.SIGTERM)
        if self._process is None or self._process.returncode is not None:
            self._task.cancel()  # it was in a pause before a restart
        await asyncio.wait({self._task}, timeout=self.program.stop_seconds)
        if not self._task.done():
            self._heard(self.name, b'{"level":"warning","event":"killed","message":"did not end when asked to"}')
            self.signal(signal.SIGKILL)
            await asyncio.wait({self._task})
        self._change(State.STOPPED)

    async def _keep_alive(self) -> None:
        pause = FIRST_PAUSE
        while self._wanted:
            began = time.monotonic()
            self._change(State.STARTING)
            await self._run_once()
            if self._is_over():
                return
            hopeless = not self._served and self.restarts >= MOST_FRUITLESS_RESTARTS
            if self.exit_code == WRONG_SETTINGS or hopeless:
                self._change(State.FAILED)  # trying again would print the same
                return
            pause = FIRST_PAUSE if time.monotonic() - began > STEADY_SECONDS else pause
            self.restarts += 1
            self._change(State.RESTARTING)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _is_over(self) -> bool:
        return not self._wanted

    async def _run_once(self) -> None:
        self._process = process = await asyncio.create_subprocess_exec(
            *self.program.command,
            env=dict(self.program.env),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=LINE_BYTES,
            start_new_session=True,
            preexec_fn=leash.tie_to_parent,
        )
        if not self._wanted:  # told to stop while it was being started
            process.terminate()
        gate = asyncio.create_task(self._pass_gate())
        try:
            await self._read(process)
            self.exit_code = await process.wait()
        except asyncio.CancelledError:
            self.signal(signal.SIGKILL)
            raise
        finally:
            gate.cancel()
            self._ready.clear()

    async def _pass_gate(self) -> None:
        if self.program.gate is not None:
            await self.program.gate()
            self._now_ready()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        stream = process.stdout
        with self._log_path.open("ab") as file:
            while stream is not None and (line := await _next_line(stream)):
                self._take(line, file)

    def _take(self, line: bytes, file: BinaryIO) -> None:
        file.write(line)
        file.flush()
        text = line.rstrip()
        if not text:
            return
        self._last_lines.append(text.decode(errors="replace"))
        self._heard(self.name, text)
        if self.program.gate is None and not self._ready.is_set() and event_of(text) == "ready":
            self._now_ready()

    def _now_ready(self) -> None:
        self._served = True
        self._ready.set()
        self._change(State.READY)

    def _change(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self._changed(self)


def event_of(line: bytes) -> str:
    """Return the event of a JSON log line, or nothing."""
    if not line.startswith(b"{"):
        return ""
    with contextlib.suppress(orjson.JSONDecodeError):
        return str(orjson.loads(line).get("event", ""))
    return ""


async def _next_line(stream: asyncio.StreamReader) -> bytes:
    """Return a line, or the piece of it that fits; empty at the end."""
    try:
        return await stream.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        return end.partial
    except asyncio.LimitOverrunError as long:
        return await stream.read(long.consumed or LINE_BYTES)


def python(*arguments: str) -> list[str]:
    """Return the command line of a module of ours, unbuffered."""
    return [sys.executable, "-u", "-m", *arguments]
