"""Root fields that read steps over time, one member at a time."""

from collections.abc import Mapping, Sequence

import strawberry

from gateway.graphql.care.journeys.loaders import JOURNEY_RUNS
from gateway.graphql.care.journeys.types import JourneyRun, JourneyRunState, JourneyStepCount
from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, listed, one, query
from membercare.care.v1 import journey_run_pb2
from membercare.care.v1 import journeys_service_pb2 as pb

NODES: Mapping[str, Loader] = {"jrn": JOURNEY_RUNS}


@strawberry.input(description="What a listed run must match; it names a campaign or a member.")
class JourneyRunFilter:
    campaign_id: strawberry.ID | None = None
    member_id: strawberry.ID | None = None
    state: JourneyRunState | None = None
    step: str | None = None


@strawberry.type
class JourneysQuery:
    journey_run = one(JourneyRun, JOURNEY_RUNS, prefix="jrn", description="Where a member stands, and why.")

    @query(
        Connection[JourneyRun],
        rpc="ListJourneyRuns",
        description="Members on their way through journeys, of a campaign or of a member.",
    )
    async def journey_runs(
        self, info: Info, filter: JourneyRunFilter, first: First = DEFAULT_FIRST, after: After = None
    ) -> Page:
        return await listed(info.context, pb.ListJourneyRunsRequest, first=first, after=after, filter=filter)

    @query(
        list[JourneyStepCount],
        rpc="CountJourneyRuns",
        description="How many members stand at which step of a campaign's journey.",
    )
    async def journey_counts(
        self, info: Info, campaign_id: strawberry.ID
    ) -> Sequence[journey_run_pb2.JourneyStepCount]:
        request = pb.CountJourneyRunsRequest(campaign_id=campaign_id)
        reply = await info.context.call(info.context.clients.care.CountJourneyRuns, request)
        return reply.counts
