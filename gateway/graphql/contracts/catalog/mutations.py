"""Root fields that change products, serviced assets and price lists."""

import strawberry


@strawberry.type
class CatalogMutation: ...
