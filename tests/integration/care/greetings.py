"""A birthday campaign on a real database, planned and dispatched in this process with a clock that tests move."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.database import Database

from services.care.app.core import build_planner
from services.care.app.dispatching import Place, build_work
from services.care.clients.smtp import SmtpMailer
from services.care.clients.smtp_connection import SmtpAddress
from services.care.config import Settings
from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar
from services.care.domain.calendars.birthday_rules import (
    BirthdayRules,
    LeapDayPolicy,
    LeapMonthPolicy,
    LunarDay30Policy,
)
from services.care.domain.campaigns.campaign import Campaign, CampaignState, CampaignVerb
from services.care.domain.campaigns.plan import CampaignPlan, MessageTemplate
from services.care.domain.channels import Channel
from services.care.domain.language import Language
from services.care.domain.members.details import MemberDetails
from services.care.domain.members.links import Links
from services.care.domain.members.member import Member
from services.care.domain.results.prices import Prices
from services.care.domain.sending.caps import Cap
from services.care.domain.sending.settings import QuietRule, SendingSettings
from services.care.ports.sending import ChannelSender, ProviderLookup
from services.care.store.campaigns.campaigns import MongoCampaigns
from services.care.store.members.members import MongoMembers
from services.care.store.sending.dispatching import MongoBatches
from services.care.store.sending.settings import MongoSendingSettings
from services.care.usecases.campaigns.plan_campaign import Planned
from services.care.usecases.campaigns.sweep_campaigns import SweepCampaigns
from services.care.usecases.sending.dispatch_batch import DispatchBatch, Lease
from services.care.usecases.sending.settle_unknown import SettleUnknown
from services.chassis.ids import new_id
from tests.fakes.clock import FrozenClock

MAIL_DOMAIN = "membercare.example"
RULES = BirthdayRules(LeapDayPolicy.FEB_28, LeapMonthPolicy.REGULAR_MONTH, LunarDay30Policy.DAY_29)
TEMPLATES = (
    MessageTemplate(Language.EN, "Happy birthday, {{ member.first_name }}", "Dear {{ member.name }}, many returns!"),
    MessageTemplate(Language.ZH_HANS, "{{ member.name }}，生日快乐", "亲爱的{{ member.name }}：祝您生日快乐！"),
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def solar(text: str) -> Birthday:
    day = date.fromisoformat(text)
    return Birthday(BirthdayCalendar.SOLAR, day.month, day.day, year=day.year)


def a_plan(**fields: Any) -> CampaignPlan:
    defaults: dict[str, Any] = {"send_at": "09:00", "catch_up_days": 3, "rules": RULES, "templates": TEMPLATES}
    return CampaignPlan(**defaults | fields)


@dataclass
class Greetings:
    """Everything between a member and the mail server, wired as the processes wire it."""

    database: Database[dict[str, Any]]
    client: AsyncMongoClient[dict[str, Any]]
    clock: FrozenClock
    mailer: ChannelSender
    providers: dict[str, ProviderLookup] = field(default_factory=dict)
    others: dict[str, ChannelSender] = field(default_factory=dict)
    """Senders of channels beside e-mail."""
    token: int = 1
    links: Links | None = None
    prices: Prices = field(default_factory=Prices)

    @property
    def campaigns(self) -> MongoCampaigns:
        return MongoCampaigns.of(self.clock)

    def member(self, **details: Any) -> Member:
        now = self.clock.now()
        defaults: dict[str, Any] = {
            "name": "Li Na",
            "time_zone": "Asia/Shanghai",
            "email": f"{new_id('usr', now)}@example.com",
        }
        told = MemberDetails(**defaults | {"email_consent": True, "language": Language.EN} | details)
        return MongoMembers(self.clock).add(Member.register(new_id("mem", now), told, now=now), request_key="")

    def change_member(self, member: Member, **details: Any) -> None:
        def step(stored: Member) -> Member:
            return stored.change(MemberDetails(**{"name": stored.name} | details), set(details), now=self.clock.now())

        MongoMembers(self.clock).change(member.id, step, etag="", request_key="")

    def running(self, **plan: Any) -> Campaign:
        now = self.clock.now()
        campaign = Campaign(new_id("cmp", now), "Birthdays", a_plan(**plan), "author", now, now)
        for verb in (CampaignVerb.SUBMIT, CampaignVerb.APPROVE, CampaignVerb.START):
            campaign = campaign.move(verb, by="approver", now=now)
        return self.campaigns.add(campaign, "")

    def move(self, campaign: Campaign, verb: CampaignVerb) -> Campaign:
        return self.campaigns.change(
            campaign.id, lambda stored: stored.move(verb, by="ops", now=self.clock.now()), etag="", request_id=""
        )

    def plan(self, campaign: Campaign) -> Planned:
        current = self.campaigns.get(campaign.id)
        assert current.state is CampaignState.RUNNING
        sweep = self.sweep
        return sweep.plan_campaign(current, sweep.calendars.read(), token=self.token, leading=lambda: True)

    @property
    def sweep(self) -> SweepCampaigns:
        """What the leader does regularly."""
        return build_planner(Settings(), self.clock)[1]

    @property
    def batches(self) -> MongoBatches:
        return self.work()[0]

    async def dispatch(self, held: Callable[[], bool] = lambda: True) -> int:
        """Work through everything that is due; return how many touches were settled."""
        settled = 0
        batches, work = self.work()
        while (batch := await batches.lease(self.clock.now())) is not None:
            settled += await work(batch, Lease(held))
        return settled

    def work(self) -> tuple[MongoBatches, DispatchBatch]:
        """Return what a dispatcher of its own works with."""
        place = Place(
            client=self.client,
            database=self.database.name,
            owner="test",
            lease_time=timedelta(seconds=30),
            message_domain=MAIL_DOMAIN,
            links=self.links,
            prices=self.prices,
        )
        return build_work(place, {Channel.EMAIL: self.mailer, **self.others}, clock=self.clock)

    async def settle_unknown(self) -> int:
        return await SettleUnknown(self.batches, self.providers, self.clock, MAIL_DOMAIN)()

    def rules(self, *, quiet: tuple[QuietRule, ...] = (), caps: tuple[Cap, ...] = ()) -> None:
        """Set the company's rules for sending."""

        def step(settings: SendingSettings) -> SendingSettings:
            return settings.change(quiet=quiet, caps=caps, by="ops", now=self.clock.now())

        MongoSendingSettings.of(self.clock).change(step, etag="", request_key="")

    def set_on(self, member_id: str, **fields: Any) -> None:
        """Set fields of a stored member."""
        self.database["members"].update_one({"_id": member_id}, {"$set": fields})

    def lines(self) -> list[tuple[str, str, str]]:
        """Return (channel, state, reason) of every touch, by channel."""
        found = self.database["touches"].find().sort([("channel", 1), ("state", 1)])
        return [(each["channel"], each["state"].removeprefix("TOUCH_STATE_"), each["reason"]) for each in found]

    def ledger(self) -> list[tuple[str, str, str]]:
        """Return (date, state, reason) of every touch, by date."""
        found = self.database["touches"].find().sort([("date", 1), ("_id", 1)])
        return [(each["date"], each["state"].removeprefix("TOUCH_STATE_"), each["reason"]) for each in found]


def smtp_mailer(url: str) -> SmtpMailer:
    return SmtpMailer(SmtpAddress.parse(url), "MemberCare <care@membercare.example>", connections=4)
