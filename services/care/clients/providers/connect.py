"""Makes what speaks with a provider, by its kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from services.care.clients.providers.aliyun_sms import AliyunSmsDialect
from services.care.clients.providers.http_sender import Dialect, HttpSender
from services.care.clients.providers.tencent_sms import TencentSmsDialect
from services.care.clients.providers.twilio_sms import TwilioSmsDialect
from services.care.clients.providers.webhook import WebhookDialect
from services.care.clients.providers.wechat import WechatSender
from services.care.clients.providers.wecom import WecomSender, WecomTasks
from services.care.clients.providers.wecom_api import WecomApi
from services.care.domain.providers.callbacks import callback_address
from services.care.domain.providers.kinds import RULES, ProviderKind
from services.care.domain.providers.provider import Provider
from services.care.ports.broadcasts import Broadcasts, BroadcastTasks
from services.care.ports.credits import Credits
from services.care.ports.http import Http
from services.care.ports.providers import Providers, Secrets
from services.care.ports.sending import ChannelSender
from services.care.usecases.providers.send_by_providers import Line
from services.chassis import logs
from services.chassis.clock import Clock

_log = logs.get("care.providers")

Told = Mapping[str, str]
DIALECTS: Mapping[ProviderKind, Callable[[Told, Told], Dialect]] = {
    ProviderKind.WEBHOOK: lambda told, secrets: WebhookDialect(told["url"], secrets["signing"]),
    ProviderKind.ALIYUN_SMS: AliyunSmsDialect,
    ProviderKind.TENCENT_SMS: TencentSmsDialect,
}
"""By kind: from its settings and its secrets alone."""
_DEDUPLICATE = frozenset({ProviderKind.WEBHOOK})


def secrets_of(provider: Provider, secrets: Secrets) -> dict[str, str] | None:
    """Return what sending takes of a provider's secrets, by use, or None if one is missing, which is told."""
    found = {use: secrets.get(provider.secrets[use]) for use in RULES[provider.kind].secrets}
    missing = sorted(use for use, secret in found.items() if not secret)
    if missing:
        _log.warning("provider_secret_missing", provider_id=provider.id, uses=missing)
        return None
    return found


def tasks_by_provider(
    providers: Providers, secrets: Secrets, *, http: Http, clock: Clock
) -> Callable[[str], BroadcastTasks | None]:
    """Return what gives WeCom by the id of a provider, each connected once; None where it cannot be asked."""
    known: dict[str, BroadcastTasks | None] = {}

    def connect(provider_id: str) -> BroadcastTasks | None:
        found = providers.batch_get([provider_id])
        told = secrets_of(found[0], secrets) if found else None
        return WecomTasks(WecomApi(found[0].settings, told, http, clock)) if told else None

    def tasks_of(provider_id: str) -> BroadcastTasks | None:
        if provider_id not in known:
            known[provider_id] = connect(provider_id)
        return known[provider_id]

    return tasks_of


@dataclass(frozen=True, slots=True)
class Connector:
    """Called with a provider each time that one is new or was changed."""

    http: Http
    secrets: Secrets
    credits: Credits
    broadcasts: Broadcasts
    clock: Clock
    zone: ZoneInfo
    """The company's, in which days of quotas are counted."""
    public_url: str = ""
    """Where providers reach the gateway; empty: they cannot."""

    def __call__(self, provider: Provider) -> Line | None:
        """Return the line, or None if a secret is missing, which is told."""
        found = secrets_of(provider, self.secrets)
        if found is None:
            return None
        return Line(provider, self._sender(provider, found), deduplicates=provider.kind in _DEDUPLICATE)

    def _sender(self, provider: Provider, secrets: Told) -> ChannelSender:
        if provider.kind is ProviderKind.WECHAT:
            return WechatSender(provider.settings, secrets, http=self.http, ledger=self.credits, clock=self.clock)
        if provider.kind is ProviderKind.WECOM:
            api = WecomApi(provider.settings, secrets, self.http, self.clock)
            return WecomSender(
                provider.id, provider.settings, api, broadcasts=self.broadcasts, clock=self.clock, zone=self.zone
            )
        return HttpSender(self._dialect(provider, secrets), self.http, self.clock)

    def _dialect(self, provider: Provider, secrets: Told) -> Dialect:
        if provider.kind is ProviderKind.TWILIO_SMS:
            told_at = callback_address(self.public_url, provider.id)
            return TwilioSmsDialect(provider.settings, secrets, told_at=told_at)
        return DIALECTS[provider.kind](provider.settings, secrets)
