"""Things with an id that tells their type."""

import strawberry


@strawberry.interface(description="A thing that `node(id)` can find. The first three letters of an id tell its type.")
class Node:
    id: strawberry.ID = strawberry.field(description="Never changes, and is never used again.")
