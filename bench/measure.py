"""Measures two ways of doing one thing in turn, A B A B, by the CPU time of every process involved."""

import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import psutil

ROUNDS = 5


@dataclass(frozen=True)
class Figure:
    """One row of the table: microseconds of CPU per operation of ours and of the reference, and the ratio by pairs."""

    key: str
    what: str
    reference: str
    reach: str
    ours_us: list[float]
    reference_us: list[float]
    notes: str = ""
    holds: bool | None = None
    """Whether the figure is reached; None where the ratio decides."""
    at_most: float = 0.0
    ratios: list[float] = field(init=False)

    def __post_init__(self) -> None:
        """Pair the rounds."""
        pairs = zip(self.ours_us, self.reference_us, strict=True)
        object.__setattr__(self, "ratios", [ours / reference for ours, reference in pairs])

    @property
    def ratio(self) -> float:
        """Median of the ratios, pair by pair."""
        return statistics.median(self.ratios)

    @property
    def reached(self) -> bool:
        """Whether the figure is reached on this machine, today."""
        return self.ratio <= self.at_most if self.holds is None else self.holds


@dataclass(frozen=True)
class NotMeasured:
    """A row that could not be measured on this machine, and why."""

    key: str
    why: str


def cpu_seconds(pids: Sequence[int] = ()) -> float:
    """Return user and system time so far of this process and of the processes named."""
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in {psutil.Process().pid, *pids})


def alternate(
    ours: Callable[[], int],
    reference: Callable[[], int],
    *,
    pids: Sequence[int] = (),
    prepare: Callable[[], None] = lambda: None,
    rounds: int = ROUNDS,
) -> tuple[list[float], list[float]]:
    """Run both in turn after one round that is not counted; each returns how many operations it did.

    `prepare` runs before each of them and is not counted. Returns microseconds of CPU per operation, ours and
    reference, a value a round.
    """
    counted: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for column, work in enumerate((ours, reference)):
            prepare()
            before = cpu_seconds(pids)
            operations = work()
            spent = cpu_seconds(pids) - before
            if number:
                counted[column].append(spent / operations * 1e6)
    return counted


async def alternate_async(
    ours: Callable[[], Awaitable[int]],
    reference: Callable[[], Awaitable[int]],
    *,
    pids: Sequence[int] = (),
    prepare: Callable[[], None] = lambda: None,
    rounds: int = ROUNDS,
) -> tuple[list[float], list[float]]:
    """Do as `alternate` does, for coroutines."""
    counted: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for column, work in enumerate((ours, reference)):
            prepare()
            before = cpu_seconds(pids)
            operations = await work()
            spent = cpu_seconds(pids) - before
            if number:
                counted[column].append(spent / operations * 1e6)
    return counted
