"""Root fields that read channels, providers, policy and the ledger."""

from collections.abc import Mapping, Sequence

import strawberry

from gateway.graphql.care.core.enums import Channel
from gateway.graphql.care.sending.loaders import PROVIDERS
from gateway.graphql.care.sending.settings import SendingSettings
from gateway.graphql.care.sending.types import Provider, WechatCredit
from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, listed, one, query
from membercare.care.v1 import sending_service_pb2 as pb
from membercare.care.v1 import sending_settings_pb2

NODES: Mapping[str, Loader] = {"prv": PROVIDERS}


@strawberry.input(description="What a listed provider must match; absent fields match all.")
class ProviderFilter:
    channel: Channel | None = None


@strawberry.type
class SendingQuery:
    provider = one(Provider, PROVIDERS, prefix="prv", description="One provider; null if there is none.")

    @query(Connection[Provider], rpc="ListProviders", description="Providers in the order of their registration.")
    async def providers(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: ProviderFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListProvidersRequest, first=first, after=after, filter=filter)

    @query(SendingSettings, rpc="GetSendingSettings", description="Quiet hours, frequency caps, the emergency stop.")
    async def sending_settings(self, info: Info) -> sending_settings_pb2.SendingSettings:
        request = pb.GetSendingSettingsRequest()
        reply = await info.context.call(info.context.clients.care.GetSendingSettings, request)
        return reply.settings

    @query(list[WechatCredit], rpc="GetWechatCredits", description="What a member has left of WeChat's subscriptions.")
    async def wechat_credits(self, info: Info, member_id: strawberry.ID) -> Sequence[pb.WechatCredit]:
        request = pb.GetWechatCreditsRequest(member_id=member_id)
        reply = await info.context.call(info.context.clients.care.GetWechatCredits, request)
        return reply.credits
