"""Clause templates in MongoDB."""

from collections.abc import Callable, Sequence

from mongoengine import DateTimeField, DictField, ListField, StringField

from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.paging import Page
from services.contracts.domain.paperwork.clause_template import ClauseState, ClauseTemplate
from services.contracts.store.database import ALIAS, set_only


class ClauseTemplateDocument(AggregateDocument):
    """A clause template."""

    name = StringField(required=True)
    state = StringField(required=True)
    versions = ListField(DictField())
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "clause_templates",
        "auto_create_index": False,
        "indexes": [*aggregate_indexes(), {"fields": ["state", "_id"], "name": "by_state", "cls": False}],
    }


class MongoClauseTemplates:
    """The clause templates on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(
            ClauseTemplateDocument, ClauseTemplate, noun="clause_template", source=ALIAS, clock=clock
        )

    def add(self, template: ClauseTemplate, *, request_key: str) -> ClauseTemplate:
        return self._store.add(template, request_key)

    def get(self, template_id: str) -> ClauseTemplate:
        return self._store.get(template_id)

    def batch_get(self, template_ids: Sequence[str]) -> Sequence[ClauseTemplate]:
        return self._store.batch_get(template_ids)

    def page(self, state: ClauseState | None, *, size: int, after: str) -> Page[ClauseTemplate]:
        return self._store.page(set_only(state=state), size=size, after=after)

    def change(
        self, template_id: str, step: Callable[[ClauseTemplate], ClauseTemplate], *, etag: str, request_key: str
    ) -> ClauseTemplate:
        try:
            return self._store.change(template_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another clause.") from error
