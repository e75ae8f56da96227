"""Contracts in MongoDB."""

from collections.abc import Callable, Mapping, Sequence

from mongoengine import DateTimeField, DictField, StringField

from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.paging import Page
from services.contracts.domain.contract import Contract
from services.contracts.ports.contracts import ContractFilter
from services.contracts.store.database import ALIAS, set_only


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
        query = set_only(customer_id=match.customer_id, state=match.state, owner_id=match.owner_id)
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
