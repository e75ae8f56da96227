"""Contracts in MongoDB, as imports write them: in bulk."""

from collections.abc import Mapping, Sequence

from services.chassis.aggregates import AggregateStore
from services.chassis.clock import Clock
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.store.database import ALIAS
from services.contracts.store.life_cycle.contracts import ContractCodec, ContractDocument


class MongoImportedContracts:
    """The contracts on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore(ContractDocument, ContractCodec(), "contract", ALIAS, clock)

    def by_ids(self, contract_ids: Sequence[str]) -> Mapping[str, Contract]:
        return {contract.id: contract for contract in self._store.batch_get(contract_ids)}

    def add_many(self, contracts: Sequence[Contract]) -> set[str]:
        return {contract.id for contract in self._store.add_many(contracts)}

    def change_many(self, changes: Sequence[tuple[Contract, Contract]]) -> set[str]:
        return {contract.id for contract in self._store.change_many(changes)}
