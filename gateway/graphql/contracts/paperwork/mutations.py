"""Root fields that change clause templates, rendered contracts and signed documents."""

import strawberry


@strawberry.type
class PaperworkMutation: ...
