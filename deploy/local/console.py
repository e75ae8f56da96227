"""Shows the logs of all processes as one, a colour for each; the files keep every line as it was written."""

import contextlib
import sys
import time
from typing import Any

import orjson
from rich.console import Console
from rich.markup import escape
from rich.text import Text

_COLOURS = ("cyan", "green", "magenta", "yellow", "blue", "bright_cyan", "bright_green", "bright_magenta")
_LEVELS = {"warning": "yellow", "error": "bold red", "critical": "bold red"}
_SHOWN_ELSEWHERE = frozenset({"time", "level", "service", "role", "logger", "event", "message", "exception"})
_QUIET_EVENTS = frozenset({"rpc", "http", "request"})
"""One line a call: in the files, not on the screen."""
_WIDTH = 19


class LogScreen:
    """Prints what processes say; goes quiet when nobody can read any more."""

    def __init__(self, console: Console | None = None, *, verbose: bool = False) -> None:
        """`verbose` shows a line for every call, too."""
        self.console = console or Console(file=sys.stdout, highlight=False, soft_wrap=True)
        self._verbose = verbose
        self._colours: dict[str, str] = {}

    def heard(self, name: str, line: bytes) -> None:
        """Show a line of a process, unless it is one of many."""
        try:
            entry: Any = orjson.loads(line)
        except orjson.JSONDecodeError:
            entry = None
        if not isinstance(entry, dict):
            self._print(name, Text(line.decode(errors="replace")))
            return
        if not self._verbose and entry.get("level") in {"info", "debug"} and entry.get("event") in _QUIET_EVENTS:
            return
        self._print(name, _rendered(entry))

    def told(self, name: str, sentence: str) -> None:
        """Show a change of a process, in the supervisor's own words."""
        self._print(name, Text(sentence, style="bold"))

    def say(self, text: str) -> None:
        """Print to the person, with rich's marks."""
        with contextlib.suppress(OSError):
            self.console.print(text)

    def _print(self, name: str, text: Text) -> None:
        colour = self._colours.setdefault(name, _COLOURS[len(self._colours) % len(_COLOURS)])
        head = Text(f"{time.strftime('%H:%M:%S')} {name:<{_WIDTH}} ", style=colour)
        with contextlib.suppress(OSError):  # the terminal was closed; the suite is told by a signal
            self.console.print(head + text)


def _rendered(entry: dict[str, Any]) -> Text:
    style = _LEVELS.get(str(entry.get("level")), "")
    text = Text(str(entry.get("event", "")), style=style)
    if entry.get("message"):
        text.append(f" {entry['message']}")
    for key, value in entry.items():
        if key not in _SHOWN_ELSEWHERE:
            text.append(f" {key}=", style="dim").append(str(value))
    if entry.get("exception"):
        text.append(f"\n{entry['exception']}", style="dim")
    return text


def welcome(description: dict[str, Any], *, seconds: float, data: str) -> str:
    """Return what a person needs once everything serves."""
    option = "" if data == ".run" else f" DATA={data}"
    rows = [
        ("GraphQL", description["graphql"]),
        ("Messages", f"{description['gateway']}/inbox    (or: make inbox{option})"),
        ("Health", f"{description['gateway']}/health"),
        ("Database", description["mongo_url"]),
        ("Bus", description["amqp_url"] or "embedded in the database"),
        ("Mail", description["smtp_url"]),
        ("Services", "  ".join(f"{name} {address}" for name, address in description["rpc"].items())),
        ("Logs", f"{data}/logs"),
        ("Sign in", f"make token{option} ROLE=ops"),
        ("Try it", f"make demo{option}    (in another terminal)"),
    ]
    lines = "\n".join(f"  [bold]{name:<9}[/bold] {escape(str(value))}" for name, value in rows)
    return f"\n[bold green]MemberCare is ready[/bold green] after {seconds:.1f} s. Ctrl-C ends it.\n{lines}\n"
