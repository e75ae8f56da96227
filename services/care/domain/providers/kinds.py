"""The kinds of providers that we can speak with, and what each must be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.care.domain.channels import Channel


class ProviderKind(StrEnum):
    """Data: add, never rename."""

    WEBHOOK = "webhook"
    """Another system of the company, called with a Standard Webhooks signature."""
    ALIYUN_SMS = "aliyun_sms"
    TENCENT_SMS = "tencent_sms"
    TWILIO_SMS = "twilio_sms"
    WECOM = "wecom"
    WECHAT = "wechat"
    SMTP = "smtp"
    """A mail server."""


@dataclass(frozen=True, slots=True)
class KindRule:
    """What a provider of this kind is told."""

    channel: Channel
    required: tuple[str, ...]
    """Settings without which it cannot work."""
    optional: tuple[str, ...]
    secrets: tuple[str, ...]
    """Uses of secrets without which nothing is sent; each is given the name of a file in the secrets folder."""
    callback_secrets: tuple[str, ...] = ()
    """Uses of secrets that may be left out: without them the provider's own words are not heard."""
    optional_secrets: tuple[str, ...] = ()
    """Uses of secrets that may be left out; without one that is named nothing is sent."""


@dataclass(frozen=True, slots=True)
class NumberLimit:
    """How many messages one number or address may get within some minutes, whoever sent them."""

    most: int
    minutes: int


RULES: Mapping[ProviderKind, KindRule] = {
    ProviderKind.WEBHOOK: KindRule(Channel.WEBHOOK, ("url",), (), ("signing",)),
    ProviderKind.ALIYUN_SMS: KindRule(
        Channel.SMS,
        ("sign_name", "template_id"),
        ("endpoint", "parameter"),
        ("access_key_id", "access_key_secret"),
        ("callback",),
    ),
    ProviderKind.TENCENT_SMS: KindRule(
        Channel.SMS,
        ("sign_name", "sdk_app_id", "template_id"),
        ("endpoint", "region"),
        ("secret_id", "secret_key"),
        ("callback",),
    ),
    ProviderKind.TWILIO_SMS: KindRule(Channel.SMS, ("account_sid", "from"), ("endpoint",), ("auth_token",)),
    ProviderKind.WECOM: KindRule(
        Channel.WECOM, ("corp_id", "sender"), ("endpoint", "per_month", "quota", "senders"), ("corp_secret",)
    ),
    ProviderKind.WECHAT: KindRule(
        Channel.WECHAT,
        ("app_id", "template_id"),
        ("endpoint", "page", "parameter"),
        ("app_secret",),
        ("callback_token", "callback_key"),
    ),
    ProviderKind.SMTP: KindRule(
        Channel.EMAIL, ("from", "host"), ("connections", "lookup_url", "port", "tls", "user"), (), (), ("password",)
    ),
}
"""By kind. `endpoint` is the provider's own public address where it is not set."""

NUMBER_LIMITS: Mapping[ProviderKind, tuple[NumberLimit, ...]] = {
    ProviderKind.ALIYUN_SMS: (NumberLimit(50, 24 * 60),),
    ProviderKind.TENCENT_SMS: (NumberLimit(1, 1), NumberLimit(10, 24 * 60)),
}
"""What a provider allows a number, as it documents it, where a provider's own record names no limits.

Both count in a rolling window: help.aliyun.com 55288 (promotional messages), cloud.tencent.com 382/13297.
"""
