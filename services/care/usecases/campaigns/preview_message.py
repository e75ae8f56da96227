"""Shows a message as one member would get it, on the screen or in the mailboxes of the staff; no ledger knows it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.care.domain.campaigns.assignment import variant_of
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.channels import Channel
from services.care.domain.language import Language
from services.care.domain.sending.message import Message, Rendered
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.touch import GREETING, Touch
from services.care.domain.templates.liquid_engine import WordsFailed
from services.care.ports.campaigns import Campaigns, Recipients, StaffMailer
from services.care.ports.sending import Words
from services.care.usecases.campaigns.order import CampaignOrder
from services.chassis import checks
from services.chassis.clock import Clock
from services.chassis.errors import DomainError, InvalidField, Kind
from services.chassis.ids import check_id, new_id

MOST_ADDRESSES = 10
MARKS = {Language.EN: "[Test] ", Language.ZH_HANS: "【测试】"}
TEST_HEADER = ("X-MemberCare-Test", "1")


class NoWords(DomainError):
    kind, reason = Kind.PRECONDITION, "NO_WORDS"

    def __init__(self, channel: Channel) -> None:
        super().__init__(f"The plan has no such words for {channel.value}.", channel=channel.value)


class WordsNotRendered(DomainError):
    kind, reason = Kind.PRECONDITION, "WORDS_FAILED"

    def __init__(self, told: str) -> None:
        super().__init__(f"The words cannot be rendered for this member: {told}")


class AddressNotOfStaff(DomainError):
    kind, reason = Kind.INVALID, "ADDRESS_NOT_OF_STAFF"

    def __init__(self, field: str, domains: Sequence[str]) -> None:
        super().__init__(f"{field} must end with one of: {', '.join(domains)}.", field=field)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which message, and whose; what is empty is the member's or the plan's own."""

    campaign_id: str
    member_id: str
    channel: Channel | None = None
    variant: str = ""
    step: str = ""
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """The message as the member would get it."""

    words: Rendered
    channel: Channel
    language: Language
    variant: str


@dataclass(frozen=True, slots=True)
class PreviewMessage:
    """Renders the plan being written, or else the one approved last; nothing is sent and nothing written down."""

    campaigns: Campaigns
    recipients: Recipients
    words: Words
    clock: Clock

    def __call__(self, asked: Asked) -> Preview:
        """Return the message, or refuse what cannot be rendered."""
        campaign = self.campaign(asked)
        recipient = self.recipients.get(check_id(asked.member_id, "mem", field="member_id"))
        return self.render(campaign, recipient, asked=asked)

    def campaign(self, asked: Asked) -> Campaign:
        """Return the campaign with the plan that is being written, or else the one approved last."""
        stored = self.campaigns.get(check_id(asked.campaign_id, "cmp", field="campaign_id"))
        return stored if stored.revision is None else replace(stored, plan=stored.revision.plan)

    def render(self, campaign: Campaign, recipient: Recipient, *, asked: Asked) -> Preview:
        """Return the message of a campaign as it is given."""
        _check_choice(asked, campaign.plan)
        language = asked.language or recipient.language
        channel = asked.channel or campaign.plan.channels[0]
        variant = asked.variant or variant_of(campaign, recipient.id)
        step = asked.step or next((name for name, by in campaign.plan.sends() if by is channel), "")
        try:
            campaign.plan.template(language, channel=channel, variant=variant, step=step)
        except KeyError as error:
            raise NoWords(channel) from error
        touch = _unwritten(campaign, recipient, channel=channel, variant=variant, step=step, now=self.clock.now())
        try:
            words = self.words.render(campaign, replace(recipient, language=language), touch=touch)
        except WordsFailed as error:
            raise WordsNotRendered(str(error)) from error
        return Preview(words, channel, language, variant)


@dataclass(frozen=True, slots=True)
class SendTest:
    """Sends a preview, of whatever channel, by e-mail to the staff, marked in subject and header."""

    preview_message: PreviewMessage
    mailer: StaffMailer
    domains: tuple[str, ...]
    """Of the addresses that are the staff's."""

    def __call__(self, asked: Asked, addresses: Sequence[str], *, order: CampaignOrder) -> Sequence[tuple[str, bool]]:
        """Return for each address whether the mail server took the message; nothing if the request is a repeat."""
        to = self._staff(addresses)
        preview = self.preview_message(asked if asked.channel else replace(asked, channel=self._first_of(asked)))
        now = self.preview_message.clock.now()
        first: list[Campaign] = []

        def step(campaign: Campaign) -> Campaign:
            noted = campaign.test_sent(len(to), by=order.caller.subject, now=now)
            first[:] = [noted]
            return noted

        order.change(self.preview_message.campaigns, "send_test", step=step)
        if not first:
            return ()
        title = preview.words.subject or f"{preview.channel.value}: {first[0].name}"
        subject = MARKS[preview.language] + title
        headers = (*preview.words.headers, TEST_HEADER)
        messages = [Message(_test_id(now), each, subject, preview.words.body, headers) for each in to]
        return list(zip(to, self.mailer.send(messages), strict=True))

    def _first_of(self, asked: Asked) -> Channel | None:
        plan = self.preview_message.campaign(asked).plan
        return Channel.EMAIL if Channel.EMAIL in {by for _, by in plan.sends()} else None

    def _staff(self, addresses: Sequence[str]) -> list[str]:
        if not 1 <= len(addresses) <= MOST_ADDRESSES:
            raise InvalidField("addresses", f"addresses needs 1 to {MOST_ADDRESSES} addresses.")
        told = [checks.line(each, f"addresses[{place}]", least=3, most=254) for place, each in enumerate(addresses)]
        for place, each in enumerate(told):
            if each.count("@") != 1 or each.rpartition("@")[2].lower() not in self.domains:
                raise AddressNotOfStaff(f"addresses[{place}]", self.domains)
        return list(dict.fromkeys(told))


def _check_choice(asked: Asked, plan: CampaignPlan) -> None:
    if asked.variant and asked.variant not in {each.name for each in plan.variants}:
        raise InvalidField("variant", f"variant: the plan has no variant {asked.variant}.")
    if asked.step and asked.step not in {name for name, _ in plan.sends()}:
        raise InvalidField("step", f"step: the plan has no step {asked.step} that sends.")


def _unwritten(
    campaign: Campaign, recipient: Recipient, *, channel: Channel, variant: str, step: str, now: datetime
) -> Touch:
    """Return a touch that no ledger holds."""
    return Touch(
        id=new_id("tch", now),
        campaign_id=campaign.id,
        member_id=recipient.id,
        occurrence="preview",
        channel=channel.value,
        date=now.date().isoformat(),
        due_at=now,
        batch_id="",
        updated_at=now,
        step=step or GREETING,
        variant=variant,
        version=campaign.plan_version,
    )


def _test_id(now: datetime) -> str:
    return f"<test.{new_id('tch', now)}@test.invalid>"
