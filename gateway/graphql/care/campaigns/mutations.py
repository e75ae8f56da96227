"""Root fields that change what is planned for whom, by which rule, who approved it."""

import strawberry


@strawberry.type
class CampaignsMutation: ...
