"""Price indices and price runs in MongoDB, and the contracts that they reprice."""

from collections.abc import Callable, Sequence
from typing import Any

from mongoengine import DateTimeField, DictField, ListField, StringField

from services.chassis.aggregates import AggregateDocument, AggregateStore, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.paging import Page
from services.contracts.domain.billing.price_index import PriceIndex
from services.contracts.domain.billing.price_run import PriceRun
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.store.database import ALIAS, set_only
from services.contracts.store.life_cycle.contracts import ContractCodec, ContractDocument

_AMENDABLE = [state.value for state in (ContractState.SIGNED, ContractState.ACTIVE, ContractState.SUSPENDED)]


class PriceIndexDocument(AggregateDocument):
    """An index with its values."""

    name = StringField(required=True)
    basis = StringField(required=True)
    values = ListField(DictField())
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "price_indexes",
        "auto_create_index": False,
        "indexes": [*aggregate_indexes()],
    }


class PriceRunDocument(AggregateDocument):
    """A run with everything that it would change, changed and left alone."""

    name = StringField(required=True)
    rule = DictField(required=True)
    effective_date = StringField(required=True)
    state = StringField(required=True)
    items = ListField(DictField())
    skips = ListField(DictField())
    outcomes = ListField(DictField())
    author = StringField(required=True)
    approver = StringField()
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)
    approved_time = DateTimeField()
    applied_time = DateTimeField()
    undone_time = DateTimeField()

    meta = {
        "db_alias": ALIAS,
        "collection": "price_runs",
        "auto_create_index": False,
        "indexes": [*aggregate_indexes()],
    }


class MongoPriceIndexes:
    """The indices on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(PriceIndexDocument, PriceIndex, noun="price_index", source=ALIAS, clock=clock)

    def add(self, index: PriceIndex, *, request_key: str) -> PriceIndex:
        return self._store.add(index, request_key)

    def get(self, index_id: str) -> PriceIndex:
        return self._store.get(index_id)

    def batch_get(self, index_ids: Sequence[str]) -> Sequence[PriceIndex]:
        return self._store.batch_get(index_ids)

    def page(self, *, size: int, after: str) -> Page[PriceIndex]:
        return self._store.page({}, size=size, after=after)

    def change(
        self, index_id: str, step: Callable[[PriceIndex], PriceIndex], *, etag: str, request_key: str
    ) -> PriceIndex:
        return self._store.change(index_id, step, etag=etag, request_id=request_key)


class MongoPriceRuns:
    """The runs on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(PriceRunDocument, PriceRun, noun="price_run", source=ALIAS, clock=clock)

    def add(self, run: PriceRun, *, request_key: str) -> PriceRun:
        return self._store.add(run, request_key)

    def get(self, price_run_id: str) -> PriceRun:
        return self._store.get(price_run_id)

    def batch_get(self, price_run_ids: Sequence[str]) -> Sequence[PriceRun]:
        return self._store.batch_get(price_run_ids)

    def page(self, *, size: int, after: str) -> Page[PriceRun]:
        return self._store.page({}, size=size, after=after)

    def change(
        self, price_run_id: str, step: Callable[[PriceRun], PriceRun], *, etag: str, request_key: str
    ) -> PriceRun:
        return self._store.change(price_run_id, step, etag=etag, request_id=request_key)


class MongoPricedContracts:
    """The contracts, as a change of prices reads and writes them."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore(ContractDocument, ContractCodec(), "contract", ALIAS, clock)

    def batch_get(self, contract_ids: Sequence[str]) -> Sequence[Contract]:
        return self._store.batch_get(contract_ids)

    def in_force(self, contract_ids: Sequence[str], *, customer_id: str, after: str, size: int) -> Sequence[Contract]:
        query: dict[str, Any] = {"state": {"$in": _AMENDABLE}, **set_only(customer_id=customer_id)}
        key: dict[str, Any] = {"$gt": after} if after else {}
        if contract_ids:
            key["$in"] = list(contract_ids)
        if key:
            query["_id"] = key
        found = self._store.collection.find(query, {"outbox": 0}).sort("_id", 1).limit(size)
        return [self._store.codec.to_aggregate(each) for each in found]

    def change(self, contract_id: str, step: Callable[[Contract], Contract]) -> Contract:
        return self._store.change(contract_id, step)
