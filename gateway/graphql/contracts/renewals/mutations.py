"""Root fields that change renewals, and tell what speaks for or against them."""

import strawberry

from gateway.graphql.contracts.money import MoneyInput
from gateway.graphql.contracts.renewals.enums import (
    CallCategory,
    LostReason,
    RenewalSignalKind,
    RenewalStage,
    WonBy,
)
from gateway.graphql.contracts.renewals.types import Renewal
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of
from gateway.graphql.scalars import Date, DateTime
from gateway.graphql.sources import message, packed
from membercare.contracts.v1 import renewal_pb2
from membercare.contracts.v1 import renewals_service_pb2 as pb


@strawberry.input(description="What a person says about a renewal.")
class RenewalCallInput:
    category: CallCategory
    amount: MoneyInput | None = strawberry.field(default=None, description="The price expected; absent: as offered.")
    close_date: Date | None = strawberry.field(default=None, description="Absent: the term's end.")
    note: str | None = None


@strawberry.input(description="The proof that a customer was reminded.")
class RenewalReminderInput:
    key: str = strawberry.field(description="What makes it one reminder, such as the id of the touch.")
    sent_date: Date
    channel: str = strawberry.field(description="Such as `email`.")
    recipient: str | None = None
    note: str | None = strawberry.field(default=None, description="Such as the hash of what was sent.")


@strawberry.input(description="Something that speaks for or against a renewal and no other service tells.")
class RenewalSignalInput:
    event_id: str = strawberry.field(description="What makes it one signal: a repeat changes nothing.")
    customer_id: strawberry.ID
    kind: RenewalSignalKind
    subject_id: str | None = strawberry.field(default=None, description="The case, visit or invoice.")
    value: int | None = strawberry.field(default=None, description="Visit: satisfaction 1 to 5. Payment: days late.")
    occurred_time: DateTime | None = strawberry.field(default=None, description="Absent: now.")


@message(
    pb.OpenRenewalResponse,
    pb.AssignRenewalResponse,
    pb.AdvanceRenewalResponse,
    pb.CallRenewalResponse,
    pb.DecideRenewalResponse,
    pb.WinRenewalResponse,
    pb.LoseRenewalResponse,
    pb.RecordCancellationResponse,
    pb.RecordReminderResponse,
    description="The renewal after the change.",
)
class RenewalPayload:
    renewal: Renewal


@message(pb.RecordRenewalSignalResponse, description="Whether the signal was known already.")
class RenewalSignalPayload:
    known: bool


_RENEWAL = result_of(RenewalPayload, "RenewalResult")
_SIGNAL = result_of(RenewalSignalPayload, "RenewalSignalResult")


