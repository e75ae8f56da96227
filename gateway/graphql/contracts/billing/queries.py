"""Root fields that read billing schedules, price changes and exports for accounting."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.loaders import Loader

NODES: Mapping[str, Loader] = {}
"""By the prefix of an id: what `node(id)` finds here."""


@strawberry.type
class BillingQuery: ...
