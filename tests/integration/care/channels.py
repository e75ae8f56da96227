"""Channels on a real database and real HTTP, wired as the dispatch role wires them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pymongo.asynchronous.database import AsyncDatabase

from services.care.clients.pooled_http import PooledHttp
from services.care.clients.providers.connect import Connector
from services.care.clients.secret_files import SecretFiles
from services.care.domain.providers.kinds import ProviderKind
from services.care.domain.providers.provider import Provider
from services.care.domain.sending.message import Message
from services.care.domain.sending.touch import Touch, message_id, touch_id
from services.care.ports.sending import ChannelSender, Handover
from services.care.store.providers.broadcasts import MongoBroadcasts
from services.care.store.providers.message_references import MongoReferenceNotes
from services.care.store.providers.provider_book import MongoProviderBook
from services.care.store.providers.providers import MongoProviders
from services.care.store.providers.shared_rates import MongoNumbers, MongoRates, MongoTallies
from services.care.store.providers.wechat_credits import MongoWechatCredits
from services.care.usecases.providers.channel_board import ChannelBoard
from services.care.usecases.providers.pause_locked_out import PauseLockedOut
from services.care.usecases.providers.send_by_providers import SendByProviders
from services.chassis.ids import new_id
from tests.fakes.clock import FrozenClock
from tests.fakes.sms_providers import SECRETS
from tests.unit.care.providers import NOON, a_provider

SECRET = "whsec_" + "c2VjcmV0LW9mLXRoZS10ZXN0cw=="
PUBLIC_URL = "https://care.example"
CAMPAIGN = "cmp_01JD0000000000000000000001"


@dataclass
class Channels:
    """A dispatcher's channels; a second one on the same database is another process."""

    database: AsyncDatabase[dict[str, Any]]
    clock: FrozenClock
    folder: Path
    http: PooledHttp = field(default_factory=lambda: PooledHttp(seconds=5.0))

    def __post_init__(self) -> None:
        zone = ZoneInfo("Asia/Shanghai")
        rates = MongoRates(self.database, zone)
        numbers, tallies = MongoNumbers(self.database), MongoTallies(self.database)
        self.board = ChannelBoard(
            book=MongoProviderBook(self.database),
            connect=Connector(
                self.http,
                SecretFiles(self.folder),
                MongoWechatCredits(),
                MongoBroadcasts(),
                self.clock,
                zone,
                PauseLockedOut(MongoProviders(self.clock), self.clock),
                MongoReferenceNotes(self.database),
                PUBLIC_URL,
            ),
            new_channel=lambda: SendByProviders(rates, numbers, tallies, self.clock),
            http=self.http,
        )

    def secret(self, name: str, value: str) -> None:
        (self.folder / name).write_text(value)

    def register(self, kind: ProviderKind = ProviderKind.WEBHOOK, **told: Any) -> Provider:
        provider = a_provider(kind, **{"id": new_id("prv", self.clock.now())} | told)
        return MongoProviders(self.clock).add(provider.checked(), request_key="")

    def webhook(self, url: str, **told: Any) -> Provider:
        self.secret("SIGNING", SECRET)
        return self.register(settings={"url": url}, **told)

    def sms_provider(self, kind: ProviderKind, *, url: str, **told: Any) -> Provider:
        for name, value in SECRETS[kind].items():
            self.secret(name, value)
        return self.register(kind, settings={"endpoint": url}, **told)

    def mail_server(self, port: int, **told: Any) -> Provider:
        """Register a mail server of this machine; `settings` add to what it needs."""
        settings = {"host": "127.0.0.1", "port": str(port), "tls": "none"} | told.pop("settings", {})
        return self.register(ProviderKind.SMTP, settings=settings, **told)

    async def send(self, messages: Sequence[Message], channel: str = "webhook") -> list[Handover]:
        """Read the registry and send as a dispatcher does."""
        await self.board.refresh()
        sender: ChannelSender = self.board[channel]
        return await sender.send(messages, lambda: True)


def a_message(number: int = 1, *, to: str = "", channel: str = "webhook", **told: Any) -> Message:
    member = f"mem_01JD{number:022d}"
    key = touch_id(CAMPAIGN, member, occurrence="2026", channel=channel)
    moment = NOON
    touch = Touch(key, CAMPAIGN, member, "2026", channel, "2026-11-22", moment, "bat_1", moment)
    defaults: dict[str, Any] = {"subject": "生日快乐", "body": "祝您生日快乐"}
    defaults["message_id"] = message_id(key, 1, domain="membercare.example")
    return Message(to=to or member, touch=touch, **defaults | told)
