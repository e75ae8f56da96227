"""Leads in MongoDB."""

from collections.abc import Callable, Sequence

from mongoengine import DateTimeField, DictField, ListField, StringField

from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.paging import Page
from services.contracts.domain.customers.customer import Customer
from services.contracts.domain.customers.customers_errors import CustomerExternalRefTaken
from services.contracts.domain.sales.lead import Lead
from services.contracts.domain.sales.opportunity import Opportunity
from services.contracts.ports.sales import LeadFilter, Qualified
from services.contracts.store.customers.customers import CustomerDocument
from services.contracts.store.customers.families import family
from services.contracts.store.database import ALIAS, set_only
from services.contracts.store.sales.opportunities import opportunity_store
from services.contracts.store.together import Write, change_together


class LeadDocument(AggregateDocument):
    """A lead."""

    source = StringField(required=True)
    contact = StringField(required=True)
    need = StringField()
    owner_id = StringField()
    state = StringField(required=True)
    follow_ups = ListField(DictField())
    next_action = StringField()
    next_action_date = StringField()
    customer_id = StringField()
    opportunity_id = StringField()
    disqualify_reason = StringField()
    disqualify_note = StringField()
    author = StringField()
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "leads",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            # One for each filter of a list; the id behind it keeps the order of pages.
            {"fields": ["state", "_id"], "name": "by_state", "cls": False},
            {"fields": ["source", "_id"], "name": "by_source", "cls": False},
            {"fields": ["owner_id", "_id"], "name": "by_owner", "cls": False},
            {"fields": ["customer_id", "_id"], "name": "by_customer", "cls": False},
            {"fields": ["next_action_date"], "name": "by_next_action", "cls": False},
        ],
    }


class MongoLeads:
    """The leads on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(LeadDocument, Lead, noun="lead", source=ALIAS, clock=clock)
        self._opportunities = opportunity_store(clock)
        self._customers = AggregateStore.of(CustomerDocument, Customer, noun="customer", source=ALIAS, clock=clock)

    def add(self, lead: Lead, *, request_key: str) -> Lead:
        return self._store.add(lead, request_key)

    def get(self, lead_id: str) -> Lead:
        return self._store.get(lead_id)

    def batch_get(self, lead_ids: Sequence[str]) -> Sequence[Lead]:
        return self._store.batch_get(lead_ids)

    def page(self, match: LeadFilter, *, size: int, after: str) -> Page[Lead]:
        query = set_only(state=match.state, source=match.source, owner_id=match.owner_id)
        if match.customer_id:
            query["customer_id"] = {"$in": family(match.customer_id)}
        if match.action_before:
            query["next_action_date"] = {"$lt": match.action_before.isoformat()}
        return self._store.page(query, size=size, after=after)

    def change(self, lead_id: str, step: Callable[[Lead], Lead], *, etag: str, request_key: str) -> Lead:
        try:
            return self._store.change(lead_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another lead.") from error

    def qualify(
        self, lead_id: str, step: Callable[[Lead], Qualified], *, etag: str, request_key: str
    ) -> tuple[Lead, Opportunity]:
        refs: list[str] = []

        def plan(old: Lead) -> list[Write]:
            made = step(old)
            writes = [
                Write(store=self._store, new=made.lead, old=old, request_key=request_key),
                Write(store=self._opportunities, new=made.opportunity),
            ]
            if made.customer:
                refs[:] = [made.customer.external_ref]
                writes.append(Write(store=self._customers, new=made.customer))
            return writes

        try:
            lead = change_together(self._store, lead_id, plan=plan, etag=etag, request_key=request_key)
        except DuplicateKey as error:
            if "external_ref" in error.fields:
                raise CustomerExternalRefTaken(refs[0]) from error
            raise InvalidField("request_id", "request_id was used for another lead.") from error
        return lead, self._opportunities.get(lead.opportunity_id)
