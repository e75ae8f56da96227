"""Runs a suite in the foreground until somebody ends it: what `make run` does."""

import asyncio
import os
import signal
import time
from pathlib import Path

import psutil

from deploy.local.child import StartFailed
from deploy.local.console import LogScreen, welcome
from deploy.local.ports import is_free
from deploy.local.state import AlreadyRunning
from deploy.local.supervisor import Supervisor, Wanted

DEFAULT_GATEWAY = "127.0.0.1:8000"
FAILED = 1
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def up(data: Path, *, verbose: bool) -> int:
    """Start, show the logs, end in order; return the exit status."""
    screen = LogScreen(verbose=verbose)
    try:
        wanted = from_environment(data)
        return asyncio.run(_run(wanted, screen=screen, shown=str(data)))
    except (AlreadyRunning, StartFailed) as refusal:
        screen.console.print(f"\n{refusal}", markup=False, style="red")
        return FAILED


def from_environment(data: Path) -> Wanted:
    """Read what a person may choose: addresses of servers that are not ours to start, and the gateway's own."""
    address = os.environ.get("GATEWAY_ADDRESS") or DEFAULT_GATEWAY
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise StartFailed(f"GATEWAY_ADDRESS={address} is not host:port. Example: GATEWAY_ADDRESS=127.0.0.1:8001")
    return Wanted(
        data=data,
        gateway_address=address,
        mongo_url=os.environ.get("MONGO_URL", ""),
        amqp_url=os.environ.get("AMQP_URL", ""),
        smtp_url=os.environ.get("SMTP_URL", ""),
        smtp_lookup_url=os.environ.get("SMTP_LOOKUP_URL", ""),
    )


def check_port_is_free(address: str) -> None:
    """Raise StartFailed with the name of who has it, where the system tells."""
    port = int(address.rpartition(":")[2])
    if is_free(port):
        return
    raise StartFailed(
        f"Port {port} is taken by {_listener(port)}. End that program, or choose another port:"
        f" make run GATEWAY_ADDRESS=127.0.0.1:{port + 1}"
    )


async def _run(wanted: Wanted, *, screen: LogScreen, shown: str) -> int:
    supervisor = Supervisor(wanted, heard=screen.heard, told=screen.told)
    supervisor.take_hold()
    began = time.monotonic()
    told_to_end = asyncio.Event()
    starting = asyncio.create_task(_start(supervisor, wanted))
    _on_signals(told_to_end, starting)
    try:
        await starting
    except asyncio.CancelledError:
        screen.say("Stopped before everything was up. Nothing runs any more.")
        return FAILED
    screen.say(welcome(supervisor.description(), seconds=time.monotonic() - began, data=shown))
    await told_to_end.wait()
    screen.say("\nEnding; what is under way is finished first. Ctrl-C again ends at once.")
    await _end(supervisor, told_to_end)
    screen.say("Everything has ended. The data stays.")
    return 0


async def _start(supervisor: Supervisor, wanted: Wanted) -> None:
    try:
        check_port_is_free(wanted.gateway_address)
    except StartFailed:
        await supervisor.stop()
        raise
    await supervisor.start()


async def _end(supervisor: Supervisor, again: asyncio.Event) -> None:
    again.clear()
    ending = asyncio.create_task(supervisor.stop())
    impatient = asyncio.create_task(again.wait())
    await asyncio.wait({ending, impatient}, return_when=asyncio.FIRST_COMPLETED)
    impatient.cancel()
    if not ending.done():
        for name in supervisor.pids():
            supervisor.kill9(name)
    await ending


def _on_signals(told_to_end: asyncio.Event, starting: asyncio.Task[None]) -> None:
    def told() -> None:
        told_to_end.set()
        starting.cancel()

    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, told)


def _listener(port: int) -> str:
    """Name the program that listens; another user's is not shown to us."""
    try:
        found = [one for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN]
        pid = next(one.pid for one in found if one.laddr and one.laddr[1] == port)
        return f"{psutil.Process(pid).name()} (process {pid})" if pid else "another user's program"
    except (StopIteration, psutil.Error):
        return "another program"
