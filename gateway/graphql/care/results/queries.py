"""Root fields that read what came of it, and plans for key accounts."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.loaders import Loader

NODES: Mapping[str, Loader] = {}


@strawberry.type
class ResultsQuery: ...
