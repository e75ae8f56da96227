"""Root fields that read cases."""

import strawberry

from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page, page_of
from gateway.graphql.edges import CASES
from gateway.graphql.feedback.types import Case, CaseKind, CaseSource, CaseState
from gateway.graphql.loaders import load_one
from gateway.graphql.roots import Info, query
from gateway.graphql.sources import filtered
from membercare.feedback.v1 import case_pb2
from membercare.feedback.v1 import feedback_service_pb2 as pb
from services.chassis.ids import check_id


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
    @query(Case, rpc="BatchGetCases", description="One case; null if there is none.")
    async def case(self, info: Info, id: strawberry.ID) -> case_pb2.Case | None:
        found: case_pb2.Case | None = await load_one(info.context, CASES, check_id(id, "cas", "id"))
        return found

    @query(Connection[Case], rpc="ListCases", description="Cases in the order they were opened.")
    async def cases(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: CaseFilter | None = None
    ) -> Page:
        request = pb.ListCasesRequest(filter=filtered(filter, pb.CaseFilter), page_size=first, page_token=after)
        reply = await info.context.call(info.context.clients.feedback.ListCases, request)
        return page_of(reply.cases, reply.next_page_token, after)
