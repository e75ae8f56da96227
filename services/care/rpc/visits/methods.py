"""The methods about return visits: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.care.v1 import care_service_pb2 as pb
from services.care.domain.visits.visit import Report
from services.care.ports.visits import VisitFilter, Visits
from services.care.rpc.visits.messages import KINDS, OUTCOMES, STATES
from services.care.rpc.visits.shown import ShowsVisits
from services.care.usecases.visits.visits import CompleteVisit
from services.chassis.checks import batch, civil_date, page_size
from services.chassis.errors import InvalidField
from services.chassis.identity import current_caller
from services.chassis.ids import check_id, optional_id

_MOST_PER_MEMBER = 100


@dataclass(frozen=True, kw_only=True)
class VisitMethods(ShowsVisits):
    """Reads go to the store, the outcome to the use case."""

    visits: Visits
    complete_visit: CompleteVisit

    def GetVisit(self, request: pb.GetVisitRequest, context: grpc.ServicerContext) -> pb.GetVisitResponse:
        visit = self.visits.get(check_id(request.visit_id, "vis", field="visit_id"))
        return pb.GetVisitResponse(visit=self.shown(visit))

    def BatchGetVisits(
        self, request: pb.BatchGetVisitsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetVisitsResponse:
        found = self.visits.batch_get(batch(request.visit_ids, "visit_ids", prefix="vis"))
        return pb.BatchGetVisitsResponse(visits=self.all_shown(found))

    def ListVisits(self, request: pb.ListVisitsRequest, context: grpc.ServicerContext) -> pb.ListVisitsResponse:
        page = self.visits.page(
            _match(request.filter),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "vis", field="page_token"),
        )
        return pb.ListVisitsResponse(visits=self.all_shown(page.items), next_page_token=page.next_token)

    def BatchListVisitsByMember(
        self, request: pb.BatchListVisitsByMemberRequest, context: grpc.ServicerContext
    ) -> pb.BatchListVisitsByMemberResponse:
        member_ids = batch(request.member_ids, "member_ids", prefix="mem")
        most = page_size(request.limit_per_member, "limit_per_member", most=_MOST_PER_MEMBER)
        found = self.visits.top_by_member(member_ids, most)
        return pb.BatchListVisitsByMemberResponse(
            results=(
                pb.MemberVisits(member_id=member_id, visits=self.all_shown(visits))
                for member_id, visits in found.items()
            )
        )

    def CompleteVisit(
        self, request: pb.CompleteVisitRequest, context: grpc.ServicerContext
    ) -> pb.CompleteVisitResponse:
        outcome = OUTCOMES.member(request.outcome, "outcome")
        if outcome is None:
            raise InvalidField("outcome", "outcome is missing: say what the visit came to.")
        visit = self.complete_visit(
            request.visit_id,
            Report(outcome, request.satisfaction, request.words, request.next_step),
            by=current_caller().subject,
            etag=request.etag,
            request_id=request.request_id,
        )
        return pb.CompleteVisitResponse(visit=self.shown(visit))


def _match(match: pb.VisitFilter) -> VisitFilter:
    due_through = match.due_through and civil_date(match.due_through, "filter.due_through").isoformat()
    return VisitFilter(
        state=STATES.member(match.state, "filter.state"),
        owner_id=optional_id(match.owner_id, "emp", field="filter.owner_id"),
        customer_id=optional_id(match.customer_id, "cus", field="filter.customer_id"),
        due_through=due_through,
        kind=KINDS.member(match.kind, "filter.kind"),
        contract_id=optional_id(match.contract_id, "con", field="filter.contract_id"),
        case_id=optional_id(match.case_id, "cas", field="filter.case_id"),
        plan_id=optional_id(match.plan_id, "pln", field="filter.plan_id"),
    )