@strawberry.type
class RenewalWorkMutation:
    @mutation(_RENEWAL, rpc="OpenRenewal", description="Opens the renewal of a contract's term before the job does.")
    async def open_renewal(self, info: Info, contract_id: strawberry.ID) -> pb.OpenRenewalResponse:
        request = pb.OpenRenewalRequest(contract_id=contract_id)
        return await info.context.call(info.context.clients.contracts.OpenRenewal, request)

    @mutation(_RENEWAL, rpc="AssignRenewal", description="Gives a renewal to another employee, or to nobody.")
    async def assign_renewal(
        self,
        info: Info,
        id: strawberry.ID,
        owner_id: strawberry.ID | None = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.AssignRenewalResponse:
        request = pb.AssignRenewalRequest(
            renewal_id=id, owner_id=owner_id or "", etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.contracts.AssignRenewal, request)

    @mutation(_RENEWAL, rpc="AdvanceRenewal", description="Moves a renewal to another open stage.")
    async def advance_renewal(
        self, info: Info, id: strawberry.ID, stage: RenewalStage, etag: ETag = None, request_id: RequestId = None
    ) -> pb.AdvanceRenewalResponse:
        request = pb.AdvanceRenewalRequest(
            renewal_id=id, stage=renewal_pb2.RenewalStage.ValueType(stage), etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.contracts.AdvanceRenewal, request)

    @mutation(
        _RENEWAL,
        rpc="CallRenewal",
        description="Records a person's call; where the machine's likelihood does not bear it, the leader is asked.",
    )
    async def call_renewal(
        self, info: Info, id: strawberry.ID, input: RenewalCallInput, etag: ETag = None, request_id: RequestId = None
    ) -> pb.CallRenewalResponse:
        request = packed(input, pb.CallRenewalRequest, renewal_id=id, etag=etag or "", request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.CallRenewal, request)

    @mutation(_RENEWAL, rpc="DecideRenewal", description="Records what the leader decides, who did not make the call.")
    async def decide_renewal(
        self,
        info: Info,
        id: strawberry.ID,
        category: CallCategory,
        note: str,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.DecideRenewalResponse:
        request = pb.DecideRenewalRequest(
            renewal_id=id,
            category=renewal_pb2.CallCategory.ValueType(category),
            note=note,
            etag=etag or "",
            request_id=request_id or "",
        )
        return await info.context.call(info.context.clients.contracts.DecideRenewal, request)


@strawberry.type
class RenewalOutcomeMutation:
    @mutation(
        _RENEWAL, rpc="WinRenewal", description="Extends the contract for a term, or writes its successor's draft."
    )
    async def win_renewal(
        self,
        info: Info,
        id: strawberry.ID,
        won_by: WonBy,
        amount: MoneyInput | None = None,
        note: str | None = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.WinRenewalResponse:
        request = pb.WinRenewalRequest(
            renewal_id=id,
            won_by=renewal_pb2.WonBy.ValueType(won_by),
            note=note or "",
            etag=etag or "",
            request_id=request_id or "",
        )
        if amount:
            request.amount.CopyFrom(packed(amount, type(request.amount)))
        return await info.context.call(info.context.clients.contracts.WinRenewal, request)

    @mutation(_RENEWAL, rpc="LoseRenewal", description="Records that the customer does not go on.")
    async def lose_renewal(
        self,
        info: Info,
        id: strawberry.ID,
        reason: LostReason,
        note: str | None = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.LoseRenewalResponse:
        request = pb.LoseRenewalRequest(
            renewal_id=id,
            reason=renewal_pb2.LostReason.ValueType(reason),
            note=note or "",
            etag=etag or "",
            request_id=request_id or "",
        )
        return await info.context.call(info.context.clients.contracts.LoseRenewal, request)

    @mutation(
        _RENEWAL,
        rpc="RecordCancellation",
        description="Records that the customer cancelled, and does what follows; `cancellation` holds the verdict.",
    )
    async def record_cancellation(
        self,
        info: Info,
        contract_id: strawberry.ID,
        received_date: Date | None = None,
        note: str | None = None,
        request_id: RequestId = None,
    ) -> pb.RecordCancellationResponse:
        request = pb.RecordCancellationRequest(
            contract_id=contract_id,
            received_date=received_date or "",
            note=note or "",
            request_id=request_id or "",
        )
        return await info.context.call(info.context.clients.contracts.RecordCancellation, request)

    @mutation(_RENEWAL, rpc="RecordReminder", description="Keeps the proof that a customer was reminded.")
    async def record_reminder(
        self, info: Info, id: strawberry.ID, input: RenewalReminderInput
    ) -> pb.RecordReminderResponse:
        request = packed(input, pb.RecordReminderRequest, renewal_id=id)
        return await info.context.call(info.context.clients.contracts.RecordReminder, request)

    @mutation(_SIGNAL, rpc="RecordRenewalSignal", description="Tells what speaks for or against a renewal, once.")
    async def record_renewal_signal(self, info: Info, input: RenewalSignalInput) -> pb.RecordRenewalSignalResponse:
        request = packed(input, pb.RecordRenewalSignalRequest)
        return await info.context.call(info.context.clients.contracts.RecordRenewalSignal, request)


@strawberry.type
class RenewalsMutation(RenewalWorkMutation, RenewalOutcomeMutation): ...
