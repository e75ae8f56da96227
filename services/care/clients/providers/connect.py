"""Makes what speaks with a provider, by its kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.care.clients.providers.aliyun_sms import AliyunSmsDialect
from services.care.clients.providers.http_sender import Dialect, HttpSender
from services.care.clients.providers.tencent_sms import TencentSmsDialect
from services.care.clients.providers.twilio_sms import TwilioSmsDialect
from services.care.clients.providers.webhook import WebhookDialect
from services.care.clients.providers.wechat import WechatSender
from services.care.domain.providers.kinds import ProviderKind
from services.care.domain.providers.provider import Provider
from services.care.ports.credits import Credits
from services.care.ports.http import Http
from services.care.ports.providers import Secrets
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
    ProviderKind.TWILIO_SMS: TwilioSmsDialect,
}
"""By kind: from its settings and its secrets."""
_DEDUPLICATE = frozenset({ProviderKind.WEBHOOK})


@dataclass(frozen=True, slots=True)
class Connector:
    """Called with a provider each time that one is new or was changed."""

    http: Http
    secrets: Secrets
    credits: Credits
    clock: Clock

    def __call__(self, provider: Provider) -> Line | None:
        """Return the line, or None if a secret is missing, which is told."""
        found = {use: self.secrets.get(name) for use, name in provider.secrets.items()}
        missing = sorted(use for use, secret in found.items() if not secret)
        if missing:
            _log.warning("provider_secret_missing", provider_id=provider.id, uses=missing)
            return None
        return Line(provider, self._sender(provider, found), deduplicates=provider.kind in _DEDUPLICATE)

    def _sender(self, provider: Provider, secrets: Told) -> ChannelSender:
        if provider.kind is ProviderKind.WECHAT:
            return WechatSender(provider.settings, secrets, http=self.http, ledger=self.credits, clock=self.clock)
        return HttpSender(DIALECTS[provider.kind](provider.settings, secrets), self.http, self.clock)
