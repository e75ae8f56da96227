"""Return visits, and the news of contracts they follow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.care.domain.visits.visit import Visit, VisitState
from services.chassis.paging import Page


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """What a listed visit must match; what is empty matches all."""

    state: VisitState | None = None
    owner_id: str = ""
    customer_id: str = ""
    due_through: str = ""


class Visits(Protocol):
    """Return visits as aggregates."""

    def add(self, visit: Visit) -> None:
        """Store it; one that exists stays as it is."""

    def change(self, visit_id: str, step: Callable[[Visit], Visit], *, etag: str, request_id: str) -> Visit:
        """Apply one step in one conditional write, or refuse with VISIT_NOT_FOUND or STALE_VERSION."""

    def get(self, visit_id: str) -> Visit:
        """Return it, or refuse with VISIT_NOT_FOUND."""

    def batch_get(self, visit_ids: Sequence[str]) -> list[Visit]:
        """Return those that exist."""

    def page(self, match: VisitFilter, *, size: int, after: str) -> Page[Visit]:
        """Return one page in the order of ids."""

    def top_by_member(self, member_ids: Sequence[str], limit: int) -> dict[str, list[Visit]]:
        """Return the newest visits of each member."""

    def linked_to(self, customer_id: str, *, most: int) -> Sequence[str]:
        """Return ids of visits that carry the customer's id, at most so many."""

    def due_of(self, contract_id: str) -> list[Visit]:
        """Return the visits of a contract that are still due."""


class ContractStates(Protocol):
    """What care has heard of contracts, so that events may come in any order."""

    def heard(self, contract_id: str, *, version: int, ended: bool) -> bool:
        """Note the news; False if newer news is known already."""


class PrimaryMembers(Protocol):
    """Whom to speak with at a customer."""

    def primary_of(self, customer_id: str) -> str:
        """Return the member registered first for the customer, or the empty string."""
