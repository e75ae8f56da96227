"""The words of campaigns: rendered for one recipient, checked before approval."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.findings import WordsMistake
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.channels import Channel, Purpose
from services.care.domain.members.asking import CONFIRMED_BY, confirmation_campaign, purpose_asked_for
from services.care.domain.members.links import Link, Links, MessageLinks
from services.care.domain.sending.message import Rendered
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.touch import Touch
from services.care.domain.templates.lint import WordsText, errors, findings
from services.care.domain.templates.liquid_engine import WordsFailed, filled
from services.care.domain.templates.variables import values_of
from services.care.domain.templates.words_errors import TemplateInvalid

_NO_LINKS = MessageLinks("", "", "")
_CONFIRMATIONS = frozenset(confirmation_campaign(channel) for channel in CONFIRMED_BY)
_PARTS = {"subject": "主题", "body": "正文"}


@dataclass(frozen=True, slots=True)
class LiquidWords:
    """Renders and checks. Without `links`, the links in a message are empty and it says nothing of unsubscribing."""

    links: Links | None = None

    def render(self, campaign: Campaign, recipient: Recipient, *, touch: Touch) -> Rendered:
        try:
            template = campaign.plan.template(
                recipient.language, channel=Channel(touch.channel), variant=touch.variant, step=touch.step
            )
        except KeyError as error:
            raise WordsFailed(f"no words for {error}") from error
        links, headers = self._links(campaign, touch)
        asked = purpose_asked_for(touch.occurrence)
        values = values_of(recipient, date=touch.date, links=links, consent=asked)
        subject = " ".join(filled(template.subject, values).split())  # a name's line break must not begin a new header
        body = filled(template.body, values)
        if asked and not (links.confirm and links.confirm in body):
            raise WordsFailed("the words ask for a confirmation and show no link to it")
        return Rendered(subject, body, headers)

    def _links(self, campaign: Campaign, touch: Touch) -> tuple[MessageLinks, tuple[tuple[str, str], ...]]:
        """Return the links of a message, and the headers of a mail that can be unsubscribed from."""
        if self.links is None:
            return _NO_LINKS, ()
        channel, service = Channel(touch.channel), campaign.plan.purpose is Purpose.SERVICE
        purpose = Purpose.CARE if service else campaign.plan.purpose  # service itself cannot be unsubscribed from
        links = self.links.of(Link(touch.member_id, touch.id, channel, purpose))
        return links, links.headers if channel is Channel.EMAIL and not service else ()

    def check(self, campaign: Campaign) -> None:
        for wrong in self.mistakes(campaign.plan):
            raise TemplateInvalid(wrong.english, field=wrong.field, finding=wrong.code, what=wrong.what)
        if campaign.id in _CONFIRMATIONS:
            _require_link(campaign.plan)

    def mistakes(self, plan: CampaignPlan) -> Iterator[WordsMistake]:
        for place, template in enumerate(plan.templates):
            text = WordsText(language=template.language, subject=template.subject, body=template.body)
            for wrong in errors(findings([text], template.channel, purpose=plan.purpose)):
                yield WordsMistake(
                    field=f"plan.templates[{place}].{wrong.part}",
                    code=wrong.code.value,
                    what=wrong.what,
                    english=f"The {template.language.removeprefix('LANGUAGE_')} {wrong.part}: {wrong.english}",
                    chinese=f"第 {place + 1} 个模板的{_PARTS[wrong.part]}：{wrong.chinese}",
                )


def _require_link(plan: CampaignPlan) -> None:
    """Refuse words that ask for a confirmation and do not show where to give it."""
    for place, template in enumerate(plan.templates):
        if "links.confirm" not in template.body:
            wrong = "The words must show {{ links.confirm }}: without it nobody can confirm."
            field = f"plan.templates[{place}].body"
            raise TemplateInvalid(wrong, field=field, finding="CONFIRM_LINK_MISSING", what="links.confirm")
