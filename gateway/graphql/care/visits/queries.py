"""Root fields that read calls that are owed, and what was heard."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.care.core.enums import QueueView, VisitKind
from gateway.graphql.care.visits.list_types import CallAgents, CallScripts, SpokenScript, VisitRules
from gateway.graphql.care.visits.types import Visit
from gateway.graphql.connections import DEFAULT_FIRST, After, First
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, query
from gateway.graphql.scalars import Date
from gateway.graphql.sources import message, packed
from membercare.care.v1 import visits_service_pb2 as pb

NODES: Mapping[str, Loader] = {}


@strawberry.input(description="What a queue shows; absent fields match all.")
class CallQueueFilter:
    view: QueueView | None = None
    agent_id: strawberry.ID | None = strawberry.field(default=None, description="Needed with MINE.")
    kind: VisitKind | None = None
    skill: str | None = None
    due_through: Date | None = None


@message(pb.ListCallQueueResponse, description="One page of a queue, what is due first before the others.")
class CallQueue:
    visits: list[Visit]
    next_page_token: str | None = strawberry.field(description="Send it back as `after`; null: this was the last page.")


@strawberry.type
class VisitsQuery:
    @query(CallQueue, rpc="ListCallQueue", description="Visits that are due, by day.")
    async def call_queue(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: CallQueueFilter | None = None
    ) -> pb.ListCallQueueResponse:
        request = pb.ListCallQueueRequest(page_size=first, page_token=after or "")
        if filter is not None:
            request.filter.CopyFrom(packed(filter, pb.CallQueueFilter))
        return await info.context.call(info.context.clients.care.ListCallQueue, request)

    @query(SpokenScript, rpc="GetSpokenScript", description="What is to be said in a call.")
    async def spoken_script(self, info: Info, visit_id: strawberry.ID) -> pb.GetSpokenScriptResponse:
        request = pb.GetSpokenScriptRequest(visit_id=visit_id)
        return await info.context.call(info.context.clients.care.GetSpokenScript, request)

    @query(VisitRules, rpc="ListVisitRules", description="Which visit follows which event.")
    async def visit_rules(self, info: Info) -> pb.ListVisitRulesResponse:
        return await info.context.call(info.context.clients.care.ListVisitRules, pb.ListVisitRulesRequest())

    @query(CallScripts, rpc="ListCallScripts", description="What is said in calls.")
    async def call_scripts(self, info: Info) -> pb.ListCallScriptsResponse:
        return await info.context.call(info.context.clients.care.ListCallScripts, pb.ListCallScriptsRequest())

    @query(CallAgents, rpc="ListCallAgents", description="Who makes calls, what they know and when they are away.")
    async def call_agents(self, info: Info) -> pb.ListCallAgentsResponse:
        return await info.context.call(info.context.clients.care.ListCallAgents, pb.ListCallAgentsRequest())
