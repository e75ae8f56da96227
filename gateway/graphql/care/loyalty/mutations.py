"""Root fields that change points, tiers and privileges."""

import strawberry


@strawberry.type
class LoyaltyMutation: ...
