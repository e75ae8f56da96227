"""Relay connections over keyset pages: a cursor is the id after which the next page starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import strawberry

from gateway.graphql.sources import computed

MOST_FIRST, DEFAULT_FIRST = 500, 50
"""Items of a page."""
MOST_NESTED, DEFAULT_NESTED = 100, 20
"""Items of a list below each thing of another list."""

Node = TypeVar("Node")

First = Annotated[int, strawberry.argument(description=f"How many items at most, 1 to {MOST_FIRST}.")]
After = Annotated[
    str | None, strawberry.argument(description="A cursor: the page starts behind it. Absent: the first page.")
]


@dataclass(frozen=True, slots=True)
class Page:
    """Source of a connection: the items of a page, whether more follow, and whether it is the first."""

    items: Sequence[Any]
    more: bool
    later: bool


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = computed(lambda page: page.more, description="Another page follows.")
    has_previous_page: bool = computed(lambda page: page.later, description="The page was asked for with `after`.")
    start_cursor: str | None = computed(
        lambda page: page.items[0].id if page.items else None, description="Cursor of the first item."
    )
    end_cursor: str | None = computed(
        lambda page: page.items[-1].id if page.items else None,
        description="Cursor of the last item: pass it as `after` to get the next page.",
    )


@strawberry.type(description="An item of a page with its cursor.")
class Edge(Generic[Node]):
    cursor: str = computed(lambda item: item.id, description="Marks the item's place in the list; opaque.")
    node: Node = computed(lambda item: item, description="The item.")


@strawberry.type(description="A page of a list that may be longer.")
class Connection(Generic[Node]):
    nodes: list[Node] = computed(lambda page: page.items, description="The items of the page.")
    edges: list[Edge[Node]] = computed(lambda page: page.items, description="The items of the page with their cursors.")
    page_info: PageInfo = computed(lambda page: page, description="Where the page stands.")


def page_of(items: Sequence[Any], next_page_token: str, *, after: str | None) -> Page:
    """Return the source of a connection from what a List RPC answered."""
    return Page(items, more=bool(next_page_token), later=bool(after))
