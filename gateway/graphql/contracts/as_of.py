"""Arguments of what reads contracts as they were."""

from typing import Annotated

import strawberry

from gateway.graphql.scalars import Date, DateTime

AsOf = Annotated[
    Date | None, strawberry.argument(description="The day that is asked about; absent: what was agreed and moved last.")
]
KnownAt = Annotated[
    DateTime | None, strawberry.argument(description="Only what was recorded by this moment; absent: all.")
]
