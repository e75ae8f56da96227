"""The methods about service plans: unpack, call, pack."""

from collections.abc import Iterable
from dataclasses import dataclass

import grpc

from membercare.care.v1 import results_service_pb2 as pb
from membercare.care.v1 import service_plan_pb2
from services.care.domain.results.adherence import SlotState
from services.care.domain.results.service_plan import PlanItem, ServicePlan
from services.care.domain.visits.kinds import VisitMeans
from services.care.ports.service_plans import PlanFilter, ServicePlans
from services.care.rpc.visits.messages import MEANS
from services.care.usecases.results.service_plans import ChangePlan, CopyPlan, DrawUpPlan, ReportAdherence
from services.chassis.checks import batch, civil_date, page_size
from services.chassis.clock import Clock
from services.chassis.ids import optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

SLOTS = EnumTable(SlotState, service_plan_pb2.SlotState)
_SCRIPT = "service_plan"


@dataclass(frozen=True, kw_only=True)
class PlanMethods:
    """Reads go to the store, writes to the use cases."""

    plans: ServicePlans
    clock: Clock
    draw_up_plan: DrawUpPlan
    change_plan: ChangePlan
    copy_plan: CopyPlan
    report_adherence: ReportAdherence

    def CreateServicePlan(
        self, request: pb.CreateServicePlanRequest, context: grpc.ServicerContext
    ) -> pb.CreateServicePlanResponse:
        plan = self.draw_up_plan(
            request.customer_id,
            request.year,
            title=request.title,
            items=_to_items(request.items),
            manager_id=request.manager_id,
            start=civil_date(request.start_date, "start_date") if request.start_date else None,
            request_id=request.request_id,
        )
        return pb.CreateServicePlanResponse(service_plan=plan_to_pb(plan))

    def UpdateServicePlan(
        self, request: pb.UpdateServicePlanRequest, context: grpc.ServicerContext
    ) -> pb.UpdateServicePlanResponse:
        items = _to_items(request.items)
        plan = self.change_plan(
            request.service_plan_id,
            lambda stored: stored.revised(request.title, items),
            verb="update_plan",
            etag=request.etag,
            request_id=request.request_id,
        )
        return pb.UpdateServicePlanResponse(service_plan=plan_to_pb(plan))

    def HandOverServicePlan(
        self, request: pb.HandOverServicePlanRequest, context: grpc.ServicerContext
    ) -> pb.HandOverServicePlanResponse:
        now = self.clock.now()
        plan = self.change_plan(
            request.service_plan_id,
            lambda stored: stored.handed_over(request.manager_id, now),
            verb="hand_over_plan",
            etag=request.etag,
            request_id=request.request_id,
        )
        return pb.HandOverServicePlanResponse(service_plan=plan_to_pb(plan))

    def EndServicePlan(
        self, request: pb.EndServicePlanRequest, context: grpc.ServicerContext
    ) -> pb.EndServicePlanResponse:
        now = self.clock.now()
        plan = self.change_plan(
            request.service_plan_id,
            lambda stored: stored.ended(now),
            verb="end_plan",
            etag=request.etag,
            request_id=request.request_id,
        )
        return pb.EndServicePlanResponse(service_plan=plan_to_pb(plan))

    def CopyServicePlan(
        self, request: pb.CopyServicePlanRequest, context: grpc.ServicerContext
    ) -> pb.CopyServicePlanResponse:
        plan = self.copy_plan(request.service_plan_id, year=request.year, request_id=request.request_id)
        return pb.CopyServicePlanResponse(service_plan=plan_to_pb(plan))

    def BatchGetServicePlans(
        self, request: pb.BatchGetServicePlansRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetServicePlansResponse:
        found = self.plans.batch_get(batch(request.service_plan_ids, "service_plan_ids", prefix="pln"))
        return pb.BatchGetServicePlansResponse(service_plans=map(plan_to_pb, found))

    def ListServicePlans(
        self, request: pb.ListServicePlansRequest, context: grpc.ServicerContext
    ) -> pb.ListServicePlansResponse:
        match = PlanFilter(
            customer_id=optional_id(request.filter.customer_id, "cus", field="filter.customer_id"),
            year=request.filter.year,
            manager_id=optional_id(request.filter.manager_id, "emp", field="filter.manager_id"),
        )
        after = optional_id(request.page_token, "pln", field="page_token")
        page = self.plans.page(match, size=page_size(request.page_size), after=after)
        return pb.ListServicePlansResponse(service_plans=map(plan_to_pb, page.items), next_page_token=page.next_token)

    def GetPlanAdherence(
        self, request: pb.GetPlanAdherenceRequest, context: grpc.ServicerContext
    ) -> pb.GetPlanAdherenceResponse:
        _, report = self.report_adherence(request.service_plan_id)
        return pb.GetPlanAdherenceResponse(
            slots=(
                service_plan_pb2.PlanSlot(
                    item_code=each.slot.item.code,
                    topic=each.slot.item.topic,
                    date=each.slot.day.isoformat(),
                    state=SLOTS.number(each.state),
                    visit_id=each.visit_id,
                )
                for each in report.entries
            ),
            on_time=report.count(SlotState.ON_TIME),
            late=report.count(SlotState.LATE),
            not_reached=report.count(SlotState.NOT_REACHED),
            missed=report.count(SlotState.MISSED),
            upcoming=report.count(SlotState.UPCOMING),
            permille=report.permille,
        )


def plan_to_pb(plan: ServicePlan) -> service_plan_pb2.ServicePlan:
    return service_plan_pb2.ServicePlan(
        id=plan.id,
        customer_id=plan.customer_id,
        year=plan.year,
        title=plan.title,
        start_date=plan.start.isoformat(),
        items=(
            service_plan_pb2.PlanItem(
                code=item.code,
                topic=item.topic,
                means=MEANS.number(item.means),
                months=item.months,
                day=item.day,
                every_days=item.every_days,
                script_code=item.script_code,
                skill=item.skill,
            )
            for item in plan.items
        ),
        manager_id=plan.manager_id,
        managers=(
            service_plan_pb2.PlanTenure(manager_id=each.manager_id, since_time=to_timestamp(each.since))
            for each in plan.managers
        ),
        ended_time=to_timestamp(plan.ended_at),
        copied_from_id=plan.copied_from,
        etag=str(plan.version),
        create_time=to_timestamp(plan.create_time),
    )


def _to_items(items: Iterable[service_plan_pb2.PlanItem]) -> tuple[PlanItem, ...]:
    return tuple(
        PlanItem(
            code=each.code,
            topic=each.topic,
            means=MEANS.member(each.means, f"items[{place}].means") or VisitMeans.CALL,
            months=tuple(each.months),
            day=each.day or 1,
            every_days=each.every_days,
            script_code=each.script_code or _SCRIPT,
            skill=each.skill,
        )
        for place, each in enumerate(items)
    )
