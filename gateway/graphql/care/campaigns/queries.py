"""Root fields that read what is planned for whom, by which rule, who approved it."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.loaders import Loader

NODES: Mapping[str, Loader] = {}


@strawberry.type
class CampaignsQuery: ...
