"""Root fields that change what came of it, and plans for key accounts."""

from typing import Any

import strawberry

from gateway.graphql.care.core.enums import VisitMeans
from gateway.graphql.care.results.types import ServicePlan
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of, transition
from gateway.graphql.scalars import Date
from gateway.graphql.sending import send
from gateway.graphql.sources import message
from membercare.care.v1 import results_service_pb2 as pb


@strawberry.input(description="Something that is done some times a year.")
class PlanItemInput:
    code: str = strawberry.field(description="Names it within the plan, for good.")
    topic: str
    means: VisitMeans | None = strawberry.field(default=None, description="CALL or ONSITE; absent: CALL.")
    months: list[int] | None = None
    day: int | None = strawberry.field(default=None, description="Of those months; absent: 1.")
    every_days: int | None = strawberry.field(default=None, description="Instead of months, 7 to 182.")
    script_code: str | None = None
    skill: str | None = None


@strawberry.input(description="A plan to draw up.")
class ServicePlanInput:
    customer_id: strawberry.ID
    year: int
    title: str
    items: list[PlanItemInput]
    manager_id: strawberry.ID
    start_date: Date | None = strawberry.field(default=None, description="Absent: today, or the first of the year.")


@strawberry.input(description="What is done when, as a whole.")
class ServicePlanContent:
    title: str
    items: list[PlanItemInput]


@message(
    pb.CreateServicePlanResponse,
    pb.UpdateServicePlanResponse,
    pb.HandOverServicePlanResponse,
    pb.CopyServicePlanResponse,
    pb.EndServicePlanResponse,
    description="The plan after the change.",
)
class ServicePlanPayload:
    service_plan: ServicePlan


_PLAN = result_of(ServicePlanPayload, "ServicePlanResult")


@strawberry.type
class ResultsMutation:
    @mutation(_PLAN, rpc="CreateServicePlan", description="Draws up the plan of a customer for a year.")
    async def create_service_plan(self, info: Info, input: ServicePlanInput, request_id: RequestId = None) -> Any:
        return await send(info, pb.CreateServicePlanRequest, input, request_id=request_id)

    @mutation(_PLAN, rpc="UpdateServicePlan", description="Says anew what is done when.")
    async def update_service_plan(
        self, info: Info, id: strawberry.ID, input: ServicePlanContent, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        return await send(
            info, pb.UpdateServicePlanRequest, input, service_plan_id=id, etag=etag, request_id=request_id
        )

    @mutation(_PLAN, rpc="HandOverServicePlan", description="Puts somebody else in charge of the account.")
    async def hand_over_service_plan(
        self, info: Info, id: strawberry.ID, manager_id: strawberry.ID, etag: ETag = None, request_id: RequestId = None
    ) -> Any:
        return await send(
            info,
            pb.HandOverServicePlanRequest,
            service_plan_id=id,
            manager_id=manager_id,
            etag=etag,
            request_id=request_id,
        )

    @mutation(
        _PLAN, rpc="CopyServicePlan", description="Draws up the plan of the next year, or another, like this one."
    )
    async def copy_service_plan(
        self, info: Info, id: strawberry.ID, year: int | None = None, request_id: RequestId = None
    ) -> Any:
        return await send(info, pb.CopyServicePlanRequest, service_plan_id=id, year=year, request_id=request_id)

    end_service_plan = transition(
        _PLAN,
        pb.EndServicePlanRequest,
        key="service_plan_id",
        description="Ends a plan; what it asks for is withdrawn.",
    )
