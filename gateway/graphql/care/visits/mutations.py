"""Root fields that change calls that are owed, and the data of calling."""

from typing import Any

import strawberry

from gateway.graphql.care.core.enums import AttemptOutcome, VisitKind, VisitMeans
from gateway.graphql.care.visits.list_types import CallAgent, CallScript, VisitRule
from gateway.graphql.care.visits.types import Visit
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of, transition
from gateway.graphql.scalars import Date, DateTime
from gateway.graphql.sending import send
from gateway.graphql.sources import message, packed
from membercare.care.v1 import call_list_pb2
from membercare.care.v1 import visits_service_pb2 as pb


@strawberry.input(description="What follows when all tries were in vain.")
class FallbackStepInput:
    means: VisitMeans = strawberry.field(description="SMS or LETTER.")
    after_days: int = strawberry.field(default=0, description="Days after the last try.")


@strawberry.input(description="How often somebody is tried: three tries on two days, then SMS, then letter, say.")
class AttemptRuleInput:
    tries: int
    days: int = strawberry.field(description="Days that the tries are spread over.")
    retry_minutes: int = strawberry.field(description="Minutes between two tries of a day.")
    fallbacks: list[FallbackStepInput] = strawberry.field(default_factory=list)


@strawberry.input(description="Which visit follows one kind of event.")
class VisitRuleInput:
    event: str
    kind: VisitKind
    days: int
    enabled: bool
    attempt_rule: AttemptRuleInput
    means: VisitMeans | None = strawberry.field(default=None, description="CALL or ONSITE; absent: CALL.")
    script_code: str | None = None
    skill: str | None = None
    window_from: str | None = None
    window_to: str | None = None


@strawberry.input(description="What is said in a call.")
class CallScriptInput:
    code: str
    title_en: str
    title_zh: str
    text_en: str
    text_zh: str


@strawberry.input(description="An employee who makes calls.")
class CallAgentInput:
    agent_id: strawberry.ID
    skills: list[str] = strawberry.field(default_factory=list)
    share: int | None = strawberry.field(default=None, description="In percent of a full post; absent: 100.")
    away_from: Date | None = None
    away_through: Date | None = None
    retired: bool | None = None


@strawberry.input(description="Where to put a visit, and why.")
class RescheduleInput:
    due_date: Date
    reason: str
    window_from: str | None = strawberry.field(default=None, description="`HH:MM` where the member is.")
    window_to: str | None = None


@message(pb.NextCallResponse, description="The visit in hand; null: nothing may be called now.")
class NextCallPayload:
    visit: Visit | None


@message(
    pb.ReleaseCallResponse,
    pb.SkipCallResponse,
    pb.LogAttemptResponse,
    pb.RescheduleVisitResponse,
    pb.AssignVisitResponse,
    description="The visit after the change.",
)
class CallPayload:
    visit: Visit


@message(pb.ShareOutVisitsResponse, description="What was shared out.")
class ShareOutPayload:
    given: int = strawberry.field(description="How many visits were given to somebody.")


@message(pb.PutVisitRuleResponse, description="The rule as stored.")
class VisitRulePayload:
    rule: VisitRule


@message(pb.PutCallScriptResponse, description="The script as stored.")
class CallScriptPayload:
    script: CallScript


@message(pb.PutCallAgentResponse, description="The agent as stored.")
class CallAgentPayload:
    agent: CallAgent


_CALL = result_of(CallPayload, "CallResult")


@strawberry.type
class VisitsMutation:
    @mutation(
        result_of(NextCallPayload, "NextCallResult"),
        rpc="NextCall",
        description="Gives an agent the next visit that may be made now, and nobody else for 15 minutes.",
    )
    async def next_call(self, info: Info, agent_id: strawberry.ID, request_id: RequestId = None) -> Any:
        return await send(info, pb.NextCallRequest, agent_id=agent_id, request_id=request_id)

    release_call = transition(
        _CALL, pb.ReleaseCallRequest, key="visit_id", description="Gives back what the caller has in hand."
    )

    @mutation(_CALL, rpc="SkipCall", description="Gives it back and lets nobody have it for a while.")
    async def skip_call(
        self,
        info: Info,
        id: strawberry.ID,
        reason: str,
        minutes: int | None = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(
            info, pb.SkipCallRequest, visit_id=id, reason=reason, minutes=minutes, etag=etag, request_id=request_id
        )

    @mutation(_CALL, rpc="LogAttempt", description="Writes down a try; the last one in vain ends the visit.")
    async def log_attempt(
        self,
        info: Info,
        id: strawberry.ID,
        outcome: AttemptOutcome,
        note: str | None = None,
        call_back_time: DateTime | None = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(
            info,
            pb.LogAttemptRequest,
            visit_id=id,
            outcome=outcome,
            note=note,
            call_back_time=call_back_time,
            etag=etag,
            request_id=request_id,
        )

    @mutation(_CALL, rpc="RescheduleVisit", description="Puts a visit off or brings it forward, with a reason.")
    async def reschedule_visit(
        self, info: Info, id: strawberry.ID, input: RescheduleInput, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        return await send(info, pb.RescheduleVisitRequest, input, visit_id=id, etag=etag, request_id=request_id)

    @mutation(_CALL, rpc="AssignVisit", description="Gives a visit to an employee, or to nobody.")
    async def assign_visit(
        self,
        info: Info,
        id: strawberry.ID,
        owner_id: strawberry.ID | None = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(info, pb.AssignVisitRequest, visit_id=id, owner_id=owner_id, etag=etag, request_id=request_id)

    @mutation(
        result_of(ShareOutPayload, "ShareOutResult"),
        rpc="ShareOutVisits",
        description="Shares visits out among the agents who are there, by skill and load.",
    )
    async def share_out_visits(
        self,
        info: Info,
        due_through: Date | None = None,
        from_id: strawberry.ID | None = None,
        request_id: RequestId = None,
    ) -> Any:
        return await send(
            info, pb.ShareOutVisitsRequest, due_through=due_through, from_id=from_id, request_id=request_id
        )

    @mutation(
        result_of(VisitRulePayload, "VisitRuleResult"), rpc="PutVisitRule", description="Says which visit follows."
    )
    async def put_visit_rule(
        self, info: Info, input: VisitRuleInput, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        rule = packed(input, call_list_pb2.VisitRule)
        return await send(info, pb.PutVisitRuleRequest, rule=rule, etag=etag, request_id=request_id)

    @mutation(
        result_of(CallScriptPayload, "CallScriptResult"), rpc="PutCallScript", description="Writes or changes a script."
    )
    async def put_call_script(
        self, info: Info, input: CallScriptInput, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        script = packed(input, call_list_pb2.CallScript)
        return await send(info, pb.PutCallScriptRequest, script=script, etag=etag, request_id=request_id)

    @mutation(
        result_of(CallAgentPayload, "CallAgentResult"), rpc="PutCallAgent", description="Says what an agent can do."
    )
    async def put_call_agent(
        self, info: Info, input: CallAgentInput, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        agent = packed(input, call_list_pb2.CallAgent)
        return await send(info, pb.PutCallAgentRequest, agent=agent, etag=etag, request_id=request_id)
