"""Root fields that read calls that are owed, and what was heard."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.loaders import Loader

NODES: Mapping[str, Loader] = {}


@strawberry.type
class VisitsQuery: ...
