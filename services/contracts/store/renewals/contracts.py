"""Contracts as renewals read and change them, over the collection of the room that owns them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from services.chassis.aggregates import AggregateStore, DuplicateKey
from services.chassis.clock import Clock
from services.chassis.codec import readable
from services.chassis.errors import InvalidField
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.domain.renewals.renewal import Renewal
from services.contracts.domain.renewals.renewal_opening import RENEWABLE
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import Period, PeriodUnit, RenewalKind
from services.contracts.ports.renewals import Broken, Change, Ending, Standing
from services.contracts.store.database import ALIAS
from services.contracts.store.life_cycle.contracts import ContractCodec, ContractDocument
from services.contracts.store.renewals.batches import batches
from services.contracts.store.renewals.renewals import renewal_store
from services.contracts.store.together import Write, change_together

_IN_FORCE = {"$in": [state.value for state in RENEWABLE]}

_LITTLE = {"term_number": 1, "end_date": 1, "renewal_kind": 1, "versions.renewal.notice": 1}
_MOST_OF = {PeriodUnit.DAY: 60, PeriodUnit.WEEK: 8, PeriodUnit.MONTH: 2, PeriodUnit.QUARTER: 0, PeriodUnit.YEAR: 0}
_LONG_NOTICES = [
    {"renewal.notice.unit": unit.value, "renewal.notice.count": {"$gt": most}} for unit, most in _MOST_OF.items()
]


def contract_store(clock: Clock) -> AggregateStore[Contract]:
    """Return the contracts as aggregates, written as the room that owns them writes them."""
    return AggregateStore(ContractDocument, ContractCodec(), "contract", ALIAS, clock)


class MongoRenewableContracts:
    """The contracts, as far as renewals change them."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = contract_store(clock)

    def ending(self, through: date, *, long_notice_through: date, size: int) -> Iterator[Sequence[Ending | Broken]]:
        soon = {"state": _IN_FORCE, "end_date": {"$lte": through.isoformat()}}
        later = {
            "state": _IN_FORCE,
            "end_date": {"$gt": through.isoformat(), "$lte": long_notice_through.isoformat()},
            "versions": {"$elemMatch": {"$or": _LONG_NOTICES}},
        }
        for query in (soon, later):
            found = self._store.collection.find(query, _LITTLE, batch_size=size)
            for batch in batches(found, size):
                yield [_ending(each) for each in batch]

    def standing(self, contract_ids: Sequence[str]) -> Mapping[str, Standing]:
        fields = {"state": 1, "term_number": 1, "successor_id": 1, "renewal_cancelled_time": 1, "price": 1}
        found = self._store.collection.find({"_id": {"$in": list(contract_ids)}}, fields)
        return dict(readable(found, _standing, collection="contracts"))

    def read(self, contract_ids: Sequence[str]) -> Sequence[Contract | Broken]:
        found = self._store.collection.find({"_id": {"$in": list(contract_ids)}}, {"outbox": 0, "request_ids": 0})
        return [self._read(each) for each in found]

    def get(self, contract_id: str) -> Contract:
        return self._store.get(contract_id)

    def change_many(self, changes: Sequence[tuple[Contract, Contract]]) -> Sequence[str]:
        return [contract.id for contract in self._store.change_many(changes)]

    def _read(self, found: dict[str, Any]) -> Contract | Broken:
        try:
            return self._store.codec.to_aggregate(found)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with one document concerns no other
            return Broken(found["_id"], error)


def _ending(found: dict[str, Any]) -> Ending | Broken:
    try:
        notices = {
            (each["renewal"]["notice"]["unit"], each["renewal"]["notice"]["count"]) for each in found["versions"]
        }
        return Ending(
            found["_id"],
            found["term_number"],
            date.fromisoformat(found["end_date"]),
            RenewalKind(found["renewal_kind"]),
            tuple(Period(PeriodUnit(unit), count) for unit, count in notices),
        )
    except (KeyError, TypeError, ValueError) as error:
        return Broken(found["_id"], error)


def _standing(found: dict[str, Any]) -> tuple[str, Standing]:
    return found["_id"], Standing(
        state=ContractState(found["state"]),
        term_number=found["term_number"],
        successor_id=found["successor_id"],
        cancelled=found["renewal_cancelled_time"] is not None,
        price=Money(**found["price"]),
    )


class MongoOutcomes:
    """Renewals and contracts that change together, in one transaction."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._renewals, self._contracts = renewal_store(clock), contract_store(clock)

    def store(
        self,
        renewal_id: str,
        step: Callable[[Renewal, Contract], Change],
        *,
        etag: str = "",
        request_key: str = "",
    ) -> Renewal:
        def plan(renewal: Renewal) -> Sequence[Write]:
            contract = self._contracts.get(renewal.contract_id)
            change = step(renewal, contract)
            writes = [Write(store=self._renewals, new=change.renewal, old=renewal, request_key=request_key)]
            if change.contract is not contract:
                writes.append(Write(store=self._contracts, new=change.contract, old=contract))
            if change.successor:
                writes.append(Write(store=self._contracts, new=change.successor))
            return writes

        try:
            return change_together(self._renewals, renewal_id, plan=plan, etag=etag, request_key=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another renewal.") from error
