"""The data of calling as types of the schema: rules, scripts, agents."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.care.core.enums import VisitKind, VisitMeans
from gateway.graphql.care.visits.types import AttemptRule
from gateway.graphql.edges import EMPLOYEES
from gateway.graphql.joins import joined
from gateway.graphql.scalars import Date, DateTime
from gateway.graphql.sources import message
from membercare.care.v1 import call_list_pb2, visits_service_pb2

if TYPE_CHECKING:
    from gateway.graphql.kpi.types import Employee

_Employee = Annotated["Employee", strawberry.lazy("gateway.graphql.kpi.types")]
_ETAG = "The version: send it back to refuse a lost update; `0`: as it came with the product."


@message(call_list_pb2.VisitRule, description="Which visit follows one kind of event.")
class VisitRule:
    event: str = strawberry.field(description="For example `order_delivered`.")
    kind: VisitKind
    days: int = strawberry.field(description="From the event.")
    enabled: bool
    means: VisitMeans
    script_code: str | None
    skill: str | None = strawberry.field(description="What the one who makes it must know.")
    window_from: str | None = strawberry.field(description="Null, as `windowTo`: the company's hours.")
    window_to: str | None
    attempt_rule: AttemptRule
    etag: str = strawberry.field(description=_ETAG)
    update_time: DateTime | None


@message(call_list_pb2.CallScript, description="What is said in a call.")
class CallScript:
    code: str
    title_en: str
    title_zh: str
    text_en: str = strawberry.field(description="Liquid, in English.")
    text_zh: str = strawberry.field(description="Liquid, in Simplified Chinese.")
    etag: str = strawberry.field(description=_ETAG)
    update_time: DateTime | None


@message(call_list_pb2.CallAgent, description="An employee who makes calls.")
class CallAgent:
    agent_id: strawberry.ID
    skills: list[str]
    share: int = strawberry.field(description="How much of the load they bear, in percent of a full post.")
    away_from: Date | None
    away_through: Date | None
    retired: bool = strawberry.field(description="They get nothing any more.")
    etag: str = strawberry.field(description=_ETAG)
    update_time: DateTime | None
    employee: _Employee | None = joined(EMPLOYEES, key="agent_id", description="Who it is.")


@message(visits_service_pb2.GetSpokenScriptResponse, description="What is to be said in one call.")
class SpokenScript:
    script_code: str = strawberry.field(
        description="Empty: the visit has none; then the titles are its topic, and the texts are empty."
    )
    title_en: str
    title_zh: str
    text_en: str
    text_zh: str
    do_not_contact: bool = strawberry.field(description="The member does not want to be contacted.")


@message(visits_service_pb2.ListVisitRulesResponse, description="Every rule.")
class VisitRules:
    rules: list[VisitRule]


@message(visits_service_pb2.ListCallScriptsResponse, description="Every script.")
class CallScripts:
    scripts: list[CallScript]


@message(visits_service_pb2.ListCallAgentsResponse, description="Everybody who makes calls.")
class CallAgents:
    agents: list[CallAgent]
