"""Root fields that read steps over time, one member at a time."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.loaders import Loader

NODES: Mapping[str, Loader] = {}


@strawberry.type
class JourneysQuery: ...
