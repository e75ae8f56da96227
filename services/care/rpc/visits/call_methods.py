"""The methods of those who work through call lists: unpack, call, pack."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import grpc

from membercare.care.v1 import visits_service_pb2 as pb
from services.care.domain.visits.calling import Hand
from services.care.ports.calling import CallLists
from services.care.rpc.visits.list_messages import to_queue
from services.care.rpc.visits.messages import ATTEMPTS
from services.care.rpc.visits.shown import ShowsVisits
from services.care.usecases.visits.next_call import NextCall
from services.care.usecases.visits.work_call import (
    Asked,
    AssignVisit,
    GiveBack,
    LogAttempt,
    RescheduleVisit,
    ShareOut,
)
from services.chassis.checks import civil_date, page_size
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.identity import current_caller
from services.chassis.ids import optional_id
from services.chassis.timestamps import moment

_SKIP_MINUTES = 30
_SHARED_AHEAD = timedelta(days=7)


class _Change(Protocol):
    visit_id: str
    etag: str
    request_id: str


@dataclass(frozen=True, kw_only=True)
class CallMethods(ShowsVisits):
    """Reads go to the lists, writes to the use cases."""

    lists: CallLists
    clock: Clock
    next_call: NextCall
    give_back: GiveBack
    log_attempt: LogAttempt
    reschedule_visit: RescheduleVisit
    assign_visit: AssignVisit
    share_out: ShareOut

    def NextCall(self, request: pb.NextCallRequest, context: grpc.ServicerContext) -> pb.NextCallResponse:
        hand = Hand(request.agent_id, current_caller().subject)
        visit = self.next_call(hand, request_id=request.request_id)
        return pb.NextCallResponse(visit=self.shown(visit) if visit else None)

    def ReleaseCall(self, request: pb.ReleaseCallRequest, context: grpc.ServicerContext) -> pb.ReleaseCallResponse:
        return pb.ReleaseCallResponse(visit=self.shown(self.give_back(_asked(request))))

    def SkipCall(self, request: pb.SkipCallRequest, context: grpc.ServicerContext) -> pb.SkipCallResponse:
        visit = self.give_back(_asked(request), minutes=request.minutes or _SKIP_MINUTES, reason=request.reason)
        return pb.SkipCallResponse(visit=self.shown(visit))

    def LogAttempt(self, request: pb.LogAttemptRequest, context: grpc.ServicerContext) -> pb.LogAttemptResponse:
        outcome = ATTEMPTS.member(request.outcome, "outcome")
        if outcome is None:
            raise InvalidField("outcome", "outcome is missing: say what became of the try.")
        wanted = moment(request.call_back_time, "call_back_time") if request.HasField("call_back_time") else None
        visit = self.log_attempt(_asked(request), outcome, note=request.note, call_back_at=wanted)
        return pb.LogAttemptResponse(visit=self.shown(visit))

    def RescheduleVisit(
        self, request: pb.RescheduleVisitRequest, context: grpc.ServicerContext
    ) -> pb.RescheduleVisitResponse:
        window = request.window_from, request.window_to
        visit = self.reschedule_visit(_asked(request), request.due_date, window=window, reason=request.reason)
        return pb.RescheduleVisitResponse(visit=self.shown(visit))

    def AssignVisit(self, request: pb.AssignVisitRequest, context: grpc.ServicerContext) -> pb.AssignVisitResponse:
        return pb.AssignVisitResponse(visit=self.shown(self.assign_visit(_asked(request), owner_id=request.owner_id)))

    def ShareOutVisits(
        self, request: pb.ShareOutVisitsRequest, context: grpc.ServicerContext
    ) -> pb.ShareOutVisitsResponse:
        soon = (self.clock.now() + _SHARED_AHEAD).date()
        through = civil_date(request.due_through, "due_through") if request.due_through else soon
        given = self.share_out(through=through, from_id=optional_id(request.from_id, "emp", field="from_id"))
        return pb.ShareOutVisitsResponse(given=given)

    def ListCallQueue(
        self, request: pb.ListCallQueueRequest, context: grpc.ServicerContext
    ) -> pb.ListCallQueueResponse:
        size = page_size(request.page_size)
        page = self.lists.page(to_queue(request.filter), size=size, after=request.page_token)
        return pb.ListCallQueueResponse(visits=self.all_shown(page.items), next_page_token=page.next_token)


def _asked(request: _Change) -> Asked:
    return Asked(
        visit_id=request.visit_id,
        by=current_caller().subject,
        etag=request.etag,
        request_id=request.request_id,
    )
