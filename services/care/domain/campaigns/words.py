"""The words of campaigns: Liquid, compiled once per version, bounded in work and length, checked before approval."""

from dataclasses import dataclass
from functools import lru_cache

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError

from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.plan import MessageTemplate
from services.care.domain.channels import Channel, Purpose
from services.care.domain.members.links import Link, Links, MessageLinks
from services.care.domain.sending.message import Rendered
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.touch import Touch
from services.chassis.errors import DomainError, Kind

KNOWN_VARIABLES = (
    "member.name", "member.first_name", "member.gender", "member.language",
    "links.unsubscribe", "links.preferences",
)  # fmt: skip
_NO_LINKS = MessageLinks("", "")
_COMPILED_AT_ONCE = 256


class WordsFailed(Exception):
    """A template failed for one recipient."""


class TemplateInvalid(DomainError):
    kind, reason = Kind.INVALID, "TEMPLATE_INVALID"


class _Bounded(Environment):
    """An author's template must end soon and stay short, whatever it loops over."""

    loop_iteration_limit = 1_000
    output_stream_limit = 100_000
    context_depth_limit = 10


_environment = _Bounded(undefined=StrictUndefined, strict_filters=True)


@lru_cache(maxsize=_COMPILED_AT_ONCE)
def _compiled(source: str) -> BoundTemplate:
    return _environment.from_string(source)


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
        member = {
            "name": recipient.name,
            "first_name": _first_name(recipient.name),
            "gender": recipient.gender.removeprefix("GENDER_"),
            "language": recipient.language.removeprefix("LANGUAGE_"),
        }
        links, headers = self._links(campaign, touch)
        shown = {"unsubscribe": links.unsubscribe, "preferences": links.preferences}
        try:
            subject = _compiled(template.subject).render(member=member, links=shown)
            body = _compiled(template.body).render(member=member, links=shown)
        except LiquidError as error:
            raise WordsFailed(str(error)) from error
        return Rendered(" ".join(subject.split()), body, headers)  # a name's line break must not begin a new header

    def _links(self, campaign: Campaign, touch: Touch) -> tuple[MessageLinks, tuple[tuple[str, str], ...]]:
        """Return the links of a message, and the headers of a mail that can be unsubscribed from."""
        if self.links is None:
            return _NO_LINKS, ()
        channel, service = Channel(touch.channel), campaign.plan.purpose is Purpose.SERVICE
        purpose = Purpose.CARE if service else campaign.plan.purpose  # service itself cannot be unsubscribed from
        links = self.links.of(Link(touch.member_id, touch.id, channel, purpose))
        return links, links.headers if channel is Channel.EMAIL and not service else ()

    def check(self, campaign: Campaign) -> None:
        for place, template in enumerate(campaign.plan.templates):
            for part in ("subject", "body"):
                _check(template, part, field=f"plan.templates[{place}].{part}")


def _check(template: MessageTemplate, part: str, *, field: str) -> None:
    language, source = template.language.removeprefix("LANGUAGE_"), getattr(template, part)
    try:
        unknown = sorted(set(_compiled(source).global_variable_paths()) - set(KNOWN_VARIABLES))
        if not unknown:
            shown = {"unsubscribe": "x", "preferences": "x"}
            member = dict.fromkeys(("name", "first_name", "gender", "language"), "x")
            _compiled(source).render(member=member, links=shown)
    except LiquidError as error:
        first_line = str(error).splitlines()[0]
        raise TemplateInvalid(f"The {language} {part} is no Liquid template: {first_line}.", field=field) from error
    if unknown:
        raise TemplateInvalid(
            f"The {language} {part} names {', '.join(unknown)}. Known are {', '.join(KNOWN_VARIABLES)}.",
            field=field,
            variables=",".join(unknown),
        )


def _first_name(name: str) -> str:
    """Return the given name where names are written with spaces; a name without any is returned whole."""
    return name.split(maxsplit=1)[0] if name.split() else name
