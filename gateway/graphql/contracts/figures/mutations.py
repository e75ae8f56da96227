"""Root fields that change recurring revenue, monthly statistics and customers' value."""

import strawberry


@strawberry.type
class FiguresMutation: ...
