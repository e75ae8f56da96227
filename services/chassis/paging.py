"""One page of a list that is ordered by id."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """The items and the token of the page after; the token is the last id, or empty at the end."""

    items: tuple[Item, ...]
    next_token: str = ""
