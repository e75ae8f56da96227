"""Root fields that change channels, providers, policy and the ledger."""

import strawberry


@strawberry.type
class SendingMutation: ...
