"""Root fields that change what is covered, what is left of allowances, and chargeable service."""

import strawberry


@strawberry.type
class EntitlementMutation: ...
