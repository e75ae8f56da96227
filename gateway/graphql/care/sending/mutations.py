"""Root fields that change channels, providers, policy and the ledger."""

import strawberry

from gateway.graphql.care.core.enums import Channel
from gateway.graphql.care.sending.enums import ProviderKind, ReceiptKind
from gateway.graphql.care.sending.settings import SendingSettings, SendingSettingsInput
from gateway.graphql.care.sending.types import Provider
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of, transition
from gateway.graphql.scalars import Base64, DateTime
from gateway.graphql.sources import message, packed
from membercare.care.v1 import provider_pb2, receipt_pb2, sending_settings_pb2
from membercare.care.v1 import sending_service_pb2 as pb


@strawberry.input(description="One setting of a provider, or the name of one of its secrets; never the secret itself.")
class ProviderSettingInput:
    name: str
    value: str


@strawberry.input(description="How many messages one number may get in a rolling window of minutes.")
class NumberLimitInput:
    most: int
    minutes: int


@strawberry.input(description="What is said of a provider.")
class ProviderInput:
    channel: Channel
    kind: ProviderKind
    name: str = strawberry.field(description="1 to 100 characters.")
    settings: list[ProviderSettingInput] | None = None
    secrets: list[ProviderSettingInput] | None = strawberry.field(
        default=None, description="By use, the name of each secret's file in the secrets folder of the dispatch role."
    )
    priority: int = strawberry.field(default=50, description="0 to 100: the highest is asked first.")
    per_second: int = strawberry.field(default=0, description="0: no limit.")
    per_minute: int = strawberry.field(default=0, description="0: no limit.")
    per_day: int = strawberry.field(default=0, description="0: no limit.")
    number_limits: list[NumberLimitInput] | None = strawberry.field(
        default=None, description="Absent or empty: what its kind is known to allow."
    )
    enabled: bool = True


@message(
    pb.CreateProviderResponse,
    pb.UpdateProviderResponse,
    pb.PauseProviderResponse,
    pb.ResumeProviderResponse,
    description="The provider after the change.",
)
class ProviderPayload:
    provider: Provider


@message(
    pb.UpdateSendingSettingsResponse,
    pb.StopAllSendingResponse,
    pb.AllowSendingResponse,
    description="The rules after the change.",
)
class SendingSettingsPayload:
    settings: SendingSettings


_SETTINGS = result_of(SendingSettingsPayload, "SendingSettingsResult")


@strawberry.input(description="One word of a provider about a message that it accepted.")
class ReceiptInput:
    event_id: str = strawberry.field(description="The provider's own id of this word: heard twice, it counts once.")
    message_id: str = strawberry.field(description="The id under which the message was handed over.")
    kind: ReceiptKind
    time: DateTime
    text: str | None = strawberry.field(default=None, description="Of a reply. It is read for a refusal, not stored.")


@message(pb.RecordReceiptsResponse, description="What became of the words.")
class RecordReceiptsPayload:
    recorded: int = strawberry.field(description="How many were new.")


@message(pb.HearProviderCallbackResponse, description="What became of a callback.")
class HearProviderCallbackPayload:
    recorded: int = strawberry.field(description="How many words were new.")
    content_type: str = strawberry.field(description="Media type of the answer.")
    answer: Base64 = strawberry.field(description="What the provider would have been answered with.")


@message(pb.GrantWechatCreditsResponse, description="What the member has left now.")
class GrantWechatCreditsPayload:
    left: int


_PROVIDER = result_of(ProviderPayload, "ProviderResult")


