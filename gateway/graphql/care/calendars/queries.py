"""Root fields that read days: statutory, lunar, occasions, blackouts."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.loaders import Loader

NODES: Mapping[str, Loader] = {}


@strawberry.type
class CalendarsQuery: ...
