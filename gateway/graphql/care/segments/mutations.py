"""Root fields that change who belongs to a group, and why."""

import strawberry


@strawberry.type
class SegmentsMutation: ...