@strawberry.type
class SendingMutation:
    @mutation(_PROVIDER, rpc="CreateProvider", description="Registers a provider of a channel.")
    async def create_provider(
        self, info: Info, input: ProviderInput, request_id: RequestId = None
    ) -> pb.CreateProviderResponse:
        request = pb.CreateProviderRequest(provider=packed(input, provider_pb2.Provider), request_id=request_id or "")
        return await info.context.call(info.context.clients.care.CreateProvider, request)

    @mutation(_PROVIDER, rpc="UpdateProvider", description="Replaces what is said of a provider.")
    async def update_provider(
        self, info: Info, id: strawberry.ID, input: ProviderInput, etag: ETag = None, request_id: RequestId = None
    ) -> pb.UpdateProviderResponse:
        request = pb.UpdateProviderRequest(
            provider=packed(input, provider_pb2.Provider, id=id, etag=etag or ""), request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.care.UpdateProvider, request)

    @mutation(_PROVIDER, rpc="PauseProvider", description="Leaves a provider alone until it is resumed.")
    async def pause_provider(
        self, info: Info, id: strawberry.ID, reason: str, etag: ETag = None, request_id: RequestId = None
    ) -> pb.PauseProviderResponse:
        request = pb.PauseProviderRequest(provider_id=id, reason=reason, etag=etag or "", request_id=request_id or "")
        return await info.context.call(info.context.clients.care.PauseProvider, request)

    resume_provider = transition(
        _PROVIDER, pb.ResumeProviderRequest, key="provider_id", description="Puts a paused provider into use again."
    )

    @mutation(_SETTINGS, rpc="UpdateSendingSettings", description="Replaces quiet hours and caps.")
    async def update_sending_settings(
        self, info: Info, input: SendingSettingsInput, etag: ETag = None, request_id: RequestId = None
    ) -> pb.UpdateSendingSettingsResponse:
        told = packed(input, sending_settings_pb2.SendingSettings, etag=etag or "")
        request = pb.UpdateSendingSettingsRequest(settings=told, request_id=request_id or "")
        return await info.context.call(info.context.clients.care.UpdateSendingSettings, request)

    @mutation(
        _SETTINGS, rpc="StopAllSending", description="Stops all sending within seconds; nothing is skipped for it."
    )
    async def stop_all_sending(
        self, info: Info, reason: str, etag: ETag = None, request_id: RequestId = None
    ) -> pb.StopAllSendingResponse:
        request = pb.StopAllSendingRequest(reason=reason, etag=etag or "", request_id=request_id or "")
        return await info.context.call(info.context.clients.care.StopAllSending, request)

    @mutation(_SETTINGS, rpc="AllowSending", description="Lifts the emergency stop.")
    async def allow_sending(
        self, info: Info, etag: ETag = None, request_id: RequestId = None
    ) -> pb.AllowSendingResponse:
        request = pb.AllowSendingRequest(etag=etag or "", request_id=request_id or "")
        return await info.context.call(info.context.clients.care.AllowSending, request)

    @mutation(
        result_of(RecordReceiptsPayload, "RecordReceiptsResult"),
        rpc="RecordReceipts",
        description="Records by hand what a provider tells of messages; providers themselves post to `/receipts`.",
    )
    async def record_receipts(
        self, info: Info, provider: str, receipts: list[ReceiptInput], request_id: RequestId = None
    ) -> pb.RecordReceiptsResponse:
        request = pb.RecordReceiptsRequest(
            provider=provider,
            receipts=[packed(each, receipt_pb2.Receipt) for each in receipts],
            request_id=request_id or "",
        )
        return await info.context.call(info.context.clients.care.RecordReceipts, request)

    @mutation(
        result_of(HearProviderCallbackPayload, "HearProviderCallbackResult"),
        rpc="HearProviderCallback",
        description="Takes in by hand a callback that a provider could not deliver; providers post to `/callbacks`.",
    )
    async def hear_provider_callback(
        self,
        info: Info,
        provider_id: strawberry.ID,
        target: str,
        body: Base64,
        token: str | None = None,
        signature: str | None = None,
        request_id: RequestId = None,
    ) -> pb.HearProviderCallbackResponse:
        request = pb.HearProviderCallbackRequest(
            provider_id=provider_id,
            token=token or "",
            target=target,
            signature=signature or "",
            body=body,
            request_id=request_id or "",
        )
        return await info.context.call(info.context.clients.care.HearProviderCallback, request)

    @mutation(
        result_of(GrantWechatCreditsPayload, "GrantWechatCreditsResult"),
        rpc="GrantWechatCredits",
        description="Adds authorisations that a member gave: each is one message. The `requestId` counts once.",
    )
    async def grant_wechat_credits(
        self, info: Info, member_id: strawberry.ID, template_id: str, count: int = 1, request_id: RequestId = None
    ) -> pb.GrantWechatCreditsResponse:
        request = pb.GrantWechatCreditsRequest(
            member_id=member_id, template_id=template_id, count=count, request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.care.GrantWechatCredits, request)
