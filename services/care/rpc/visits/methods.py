"""The methods about return visits: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1 import visit_pb2
from services.care.domain.visits.visit import Visit, VisitOutcome, VisitState
from services.care.ports.visits import VisitFilter, Visits
from services.care.usecases.visits.visits import CompleteVisit
from services.chassis.checks import batch, civil_date, page_size
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

STATES = EnumTable(VisitState, visit_pb2.VisitState)
OUTCOMES = EnumTable(VisitOutcome, visit_pb2.VisitOutcome)
_MOST_PER_MEMBER = 100


def visit_to_pb(visit: Visit) -> visit_pb2.Visit:
    return visit_pb2.Visit(
        id=visit.id,
        contract_id=visit.contract_id,
        customer_id=visit.customer_id,
        member_id=visit.member_id,
        owner_id=visit.owner_id,
        due_date=visit.due_date,
        state=STATES.number(visit.state),
        outcome=OUTCOMES.number(visit.outcome) if visit.outcome else visit_pb2.VISIT_OUTCOME_UNSPECIFIED,
        satisfaction=visit.satisfaction,
        words=visit.words,
        completed_time=to_timestamp(visit.completed_at),
        etag=str(visit.version),
        create_time=to_timestamp(visit.created_at),
    )


@dataclass(frozen=True, kw_only=True)
class VisitMethods:
    """Reads go to the store, the outcome to the use case."""

    visits: Visits
    complete_visit: CompleteVisit

    def GetVisit(self, request: pb.GetVisitRequest, context: grpc.ServicerContext) -> pb.GetVisitResponse:
        visit = self.visits.get(check_id(request.visit_id, "vis", field="visit_id"))
        return pb.GetVisitResponse(visit=visit_to_pb(visit))

    def BatchGetVisits(
        self, request: pb.BatchGetVisitsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetVisitsResponse:
        found = self.visits.batch_get(batch(request.visit_ids, "visit_ids", prefix="vis"))
        return pb.BatchGetVisitsResponse(visits=map(visit_to_pb, found))

    def ListVisits(self, request: pb.ListVisitsRequest, context: grpc.ServicerContext) -> pb.ListVisitsResponse:
        page = self.visits.page(
            _match(request.filter),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "vis", field="page_token"),
        )
        return pb.ListVisitsResponse(visits=map(visit_to_pb, page.items), next_page_token=page.next_token)

    def BatchListVisitsByMember(
        self, request: pb.BatchListVisitsByMemberRequest, context: grpc.ServicerContext
    ) -> pb.BatchListVisitsByMemberResponse:
        member_ids = batch(request.member_ids, "member_ids", prefix="mem")
        most = page_size(request.limit_per_member, "limit_per_member", most=_MOST_PER_MEMBER)
        found = self.visits.top_by_member(member_ids, most)
        return pb.BatchListVisitsByMemberResponse(
            results=(
                pb.MemberVisits(member_id=member_id, visits=map(visit_to_pb, visits))
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
            outcome,
            satisfaction=request.satisfaction,
            words=request.words,
            etag=request.etag,
            request_id=request.request_id,
        )
        return pb.CompleteVisitResponse(visit=visit_to_pb(visit))


def _match(match: pb.VisitFilter) -> VisitFilter:
    due_through = match.due_through and civil_date(match.due_through, "filter.due_through").isoformat()
    return VisitFilter(
        state=STATES.member(match.state, "filter.state"),
        owner_id=optional_id(match.owner_id, "emp", field="filter.owner_id"),
        customer_id=optional_id(match.customer_id, "cus", field="filter.customer_id"),
        due_through=due_through,
    )
