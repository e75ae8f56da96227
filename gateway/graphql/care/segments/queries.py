"""Root fields that read who belongs to a group, and why."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.loaders import Loader

NODES: Mapping[str, Loader] = {}


@strawberry.type
class SegmentsQuery: ...
