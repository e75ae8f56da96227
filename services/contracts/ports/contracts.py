"""The contracts on record, as the use cases need them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.chassis.paging import Page
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFilter:
    """What a listed contract must match; what is empty matches all."""

    customer_id: str = ""
    states: frozenset[ContractState] = frozenset()
    owner_id: str = ""
    reviewer: str = ""
    asset_id: str = ""
    ending_from: date | None = None
    """Only those whose current term ends on this day or later."""
    ending_to: date | None = None
    known_by: datetime | None = None
    """Only those of which something was recorded by this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFilter:
    """What a listed review must match; what is empty matches all."""

    reviewer: str = ""
    unassigned: bool = False
    """Only what waits for nobody by name."""
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

    def of_customers(
        self, customer_ids: Sequence[str], *, most: int, known_by: datetime | None = None
    ) -> Mapping[str, Sequence[Contract]]:
        """Return the contracts of each customer that has any, oldest first, at most so many for each.

        With `known_by` only those of which something was recorded by this moment.
        """

    def reviews(self, match: ReviewFilter, *, size: int, after: str) -> Page[Contract]:
        """Return the page of contracts in review behind the contract `after`, the one submitted first in front."""

    def due(self, now: datetime, *, size: int, after: str) -> Sequence[str]:
        """Return the ids, behind `after`, of contracts that a job may have to move, with their zones ignored."""

    def change(
        self, contract_id: str, step: Callable[[Contract], Contract], *, etag: str, request_key: str
    ) -> Contract:
        """Apply the step to the stored contract and store the outcome and what it says in one write.

        A repeated request takes no second step. An etag that is not the stored version is refused with STALE_VERSION.
        """
