"""What a person sees of the demo, in one of two languages."""

import os
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.syntax import Syntax
from rich.table import Table

CHINESE, ENGLISH = "zh", "en"


class Trouble(Exception):
    """The demo cannot go on; says why and what to do next, in both languages."""

    def __init__(self, english: str, chinese: str) -> None:
        """Take the same words in both languages."""
        super().__init__(english)
        self.english, self.chinese = english, chinese


def language(asked: str) -> str:
    """Return the language asked for, or the one of this terminal."""
    if asked:
        return asked
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return CHINESE if spoken.lower().startswith("zh") else ENGLISH


class Screen:
    """Prints; every sentence comes in English and Simplified Chinese, and one of them is shown."""

    def __init__(self, console: Console, speaks: str) -> None:
        """Take the terminal and `zh` or `en`."""
        self.console, self.speaks = console, speaks

    def words(self, english: str, chinese: str) -> str:
        """Return the words in the language of this screen."""
        return chinese if self.speaks == CHINESE else english

    def title(self, english: str, chinese: str) -> None:
        """Begin a part of the story."""
        self.console.print(f"\n[bold cyan]{escape(self.words(english, chinese))}[/bold cyan]")

    def say(self, english: str, chinese: str) -> None:
        """Print a line of a part."""
        self.console.print(f"  {escape(self.words(english, chinese))}", soft_wrap=True)

    def done(self, english: str, chinese: str, *, fresh: bool) -> None:
        """Print what was done now, or was found done before."""
        mark = "[green]+[/green]" if fresh else "[dim]=[/dim]"
        self.console.print(
            f"  {mark} {escape(self.words(english, chinese))}", style="" if fresh else "dim", soft_wrap=True
        )

    def trouble(self, trouble: Trouble) -> None:
        """Print why the demo ended, and what to do."""
        self.console.print(
            f"\n{self.words(trouble.english, trouble.chinese)}", style="red", markup=False, soft_wrap=True
        )

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = ()) -> None:
        """Print a table; `right` are the columns with figures."""
        table = Table(box=None, header_style="bold", pad_edge=False)
        for place, head in enumerate(heads):
            table.add_column(head, justify="right" if place in right else "left", overflow="fold")
        for row in rows:
            table.add_row(*(escape(str(cell)) for cell in row))
        self.console.print(Padding(table, (0, 2)))

    def code(self, text: str, lexer: str = "graphql") -> None:
        """Print something to copy, without marks that would be copied, too."""
        self.console.print(Syntax("", lexer, background_color="default").highlight(text), soft_wrap=True, end="")

    def waiting(self, english: str, chinese: str) -> AbstractContextManager[object]:
        """Show that something is waited for."""
        return self.console.status(self.words(english, chinese))

    def progress(self) -> Progress:
        """Return a bar that moves."""
        return Progress(
            TextColumn("  {task.description}"),
            BarColumn(bar_width=40),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
        )


def short(moment: datetime) -> str:
    """Return a wall time as people write it."""
    return moment.strftime("%m-%d %H:%M")
