"""Root fields that read the people we care for: consent, merge, import, export, erasure."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.loaders import Loader

NODES: Mapping[str, Loader] = {}


@strawberry.type
class MembersQuery: ...
