"""The words of campaigns: Liquid, compiled once per version, bounded in work and length, checked before approval."""

from functools import lru_cache

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError

from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.plan import MessageTemplate
from services.care.domain.channels import Channel
from services.care.domain.sending.message import Rendered
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.touch import Touch
from services.chassis.errors import DomainError, Kind

KNOWN_VARIABLES = ("member.name", "member.first_name", "member.gender", "member.language")
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


class LiquidWords:
    """Renders and checks."""

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
        try:
            subject = _compiled(template.subject).render(member=member)
            body = _compiled(template.body).render(member=member)
        except LiquidError as error:
            raise WordsFailed(str(error)) from error
        return Rendered(" ".join(subject.split()), body)  # a name with a line break must not begin a new header

    def check(self, campaign: Campaign) -> None:
        for place, template in enumerate(campaign.plan.templates):
            for part in ("subject", "body"):
                _check(template, part, field=f"plan.templates[{place}].{part}")


def _check(template: MessageTemplate, part: str, *, field: str) -> None:
    language, source = template.language.removeprefix("LANGUAGE_"), getattr(template, part)
    try:
        unknown = sorted(set(_compiled(source).global_variable_paths()) - set(KNOWN_VARIABLES))
        if not unknown:
            _compiled(source).render(member=dict.fromkeys(("name", "first_name", "gender", "language"), "x"))
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
