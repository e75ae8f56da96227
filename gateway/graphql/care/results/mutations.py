"""Root fields that change what came of it, and plans for key accounts."""

import strawberry


@strawberry.type
class ResultsMutation: ...
