"""Root fields that change customers' upkeep: change, merge, import, export."""

import strawberry


@strawberry.type
class CustomersMutation: ...
