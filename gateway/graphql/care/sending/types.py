"""Providers as types of the schema."""

import strawberry

from gateway.graphql.care.core.enums import Channel
from gateway.graphql.care.sending.enums import ProviderKind
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import DateTime
from gateway.graphql.sources import message
from membercare.care.v1 import provider_pb2
from membercare.care.v1 import sending_service_pb2 as pb


@message(provider_pb2.ProviderSetting, description="One setting of a provider, or the name of one of its secrets.")
class ProviderSetting:
    name: str
    value: str


@message(provider_pb2.NumberLimit, description="How many messages one number may get in a rolling window.")
class NumberLimit:
    most: int
    minutes: int


@message(provider_pb2.ProviderPause, description="Why nothing is handed to a provider at present.")
class ProviderPause:
    time: DateTime
    by: str = strawberry.field(
        description="A person, `error-rate`, or `sign-in` where it refused our name or password."
    )
    reason: str


@message(provider_pb2.Provider, description="Who carries the messages of a channel, in which order and how fast.")
class Provider(Node):
    channel: Channel
    kind: ProviderKind
    name: str
    settings: list[ProviderSetting]
    secrets: list[ProviderSetting] = strawberry.field(description="Names of its secrets, by use. Never a secret.")
    priority: int = strawberry.field(description="0 to 100: the highest is asked first.")
    per_second: int = strawberry.field(description="0: no limit.")
    per_minute: int = strawberry.field(description="0: no limit.")
    per_day: int = strawberry.field(description="By calendar day in the company's time zone. 0: no limit.")
    number_limits: list[NumberLimit] = strawberry.field(description="Empty: what its kind is known to allow.")
    enabled: bool
    pause: ProviderPause | None = strawberry.field(description="Set while it is paused, by hand or for its errors.")
    create_time: DateTime
    update_time: DateTime
    updated_by: str | None
    etag: str = strawberry.field(description="The version: send it back to refuse a lost update.")


@message(pb.WechatCredit, description="What a member has left for one template of WeChat's subscription messages.")
class WechatCredit:
    template_id: str
    left: int
