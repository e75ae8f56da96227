"""Write, publish and retire clause templates."""

from dataclasses import dataclass

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id, new_id
from services.contracts.domain.paperwork.clause_template import ClauseTemplate, ClauseText
from services.contracts.ports.paperwork import ClauseTemplates

Texts = tuple[ClauseText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseOrder:
    """Which template, on whose behalf, and the guards against lost updates and repeats."""

    template_id: str
    by: str
    etag: str = ""
    request_id: str = ""

    def checked_id(self) -> str:
        """Return the template's id, or refuse what is none."""
        return check_id(self.template_id, "tpl", field="template_id")


@dataclass(frozen=True, slots=True)
class WriteClauseTemplate:
    """Stores a new template with its first draft."""

    templates: ClauseTemplates
    clock: Clock

    def __call__(self, name: str, texts: Texts, *, author: str, request_id: str) -> ClauseTemplate:
        """Return the template as stored; a repeat of the request returns the first."""
        now = self.clock.now()
        template = ClauseTemplate.write(new_id("tpl", now), name, texts=texts, author=author, now=now)
        return self.templates.add(template, request_key=request_key("create", request_id))


@dataclass(frozen=True, slots=True)
class ReviseClauseTemplate:
    """Writes the next version."""

    templates: ClauseTemplates
    clock: Clock

    def __call__(self, order: ClauseOrder, name: str, *, texts: Texts) -> ClauseTemplate:
        """Return the template with its newer draft."""
        now = self.clock.now()
        return self.templates.change(
            order.checked_id(),
            lambda template: template.revise(name, texts, author=order.by, now=now),
            etag=order.etag,
            request_key=request_key("revise", order.request_id),
        )


@dataclass(frozen=True, slots=True)
class PublishClauseTemplate:
    """Makes the draft what contracts take."""

    templates: ClauseTemplates
    clock: Clock

    def __call__(self, order: ClauseOrder) -> ClauseTemplate:
        """Return the published template."""
        now = self.clock.now()
        return self.templates.change(
            order.checked_id(),
            lambda template: template.publish(by=order.by, now=now),
            etag=order.etag,
            request_key=request_key("publish", order.request_id),
        )


@dataclass(frozen=True, slots=True)
class RetireClauseTemplate:
    """Takes a clause out of use."""

    templates: ClauseTemplates
    clock: Clock

    def __call__(self, order: ClauseOrder) -> ClauseTemplate:
        """Return the retired template."""
        now = self.clock.now()
        return self.templates.change(
            order.checked_id(),
            lambda template: template.retire(now),
            etag=order.etag,
            request_key=request_key("retire", order.request_id),
        )
