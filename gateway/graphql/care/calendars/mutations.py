"""Root fields that change days: statutory, lunar, occasions, blackouts."""

import strawberry


@strawberry.type
class CalendarsMutation: ...
