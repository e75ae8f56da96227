"""Things with an id that tells their type."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.context import Context
from gateway.graphql.loaders import Loader, load_one
from services.chassis.errors import InvalidId
from services.chassis.ids import check_id, prefix_of


@strawberry.interface(description="A thing that `node(id)` can find. The first three letters of an id tell its type.")
class Node:
    id: strawberry.ID = strawberry.field(description="Never changes, and is never used again.")


async def find_node(context: Context, id: str, *, loaders: Mapping[str, Loader]) -> object:
    """Return the thing that an id names, or None; an id of no known type is refused with INVALID_ID."""
    loader = loaders.get(prefix := prefix_of(id))
    if loader is None:
        raise InvalidId("id", f"{id[:40]!r} is no id: it must start with one of {', '.join(loaders)} and `_`.")
    context.admit(loader.roles)
    found: object = await load_one(context, loader, key=check_id(id, prefix, field="id"))
    return found
