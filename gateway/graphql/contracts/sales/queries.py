"""Root fields that read leads, opportunities, quotes and orders."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.loaders import Loader

NODES: Mapping[str, Loader] = {}
"""By the prefix of an id: what `node(id)` finds here."""


@strawberry.type
class SalesQuery: ...
