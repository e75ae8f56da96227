"""The commands behind `make run`, `stop`, `token`, `inbox` and `replay`: python -m deploy.local COMMAND --help."""

import json
import os
import signal
import subprocess
import time
import urllib.error
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from deploy.local import processes, state
from deploy.local.child import python
from deploy.local.sink_client import SinkClient

STOP_SECONDS = 60.0
cli = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
Data = Annotated[Path, typer.Option(help="directory with the data of the suite")]
_problems = Console(stderr=True, highlight=False, soft_wrap=True)


def fail(problem: object) -> typer.Exit:
    """Say what went wrong and what to do; exit with status 1."""
    _problems.print(str(problem), style="red", markup=False)
    return typer.Exit(1)


@cli.command()
def up(
    *,
    data: Data = Path(".run"),
    verbose: Annotated[bool, typer.Option(help="show a line for every call, too")] = False,
) -> None:
    """Start the suite and show its logs until Ctrl-C."""
    from deploy.local.up import up as run  # the other commands need no supervisor

    raise typer.Exit(run(data, verbose=verbose))


@cli.command()
def down(*, data: Data = Path(".run")) -> None:
    """End a suite that runs in another terminal."""
    try:
        pid = int(state.read(data)["supervisor_pid"])
    except state.NotRunning as absent:
        typer.echo(str(absent))
        return
    os.kill(pid, signal.SIGTERM)
    ends = time.monotonic() + STOP_SECONDS
    while state.is_running(data):
        if time.monotonic() > ends:
            raise fail(f"The suite (process {pid}) did not end within {STOP_SECONDS:.0f} s.")
        time.sleep(0.1)
    typer.echo("Everything has ended. The data stays.")


@cli.command()
def token(
    *,
    data: Data = Path(".run"),
    role: Annotated[str, typer.Option(help="one role, or several with commas")] = "ops",
    subject: Annotated[str, typer.Option(help="who signs in; an employee's id, say")] = "",
) -> None:
    """Print a token to sign in with: Authorization: Bearer TOKEN."""
    from deploy.local import tokens  # it needs the gateway's own issuer, which takes a moment to load

    try:
        suite = state.read(data)
        made = tokens.token(Path(suite["keys"]["dev_issuer"]), role.split(","), subject=subject)
    except (state.NotRunning, tokens.Refused) as problem:
        raise fail(problem) from None
    typer.echo(made)


@cli.command()
def inbox(
    *,
    data: Data = Path(".run"),
    to: Annotated[str, typer.Option(help="only messages to this address")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    show: Annotated[int, typer.Option(help="print one message whole, by its number")] = 0,
) -> None:
    """Show the newest messages that the local sink has kept: mail, SMS, WeCom, WeChat, webhooks."""
    try:
        sink = SinkClient(state.read(data)["sink_url"] or "http://127.0.0.1:9")
        if show:
            typer.echo(sink.content(show).decode(errors="replace"))
            return
        found, figures = sink.messages(to=to, limit=limit, order="newest"), sink.stats()
    except state.NotRunning as absent:
        raise fail(absent) from None
    except urllib.error.HTTPError:
        raise fail(f"There is no message {show}. `make inbox` lists the newest.") from None
    except OSError:
        raise fail("The mail sink does not answer. With SMTP_URL set, messages go to that server, not here.") from None
    if not found:
        typer.echo(f"Nothing was sent to {to} yet." if to else "Nothing was sent yet. `make demo` sends something.")
        return
    console = Console(highlight=False)
    table = Table("No.", "Time (UTC)", "Channel", "To", "Subject", box=None, header_style="bold")
    for one in found:
        table.add_row(str(one["id"]), one["time"][:19].replace("T", " "), channel_of(one), one["to"], one["subject"])
    console.print(table)
    doubled = f", {figures['doubled']} of them twice" if figures["doubled"] else ""
    console.print(f"{figures['deliveries']} messages kept{doubled}, to {figures['recipients']} addresses.")


def channel_of(message: dict[str, Any]) -> str:
    """Return how a message came: the sender of a mail is an address, that of any other message its channel."""
    return "email" if "@" in message["from"] else str(message["from"])


@cli.command()
def replay(*, data: Data = Path(".run"), event: str = "") -> None:
    """Put parked events back to the handlers they failed in: --event ID, or --event all."""
    if not event:
        raise fail("Which event? make replay EVENT=evt_... brings one back, make replay EVENT=all every one.")
    try:
        suite = state.read(data)
    except state.NotRunning as absent:
        raise fail(absent) from None
    env = {**os.environ, "MONGO_URL": suite["mongo_url"], "AMQP_URL": suite["amqp_url"], "LOG_LEVEL": "info"}
    which = ["--all"] if event == "all" else ["--event", event]
    found = sum(_replayed(service, which, env=env) for service in processes.SERVICES)
    if found == 0 and event != "all":
        raise fail(f"No event {event} is parked. `make replay EVENT=all` brings back every one that is.")
    typer.echo(f"{found} events were put back to their handlers." if found else "Nothing is parked.")


def _replayed(service: str, which: list[str], *, env: dict[str, str]) -> int:
    """Return how many events one service put back; what else it says is shown."""
    command = python(f"services.{service}", "replay", *which)
    ended = subprocess.run(command, env=env, check=False, capture_output=True, text=True)
    count = 0
    for line in ended.stdout.splitlines():
        entry = json.loads(line) if line.startswith("{") else {}
        if entry.get("event") == "replay_ended":
            count = int(entry["count"])
        else:
            typer.echo(f"{service}: {line}")
    if ended.stderr and ended.returncode not in {0, 1}:
        raise fail(f"{service}: {ended.stderr.strip()}")
    return count


if __name__ == "__main__":
    cli()
