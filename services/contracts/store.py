"""Customers and contracts in MongoDB; documents never leave this module."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mongoengine import DateTimeField, DictField, ListField, StringField

from services.chassis.aggregates import (
    AggregateDocument,
    AggregateStore,
    DuplicateKey,
    aggregate_indexes,
    unique_when_set,
)
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.paging import Page
from services.contracts.domain.contract import Contract
from services.contracts.domain.customer import Customer, search_key
from services.contracts.domain.errors import CustomerExternalRefTaken
from services.contracts.ports import ContractFilter, CustomerFilter

ALIAS = "contracts"
_LAST_LETTER = "\U0010ffff"  # sorts after every text that begins alike


class CustomerDocument(AggregateDocument):
    """A customer."""

    kind = StringField(required=True)
    name = StringField(required=True)
    name_key = StringField(required=True)
    external_ref = StringField()
    tax_id = StringField()
    owner_id = StringField()
    tags = ListField(StringField())
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "customers",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            unique_when_set("external_ref"),
            # One for each filter of a list; the id behind it keeps the order of pages.
            {"fields": ["kind", "_id"], "name": "by_kind", "cls": False},
            {"fields": ["owner_id", "_id"], "name": "by_owner", "cls": False},
            {"fields": ["tags", "_id"], "name": "by_tag", "cls": False},
            {"fields": ["name_key", "_id"], "name": "by_name", "cls": False},
        ],
    }


class ContractDocument(AggregateDocument):
    """A contract."""

    customer_id = StringField(required=True)
    title = StringField(required=True)
    state = StringField(required=True)
    start_date = StringField(required=True)
    end_date = StringField(required=True)
    price = DictField(required=True)
    owner_id = StringField()
    signed_time = DateTimeField()
    activated_time = DateTimeField()
    terminated_time = DateTimeField()
    termination_reason = StringField()
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "contracts",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            {"fields": ["customer_id", "_id"], "name": "by_customer", "cls": False},
            {"fields": ["state", "_id"], "name": "by_state", "cls": False},
            {"fields": ["owner_id", "_id"], "name": "by_owner", "cls": False},
        ],
    }


DOCUMENTS = (CustomerDocument, ContractDocument)
OUTBOXES = ("customers", "contracts")


class MongoCustomers:
    """The customers on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(CustomerDocument, Customer, noun="customer", source=ALIAS, clock=clock)

    def add(self, customer: Customer, *, request_key: str) -> Customer:
        try:
            return self._store.add(customer, request_key)
        except DuplicateKey as error:
            raise CustomerExternalRefTaken(customer.external_ref) from error

    def get(self, customer_id: str) -> Customer:
        return self._store.get(customer_id)

    def batch_get(self, customer_ids: Sequence[str]) -> Sequence[Customer]:
        return self._store.batch_get(customer_ids)

    def page(self, match: CustomerFilter, *, size: int, after: str) -> Page[Customer]:
        query: dict[str, Any] = _set_only(
            kind=match.kind, owner_id=match.owner_id, tags=match.tag, external_ref=match.external_ref
        )
        if prefix := search_key(match.name_prefix):
            query["name_key"] = {"$gte": prefix, "$lt": prefix + _LAST_LETTER}
        return self._store.page(query, size=size, after=after)


class MongoContracts:
    """The contracts on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(ContractDocument, Contract, noun="contract", source=ALIAS, clock=clock)

    def add(self, contract: Contract, *, request_key: str) -> Contract:
        return self._store.add(contract, request_key)

    def get(self, contract_id: str) -> Contract:
        return self._store.get(contract_id)

    def batch_get(self, contract_ids: Sequence[str]) -> Sequence[Contract]:
        return self._store.batch_get(contract_ids)

    def page(self, match: ContractFilter, *, size: int, after: str) -> Page[Contract]:
        query = _set_only(customer_id=match.customer_id, state=match.state, owner_id=match.owner_id)
        return self._store.page(query, size=size, after=after)

    def of_customers(self, customer_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Contract]]:
        return self._store.top_by("customer_id", customer_ids, limit=most, newest_first=False)

    def change(
        self, contract_id: str, step: Callable[[Contract], Contract], *, etag: str, request_key: str
    ) -> Contract:
        try:
            return self._store.change(contract_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another contract.") from error


def _set_only(**wanted: str | None) -> dict[str, Any]:
    return {field: str(value) for field, value in wanted.items() if value}
