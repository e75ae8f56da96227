"""Makes what speaks with a provider, by its kind."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from services.care.clients.providers.aliyun_sms import AliyunSmsDialect
from services.care.clients.providers.http_sender import Accepted, Dialect, HttpSender
from services.care.clients.providers.tencent_sms import TencentSmsDialect
from services.care.clients.providers.twilio_sms import TwilioSmsDialect
from services.care.clients.providers.webhook import WebhookDialect
from services.care.clients.providers.wechat import WechatSender
from services.care.clients.providers.wecom import WecomSender
from services.care.clients.providers.wecom_api import WecomApi
from services.care.clients.providers.wecom_tasks import WecomTasks
from services.care.clients.smtp import SmtpMailer
from services.care.clients.smtp_connection import SmtpAddress
from services.care.domain.channels import Channel
from services.care.domain.providers.callbacks import callback_address
from services.care.domain.providers.kinds import RULES, ProviderKind
from services.care.domain.providers.mail_servers import MailServer
from services.care.domain.providers.provider import Provider
from services.care.domain.sending.message import Message
from services.care.ports.broadcasts import Broadcasts, BroadcastTasks
from services.care.ports.credits import Credits
from services.care.ports.http import Http, HttpAnswer
from services.care.ports.providers import Providers, ReferenceNotes, Secrets
from services.care.ports.sending import ChannelSender
from services.care.usecases.providers.send_by_providers import Line
from services.chassis import logs
from services.chassis.clock import Clock

_log = logs.get("care.providers")

Told = Mapping[str, str]
DIALECTS: Mapping[ProviderKind, Callable[[Told, Told], Dialect]] = {
    ProviderKind.WEBHOOK: lambda told, secrets: WebhookDialect(told["url"], secrets["signing"]),
    ProviderKind.ALIYUN_SMS: AliyunSmsDialect,
}
"""By kind: from its settings and its secrets alone."""
_MOST_SERVERS = 500
_DEDUPLICATE = frozenset({ProviderKind.WEBHOOK})


def secrets_of(provider: Provider, secrets: Secrets) -> dict[str, str] | None:
    """Return what sending takes of a provider's secrets, by use, or None if one is missing, which is told."""
    rule = RULES[provider.kind]
    uses = (*rule.secrets, *(use for use in rule.optional_secrets if use in provider.secrets))
    found = {use: secrets.get(provider.secrets[use]) for use in uses}
    missing = sorted(use for use, secret in found.items() if not secret)
    if missing:
        _log.warning("provider_secret_missing", provider_id=provider.id, uses=missing)
        return None
    return found


def mail_address(server: MailServer, secrets: Told) -> SmtpAddress:
    """Return where and as whom to connect to a mail server on record."""
    return SmtpAddress(server.host, server.port, server.user, secrets.get("password", ""), server.tls)


def mail_servers(
    providers: Providers, secrets: Secrets, *, given: tuple[SmtpAddress, str]
) -> Callable[[], Sequence[tuple[SmtpAddress, str]]]:
    """Return what tells the mail servers that can be used now, each with its From address, the first to ask first.

    Where no record is in use, `given` is.
    """

    def found() -> Sequence[tuple[SmtpAddress, str]]:
        on_record = providers.page(Channel.EMAIL, size=_MOST_SERVERS, after="").items
        in_use = sorted((each for each in on_record if each.enabled), key=lambda each: (-each.priority, each.id))
        told = [(MailServer.of(each.settings), secrets_of(each, secrets)) for each in in_use if each.pause is None]
        usable = [(mail_address(server, known), server.sender) for server, known in told if known is not None]
        return usable if in_use else [given]

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
    locked_out: Callable[[str, str], Awaitable[None]]
    """Told the id of a provider that knows us not, and its code."""
    references: ReferenceNotes
    public_url: str
    """Where providers reach the gateway; empty: they cannot."""

    def __call__(self, provider: Provider) -> Line | None:
        """Return the line, or None if a secret is missing or is none, which is told."""
        found = secrets_of(provider, self.secrets)
        if found is None:
            return None
        try:
            sender = self._sender(provider, found)
        except ValueError:
            _log.warning("provider_secret_wrong", provider_id=provider.id)
            return None
        return Line(provider, sender, deduplicates=provider.kind in _DEDUPLICATE)

    def _sender(self, provider: Provider, secrets: Told) -> ChannelSender:
        told, http, clock = provider.settings, self.http, self.clock
        match provider.kind:
            case ProviderKind.WECHAT:
                heard = self._noted(provider.id, WechatSender.reference)
                return WechatSender(told, secrets, http=http, ledger=self.credits, clock=clock, accepted=heard)
            case ProviderKind.WECOM:
                api = WecomApi(told, secrets, http, clock)
                return WecomSender(provider.id, told, api, broadcasts=self.broadcasts, clock=clock, zone=self.zone)
            case ProviderKind.SMTP:
                return self._mailer(provider, secrets)
            case ProviderKind.TENCENT_SMS:
                tencent = TencentSmsDialect(told, secrets)
                return HttpSender(tencent, http, clock, accepted=self._noted(provider.id, tencent.reference))
            case ProviderKind.TWILIO_SMS:
                told_at = callback_address(self.public_url, provider.id)
                return HttpSender(TwilioSmsDialect(told, secrets, told_at=told_at), http, clock)
            case _:
                return HttpSender(DIALECTS[provider.kind](told, secrets), http, clock)

    def _noted(self, provider_id: str, reference_in: Callable[[HttpAnswer], str]) -> Accepted:
        async def note(message: Message, answer: HttpAnswer) -> None:
            if reference := reference_in(answer):
                await self.references.note(provider_id, message, reference=reference, now=self.clock.now())

        return note

    def _mailer(self, provider: Provider, secrets: Told) -> SmtpMailer:
        server = MailServer.of(provider.settings)
        return SmtpMailer(
            mail_address(server, secrets),
            server.sender,
            connections=server.connections,
            locked_out=partial(self.locked_out, provider.id),
        )
