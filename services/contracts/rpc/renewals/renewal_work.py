"""The methods that change renewals."""

from dataclasses import dataclass
from typing import Any

import grpc

from membercare.contracts.v1 import renewals_service_pb2 as pb
from services.chassis.identity import current_caller
from services.chassis.timestamps import moment
from services.contracts.rpc.money import to_money
from services.contracts.rpc.renewals.messages import (
    CATEGORIES,
    LOST_REASONS,
    SIGNAL_KINDS,
    STAGES,
    WON_BY,
    cancellation_to_pb,
    renewal_to_pb,
)
from services.contracts.rpc.renewals.renewal_reads import RenewalReads
from services.contracts.usecases.renewals.cancel_contract import CheckCancellation, RecordCancellation
from services.contracts.usecases.renewals.open_renewals import OpenRenewal
from services.contracts.usecases.renewals.record_signal import TellSignal
from services.contracts.usecases.renewals.win_renewal import WinRenewal
from services.contracts.usecases.renewals.work_renewal import Asked, CallDetails, LoseRenewal, WorkRenewal


@dataclass(frozen=True, kw_only=True)
class RenewalWork(RenewalReads):
    """Writes go to the use cases."""

    open_renewal: OpenRenewal
    work: WorkRenewal
    win: WinRenewal
    lose: LoseRenewal
    check_cancellation: CheckCancellation
    record_cancellation: RecordCancellation
    tell_signal: TellSignal

    def OpenRenewal(self, request: pb.OpenRenewalRequest, context: grpc.ServicerContext) -> pb.OpenRenewalResponse:
        renewal = self.open_renewal(request.contract_id)
        return pb.OpenRenewalResponse(renewal=renewal_to_pb(renewal, self.today()))

    def AssignRenewal(
        self, request: pb.AssignRenewalRequest, context: grpc.ServicerContext
    ) -> pb.AssignRenewalResponse:
        renewal = self.work.assign(_asked(request), request.owner_id)
        return pb.AssignRenewalResponse(renewal=renewal_to_pb(renewal, self.today()))

    def AdvanceRenewal(
        self, request: pb.AdvanceRenewalRequest, context: grpc.ServicerContext
    ) -> pb.AdvanceRenewalResponse:
        renewal = self.work.advance(_asked(request), STAGES.member(request.stage, "stage"))
        return pb.AdvanceRenewalResponse(renewal=renewal_to_pb(renewal, self.today()))

    def CallRenewal(self, request: pb.CallRenewalRequest, context: grpc.ServicerContext) -> pb.CallRenewalResponse:
        details = CallDetails(
            category=CATEGORIES.member(request.category, "category"),
            amount=to_money(request.amount) if request.HasField("amount") else None,
            close_date=request.close_date,
            note=request.note,
        )
        renewal = self.work.call(_asked(request), details)
        return pb.CallRenewalResponse(renewal=renewal_to_pb(renewal, self.today()))

    def DecideRenewal(
        self, request: pb.DecideRenewalRequest, context: grpc.ServicerContext
    ) -> pb.DecideRenewalResponse:
        category = CATEGORIES.member(request.category, "category")
        renewal = self.work.decide(_asked(request), category, note=request.note)
        return pb.DecideRenewalResponse(renewal=renewal_to_pb(renewal, self.today()))

    def WinRenewal(self, request: pb.WinRenewalRequest, context: grpc.ServicerContext) -> pb.WinRenewalResponse:
        amount = to_money(request.amount) if request.HasField("amount") else None
        won_by = WON_BY.member(request.won_by, "won_by")
        renewal = self.win(_asked(request), won_by, amount=amount, note=request.note)
        return pb.WinRenewalResponse(renewal=renewal_to_pb(renewal, self.today()))

    def LoseRenewal(self, request: pb.LoseRenewalRequest, context: grpc.ServicerContext) -> pb.LoseRenewalResponse:
        reason = LOST_REASONS.member(request.reason, "reason")
        renewal = self.lose(_asked(request), reason, note=request.note)
        return pb.LoseRenewalResponse(renewal=renewal_to_pb(renewal, self.today()))

    def CheckCancellation(
        self, request: pb.CheckCancellationRequest, context: grpc.ServicerContext
    ) -> pb.CheckCancellationResponse:
        verdict, notice_date = self.check_cancellation(request.contract_id, request.received_date)
        return pb.CheckCancellationResponse(
            cancellation=cancellation_to_pb(verdict), notice_date=notice_date.isoformat()
        )

    def RecordCancellation(
        self, request: pb.RecordCancellationRequest, context: grpc.ServicerContext
    ) -> pb.RecordCancellationResponse:
        renewal = self.record_cancellation(
            request.contract_id,
            request.received_date,
            note=request.note,
            by=current_caller().subject,
            request_id=request.request_id,
        )
        return pb.RecordCancellationResponse(renewal=renewal_to_pb(renewal, self.today()))

    def RecordReminder(
        self, request: pb.RecordReminderRequest, context: grpc.ServicerContext
    ) -> pb.RecordReminderResponse:
        renewal = self.work.remind(
            Asked(renewal_id=request.renewal_id, by=current_caller().subject),
            key=request.key,
            sent_date=request.sent_date,
            channel=request.channel,
            recipient=request.recipient,
            note=request.note,
        )
        return pb.RecordReminderResponse(renewal=renewal_to_pb(renewal, self.today()))

    def RecordRenewalSignal(
        self, request: pb.RecordRenewalSignalRequest, context: grpc.ServicerContext
    ) -> pb.RecordRenewalSignalResponse:
        is_new = self.tell_signal(
            request.event_id,
            customer_id=request.customer_id,
            kind=SIGNAL_KINDS.member(request.kind, "kind"),
            subject_id=request.subject_id,
            value=request.value,
            occurred_time=moment(request.occurred_time, "occurred_time") if request.HasField("occurred_time") else None,
        )
        return pb.RecordRenewalSignalResponse(known=not is_new)


def _asked(request: Any) -> Asked:
    return Asked(
        renewal_id=request.renewal_id,
        by=current_caller().subject,
        etag=request.etag,
        request_id=request.request_id,
    )
