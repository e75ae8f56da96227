"""Root fields that change billing schedules, price changes and exports for accounting."""

import strawberry


@strawberry.type
class BillingMutation: ...
