"""Root fields that change warranties that end, renewals and their forecast."""

import strawberry


@strawberry.type
class RenewalsMutation: ...
