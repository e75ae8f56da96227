"""Root fields that change leads, opportunities, quotes and orders."""

import strawberry


@strawberry.type
class SalesMutation: ...
