"""Root fields that read what came of it, and plans for key accounts."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.care.results.campaign_queries import CampaignResultsQuery
from gateway.graphql.care.results.types import PlanAdherence, ServicePlan
from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page
from gateway.graphql.loaders import Loader, by_id
from gateway.graphql.roots import Info, listed, one, query
from membercare.care.v1 import results_service_pb2 as pb

SERVICE_PLANS = by_id(pb.BatchGetServicePlansRequest, ids="service_plan_ids", items="service_plans")
NODES: Mapping[str, Loader] = {"pln": SERVICE_PLANS}


@strawberry.input(description="What a listed plan must match; absent fields match all.")
class ServicePlanFilter:
    customer_id: strawberry.ID | None = None
    year: int | None = None
    manager_id: strawberry.ID | None = None


@strawberry.type
class ResultsQuery(CampaignResultsQuery):
    service_plan = one(ServicePlan, SERVICE_PLANS, prefix="pln", description="One service plan; null if there is none.")

    @query(Connection[ServicePlan], rpc="ListServicePlans", description="Service plans in the order of their ids.")
    async def service_plans(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: ServicePlanFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListServicePlansRequest, first=first, after=after, filter=filter)

    @query(PlanAdherence, rpc="GetPlanAdherence", description="What a plan asked for, and what became of it.")
    async def plan_adherence(self, info: Info, service_plan_id: strawberry.ID) -> pb.GetPlanAdherenceResponse:
        request = pb.GetPlanAdherenceRequest(service_plan_id=service_plan_id)
        return await info.context.call(info.context.clients.care.GetPlanAdherence, request)
