"""Root fields that read products, serviced assets and price lists."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.loaders import Loader

NODES: Mapping[str, Loader] = {}
"""By the prefix of an id: what `node(id)` finds here."""


@strawberry.type
class CatalogQuery: ...
