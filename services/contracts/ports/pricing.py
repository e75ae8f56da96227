"""What changes of prices need: indices, runs, and the contracts that get new prices."""

from collections.abc import Callable, Sequence
from typing import Protocol

from services.chassis.paging import Page
from services.contracts.domain.billing.price_index import PriceIndex
from services.contracts.domain.billing.price_run import PriceRun
from services.contracts.domain.life_cycle.contract import Contract


class PriceIndexes(Protocol):
    """The indices on record."""

    def add(self, index: PriceIndex, *, request_key: str) -> PriceIndex:
        """Store a new one, or return what this request stored before."""

    def get(self, index_id: str) -> PriceIndex:
        """Return it, or refuse with PRICE_INDEX_NOT_FOUND."""

    def batch_get(self, index_ids: Sequence[str]) -> Sequence[PriceIndex]:
        """Return those that exist, in no promised order."""

    def page(self, *, size: int, after: str) -> Page[PriceIndex]:
        """Return a page in the order of ids."""

    def change(
        self, index_id: str, step: Callable[[PriceIndex], PriceIndex], *, etag: str, request_key: str
    ) -> PriceIndex:
        """Apply the step in one write; a repeated request takes no second step."""


class PriceRuns(Protocol):
    """The runs on record."""

    def add(self, run: PriceRun, *, request_key: str) -> PriceRun:
        """Store a new one, or return what this request stored before."""

    def get(self, price_run_id: str) -> PriceRun:
        """Return it, or refuse with PRICE_RUN_NOT_FOUND."""

    def batch_get(self, price_run_ids: Sequence[str]) -> Sequence[PriceRun]:
        """Return those that exist, in no promised order."""

    def page(self, *, size: int, after: str) -> Page[PriceRun]:
        """Return a page in the order of ids."""

    def change(
        self, price_run_id: str, step: Callable[[PriceRun], PriceRun], *, etag: str, request_key: str
    ) -> PriceRun:
        """Apply the step in one write; a repeated request takes no second step."""


class PricedContracts(Protocol):
    """The contracts, as a change of prices reads and writes them."""

    def batch_get(self, contract_ids: Sequence[str]) -> Sequence[Contract]:
        """Return those that exist, in no promised order."""

    def in_force(self, contract_ids: Sequence[str], *, customer_id: str, after: str, size: int) -> Sequence[Contract]:
        """Return the next signed contracts that have not ended, in the order of ids; no ids and no customer: all."""

    def change(self, contract_id: str, step: Callable[[Contract], Contract]) -> Contract:
        """Apply the step to the stored contract and store the outcome with what it says in one write."""
