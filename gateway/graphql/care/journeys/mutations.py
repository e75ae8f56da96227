"""Root fields that change steps over time, one member at a time."""

import strawberry


@strawberry.type
class JourneysMutation: ...
