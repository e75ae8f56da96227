"""Root fields that read warranties that end, renewals and their forecast."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.loaders import Loader

NODES: Mapping[str, Loader] = {}
"""By the prefix of an id: what `node(id)` finds here."""


@strawberry.type
class RenewalsQuery: ...
