"""Root fields that change calls that are owed, and what was heard."""

import strawberry


@strawberry.type
class VisitsMutation: ...
