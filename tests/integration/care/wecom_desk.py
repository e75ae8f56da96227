"""A campaign by WeCom on a real database, a company that knows tasks, and the job that follows them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.care.app.visits import build_plan_call
from services.care.clients.pooled_http import PooledHttp
from services.care.clients.providers.connect import Connector, tasks_by_provider
from services.care.clients.secret_files import SecretFiles
from services.care.config import Settings
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.plan import MessageTemplate
from services.care.domain.channels import Channel
from services.care.domain.providers.kinds import ProviderKind
from services.care.store.members.members import MongoMembers
from services.care.store.providers.broadcasts import MongoBroadcasts
from services.care.store.providers.message_references import MongoReferenceNotes
from services.care.store.providers.providers import MongoProviders
from services.care.store.providers.wechat_credits import MongoWechatCredits
from services.care.store.sending.receipts import MongoReceiptBook
from services.care.store.sending.settings import MongoSendingSettings
from services.care.usecases.providers.ask_broadcasts import BroadcastLookup
from services.care.usecases.providers.follow_broadcasts import FollowBroadcasts
from services.care.usecases.providers.pause_locked_out import PauseLockedOut
from services.care.usecases.sending.record_receipts import RecordReceipts
from tests.fakes.provider_server import ProviderServer, serve_provider
from tests.fakes.wecom import Wecom
from tests.integration.care.greetings import TEMPLATES, Greetings, solar
from tests.unit.care.providers import a_provider

SHANGHAI = ZoneInfo("Asia/Shanghai")
BY_WECOM = tuple(MessageTemplate(each.language, "", each.body, channel=Channel.WECOM) for each in TEMPLATES)
BY_SMS = tuple(MessageTemplate(each.language, "", each.body, channel=Channel.SMS) for each in TEMPLATES)


@dataclass
class Desk:
    """A campaign by WeCom, and the leader's job that follows its tasks."""

    greetings: Greetings
    wecom: Wecom
    server: ProviderServer
    folder: Path
    http: PooledHttp = field(default_factory=PooledHttp)
    """The dispatcher's."""

    def plan(self, people: int, **plan: Any) -> Campaign:
        """Plan one greeting by WeCom for members `wm-1` to the last; it is 10 in the morning in Shanghai."""
        greetings, clock = self.greetings, self.greetings.clock
        for number in range(1, people + 1):
            told = {"phone": f"+86{13_800_138_000 + number}", "wecom_id": f"wm-{number}"}
            member = greetings.member(birthday=solar("1990-11-22"), **told)
            greetings.set_on(member.id, consents={"wecom": {"care": True}, "sms": {"care": True}})
        (self.folder / "CORP_SECRET").write_text("hush")
        provider = a_provider(ProviderKind.WECOM, settings={"endpoint": self.server.url}).checked()
        MongoProviders(clock).add(provider, request_key="")
        connector = Connector(
            self.http,
            SecretFiles(self.folder),
            MongoWechatCredits(),
            MongoBroadcasts(),
            clock,
            SHANGHAI,
            PauseLockedOut(MongoProviders(clock), clock),
            MongoReferenceNotes(greetings.client[greetings.database.name]),
            "",
        )
        line = connector(provider)
        assert line is not None
        greetings.others[Channel.WECOM] = line.sender
        wanted: dict[str, Any] = {"channels": (Channel.WECOM,), "templates": BY_WECOM}
        campaign = greetings.running(**wanted | plan)
        greetings.plan(campaign)
        return campaign

    async def send(self, people: int = 1, **plan: Any) -> Campaign:
        """Plan, and ask for the tasks."""
        campaign = self.plan(people, **plan)
        await self.greetings.dispatch()
        assert self.greetings.lines() == [("wecom", "SENT", "")] * people
        return campaign

    async def look(self, *, minutes: int = 10, leading: Callable[[], bool] = lambda: True) -> int:
        """Let time pass, and do one round of the job."""
        clock = self.greetings.clock
        clock.advance(timedelta(minutes=minutes))
        members, book = MongoMembers(clock), MongoReceiptBook(clock)
        follow = FollowBroadcasts(
            broadcasts=MongoBroadcasts(),
            campaigns=self.greetings.campaigns,
            rules=MongoSendingSettings.of(clock),
            record=RecordReceipts(book, members, self.greetings.campaigns, clock),
            call_tasks=build_plan_call(Settings(), clock),
            clock=clock,
            zone=SHANGHAI,
        )
        http = PooledHttp()
        try:
            return await follow(
                leading, tasks_by_provider(MongoProviders(clock), SecretFiles(self.folder), http=http, clock=clock)
            )
        finally:
            await http.close()

    def lookup(self) -> BroadcastLookup:
        """Return what a dispatcher settles by what is in doubt."""
        providers, secrets, clock = MongoProviders(self.greetings.clock), SecretFiles(self.folder), self.greetings.clock
        return BroadcastLookup(
            MongoBroadcasts(), tasks_by_provider(providers, secrets, http=self.http, clock=clock), clock
        )

    @property
    def asked(self) -> list[str]:
        """Names of the calls to WeCom, but for tokens."""
        paths = [each.path.partition("?")[0].rpartition("/")[2] for each in self.server.received]
        return [each for each in paths if each != "gettoken"]

    def visits(self) -> list[tuple[str, str]]:
        found = self.greetings.database["visits"].find().sort("_id", 1)
        return [(each["due_date"], each["source_id"]) for each in found]


@asynccontextmanager
async def open_desk(greetings: Greetings, folder: Path) -> AsyncIterator[Desk]:
    """Serve WeCom until the end of the block."""
    wecom = Wecom(now=greetings.clock.now)
    with serve_provider(wecom.answer) as server:
        made = Desk(greetings, wecom, server, folder)
        yield made
        await made.http.close()
