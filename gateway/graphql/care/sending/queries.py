"""Root fields that read channels, providers, policy and the ledger."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.loaders import Loader

NODES: Mapping[str, Loader] = {}


@strawberry.type
class SendingQuery: ...
