"""Figures that must hold exactly, printed as a table."""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One count: what it is, what it must be, what it was."""

    what: str
    must_be: int
    was: int

    @property
    def holds(self) -> bool:
        """Whether it is what it must be."""
        return self.was == self.must_be


def show(title: str, told: str, *, figures: list[Figure]) -> bool:
    """Print the figures; return whether all of them hold."""
    table = Table("figure", "must be", "was", title=f"{title} ({told})")
    for each in figures:
        table.add_row(each.what, f"{each.must_be:,}", f"{each.was:,}", style="" if each.holds else "bold red")
    Console().print(table)
    return all(each.holds for each in figures)
