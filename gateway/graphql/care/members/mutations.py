"""Root fields that change the people we care for: consent, merge, import, export, erasure."""

import strawberry


@strawberry.type
class MembersMutation: ...
