"""Root fields that read points, tiers and privileges."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.loaders import Loader

NODES: Mapping[str, Loader] = {}


@strawberry.type
class LoyaltyQuery: ...
