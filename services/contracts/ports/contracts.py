"""The contracts on record, as the use cases need them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.chassis.paging import Page
from services.contracts.domain.contract import Contract, ContractState


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFilter:
    """What a listed contract must match; what is empty matches all."""

    customer_id: str = ""
    state: ContractState | None = None
    owner_id: str = ""


class Contracts(Protocol):
    """The contracts on record."""

    def add(self, contract: Contract, *, request_key: str) -> Contract:
        """Store the draft, or return what this request stored before."""

    def get(self, contract_id: str) -> Contract:
        """Return the contract, or refuse with CONTRACT_NOT_FOUND."""

    def batch_get(self, contract_ids: Sequence[str]) -> Sequence[Contract]:
        """Return those that exist, in no promised order."""

    def page(self, match: ContractFilter, *, size: int, after: str) -> Page[Contract]:
        """Return the page of matching contracts whose ids follow `after`."""

    def of_customers(self, customer_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Contract]]:
        """Return the contracts of each customer that has any, oldest first, at most so many for each."""

    def change(
        self, contract_id: str, step: Callable[[Contract], Contract], *, etag: str, request_key: str
    ) -> Contract:
        """Apply the step to the stored contract and store the outcome and what it says in one write.

        A repeated request takes no second step. An etag that is not the stored version is refused with STALE_VERSION.
        """
