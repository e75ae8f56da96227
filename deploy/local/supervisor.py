"""Starts the suite in order, keeps it running, and ends it in order: the heart of `make run`."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local import keys, processes, state
from deploy.local.child import WRONG_SETTINGS, Child, Program, StartFailed, State
from deploy.local.mongod import Mongod
from deploy.local.ports import LOOPBACK, free_port, free_ports
from deploy.local.processes import MONGOD, Places

BACKING_SECONDS, READY_SECONDS = 90.0, 120.0
LOG_BYTES = 20_000_000

Heard = Callable[[str, bytes], None]
Told = Callable[[str, str], None]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to run, and where. Empty addresses are chosen; an address that is given is not ours to start."""

    data: Path
    gateway_address: str = ""
    mongo_url: str = ""
    amqp_url: str = ""
    smtp_url: str = ""
    smtp_lookup_url: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    ready_seconds: float = READY_SECONDS
    """A migration must have ended by then, and a process serve."""
    programs: Callable[[Places, Mapping[str, str]], list[Program]] = processes.programs
    migrations: Callable[[Mapping[str, str]], list[Program]] = processes.migrations


class Supervisor:
    """One suite on one data directory."""

    def __init__(self, wanted: Wanted, *, heard: Heard, told: Told) -> None:
        """Log lines go to `heard`, changes of a process to `told`; nothing runs yet."""
        self.wanted = wanted
        self.data = wanted.data.resolve()
        self.children: dict[str, Child] = {}
        self.places: Places | None = None
        self._heard, self._told = heard, told
        self._hold: state.Hold | None = None
        self._mongod: Mongod | None = None
        self._stopping = False

    def take_hold(self) -> None:
        """Take the data directory, or raise AlreadyRunning; `stop` lets it go."""
        self._hold = self._hold or state.hold(self.data)

    async def start(self) -> Places:
        """Return once everything serves; raise StartFailed with a reason, leaving nothing behind."""
        self.take_hold()
        try:
            self.places = places = await self._start_backing()
            env = processes.environment(places, self.wanted.env)
            await self._migrate(self.wanted.migrations(env))
            for program in self.wanted.programs(places, env):
                self._add(program)
            await self._all_ready(list(self.children), self.wanted.ready_seconds)
        except BaseException:
            await self.stop(kill=True)
            raise
        self._publish()
        return places

    async def stop(self, *, kill: bool = False) -> None:
        """End everything, those who ask before those who answer."""
        self._stopping = True
        for group in processes.stop_groups(list(self.children)):
            await asyncio.gather(*(self.children[name].stop(kill=kill) for name in group))
        if self._hold is not None:  # else what is published here is another suite's
            state.remove(self.data)
            self._hold.release()
            self._hold = None

    def kill9(self, name: str) -> None:
        """Kill a process as a crash would; it is then restarted like after any crash."""
        self.children[name].signal(signal.SIGKILL)

    async def stop_one(self, name: str, *, kill: bool = False) -> None:
        """End one process and leave it down until `start_one`."""
        await self.children[name].stop(kill=kill)

    async def start_one(self, name: str) -> None:
        """Start a process that was ended, and return once it serves."""
        self.children[name].start()
        await self.children[name].wait_until_ready(self.wanted.ready_seconds)

    def pids(self) -> dict[str, int]:
        """Return the process ids of what runs now."""
        return {name: child.pid for name, child in self.children.items() if child.pid is not None}

    async def _start_backing(self) -> Places:
        wanted, smtp_url, sink_url = self.wanted, self.wanted.smtp_url, self.wanted.smtp_lookup_url
        mongo_url = wanted.mongo_url or self._add_mongod()
        if not smtp_url:
            smtp_port, http_port = free_ports(2)
            smtp_url, sink_url = f"smtp://{LOOPBACK}:{smtp_port}", f"http://{LOOPBACK}:{http_port}"
            self._add(processes.sink_program(self.data, smtp_port=smtp_port, http_port=http_port))
        rpc, metrics = processes.choose_addresses()
        places = Places(
            data=self.data,
            keys=keys.ensure(self.data / "keys"),
            mongo_url=mongo_url,
            amqp_url=wanted.amqp_url,
            smtp_url=smtp_url,
            sink_url=sink_url,
            gateway_address=wanted.gateway_address or f"{LOOPBACK}:{free_port()}",
            rpc=rpc,
            metrics=metrics,
        )
        if MONGOD in self.children:  # the sink may take its time: nothing needs it to migrate
            await self._all_ready([MONGOD], BACKING_SECONDS)
        return places

    def _add_mongod(self) -> str:
        mongod = self._mongod = Mongod(self.data / MONGOD)
        mongod.prepare()

        async def writable() -> None:
            while not await asyncio.to_thread(mongod.is_writable):  # noqa: ASYNC110 - another program sets no event
                await asyncio.sleep(0.05)

        self._add(Program(name=MONGOD, command=mongod.command, env=dict(os.environ), gate=writable, stop_seconds=30.0))
        return mongod.url

    def _add(self, program: Program) -> None:
        log = self.data / "logs" / f"{program.name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        child = Child(program, log, heard=self._heard, changed=self._changed)
        self.children[program.name] = child
        child.start()

    async def _migrate(self, programs: list[Program]) -> None:
        logs = self.data / "logs"
        children = [
            Child(program, logs / f"{program.name}.log", heard=self._heard, changed=lambda _: None)
            for program in programs
        ]
        await asyncio.gather(*(child.run_to_end(self.wanted.ready_seconds) for child in children))

    async def _all_ready(self, names: list[str], seconds: float) -> None:
        waits = [asyncio.create_task(self.children[name].wait_until_ready(seconds)) for name in names]
        try:
            await asyncio.gather(*waits)
        except StartFailed as failure:
            raise StartFailed(self._explained(failure)) from failure
        finally:
            for wait in waits:
                wait.cancel()

    def _explained(self, failure: StartFailed) -> str:
        mongod = self.children.get(MONGOD)
        if self._mongod is not None and mongod is not None and mongod.state is not State.READY:
            return self._mongod.explain(mongod.exit_code, mongod.last_words)
        return str(failure)

    def _changed(self, child: Child) -> None:
        if self._stopping and child.state is not State.STOPPED:
            return
        if child.program.gate is not None or child.state in {State.RESTARTING, State.FAILED}:
            self._told(child.name, _sentence(child))  # the others say themselves that they are ready
        if self.places is not None and child.state is State.READY and (self.data / state.FILE).exists():
            self._publish()

    def _publish(self) -> None:
        with contextlib.suppress(OSError):  # the disk may be full; the suite goes on
            state.write(self.data, self.description())

    def description(self) -> dict[str, Any]:
        """Return what `DATA/suite.json` says."""
        places = self.places
        if places is None:
            return {}
        return {
            "gateway": places.gateway_url,
            "graphql": f"{places.gateway_url}/graphql",
            "supervisor_pid": os.getpid(),
            "mongo_url": places.mongo_url,
            "amqp_url": places.amqp_url,
            "smtp_url": places.smtp_url,
            "sink_url": places.sink_url,
            "rpc": dict(places.rpc),
            "metrics": dict(places.metrics),
            "keys": {name: str(getattr(places.keys, name)) for name in places.keys.__slots__},
            "processes": self.pids(),
        }


def _sentence(child: Child) -> str:
    if child.state is State.RESTARTING:
        return f"ended with exit code {child.exit_code}; starting it again"
    if child.state is State.FAILED and child.exit_code != WRONG_SETTINGS:
        return f"ended with exit code {child.exit_code} again and again, and is given up"
    if child.state is State.FAILED:
        return "refuses its settings; the lines above say which. Correct them and start again"
    return str(child.state.value)
