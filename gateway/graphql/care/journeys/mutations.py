"""Root fields that change steps over time, one member at a time."""

import strawberry

from gateway.graphql.care.journeys.types import JourneyRunPayload
from gateway.graphql.roots import Info, RequestId, mutation, result_of
from membercare.care.v1 import journeys_service_pb2 as pb

_RESULT = result_of(JourneyRunPayload, "JourneyRunResult")


@strawberry.type
class JourneysMutation:
    @mutation(
        _RESULT,
        rpc="RemoveFromJourney",
        description="Takes a member out of a journey. What is planned still leaves; the next occasion begins anew.",
    )
    async def remove_from_journey(
        self, info: Info, id: strawberry.ID, why: str, request_id: RequestId = None
    ) -> pb.RemoveFromJourneyResponse:
        request = pb.RemoveFromJourneyRequest(run_id=id, why=why, request_id=request_id or "")
        return await info.context.call(info.context.clients.care.RemoveFromJourney, request)

    @mutation(_RESULT, rpc="RetryJourneyRun", description="Lets a parked run try its step again.")
    async def retry_journey_run(
        self, info: Info, id: strawberry.ID, request_id: RequestId = None
    ) -> pb.RetryJourneyRunResponse:
        request = pb.RetryJourneyRunRequest(run_id=id, request_id=request_id or "")
        return await info.context.call(info.context.clients.care.RetryJourneyRun, request)
