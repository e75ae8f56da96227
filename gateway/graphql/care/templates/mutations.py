"""Root fields that change words by language and channel."""

import strawberry


@strawberry.type
class TemplatesMutation: ...
