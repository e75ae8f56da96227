"""Root fields that read cases."""

import strawberry

from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page
from gateway.graphql.edges import CASES
from gateway.graphql.feedback.types import Case, CaseKind, CaseSource, CaseState
from gateway.graphql.roots import Info, listed, one, query
from membercare.feedback.v1 import feedback_service_pb2 as pb


@strawberry.input(description="What a listed case must match; absent fields match all.")
class CaseFilter:
    state: CaseState | None = None
    kind: CaseKind | None = None
    assignee_id: strawberry.ID | None = None
    customer_id: strawberry.ID | None = None
    member_id: strawberry.ID | None = None
    source: CaseSource | None = None


@strawberry.type
class FeedbackQuery:
    case = one(Case, CASES, prefix="cas", description="One case; null if there is none.")

    @query(Connection[Case], rpc="ListCases", description="Cases in the order they were opened.")
    async def cases(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: CaseFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListCasesRequest, first=first, after=after, filter=filter)
