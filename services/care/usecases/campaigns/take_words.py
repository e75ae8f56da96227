"""Copies words of the library into a plan, so that what was approved stays as it was when the library goes on."""

from dataclasses import dataclass, replace

from services.care.domain.campaigns.plan import CampaignPlan, MessageTemplate
from services.care.ports.templates import Templates
from services.chassis.errors import DomainError, InvalidField
from services.chassis.ids import optional_id


@dataclass(frozen=True, slots=True)
class TakeWords:
    """Whatever names words of the library says what their published version says; all else stays as it is."""

    library: Templates

    def __call__(self, plan: CampaignPlan) -> CampaignPlan:
        """Return the plan with a copy of the words that it names.

        Refused, with the path of the field, with INVALID_ID, WORDS_NOT_FOUND, WORDS_NOT_PUBLISHED, WORDS_RETIRED, and
        with INVALID_FIELD for words of another channel or purpose.
        """
        taken = tuple(
            self._taken(each, plan, field=f"plan.templates[{place}].words_id")
            for place, each in enumerate(plan.templates)
        )
        return replace(plan, templates=taken)

    def _taken(self, template: MessageTemplate, plan: CampaignPlan, *, field: str) -> MessageTemplate:
        if not optional_id(template.words_id, "wrd", field=field):
            return template
        try:
            words, version = self.library.published(template.words_id)
        except DomainError as error:
            error.field = field
            raise
        for name, asked, found in (
            ("channel", template.channel, words.channel),
            ("purpose", plan.purpose, words.purpose),
        ):
            if asked is not found:
                raise InvalidField(field, f"{field}: the words are for the {name} {found.value}, not {asked.value}.")
        text = version.text_in(template.language)
        return replace(template, subject=text.subject, body=text.body)
