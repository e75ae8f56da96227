"""Long reads a batch at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in their order, so many at a time."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
