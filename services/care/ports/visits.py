"""Return visits, and the news that they follow."""

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from services.care.domain.sending.reasons import Reason
from services.care.domain.visits.call_task import CallTask
from services.care.domain.visits.kinds import VisitKind, VisitState
from services.care.domain.visits.visit import Visit
from services.chassis.paging import Page


class CallTasks(Protocol):
    """Where other rooms ask for a call: PlanCall."""

    def __call__(self, task: CallTask) -> str:
        """Return the id of the visit (`vis_...`); the same key leads to the same id, and plans nothing anew."""


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """What a listed visit must match; what is empty matches all."""

    state: VisitState | None = None
    owner_id: str = ""
    customer_id: str = ""
    due_through: str = ""
    kind: VisitKind | None = None
    contract_id: str = ""
    case_id: str = ""
    plan_id: str = ""
    follow_up_of: str = ""


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

    def open_of(self, member_ids: Sequence[str]) -> list[Visit]:
        """Return every visit of these members that is still due, or from which something still follows."""

    def known(self, visit_ids: Sequence[str]) -> AbstractSet[str]:
        """Return which of these exist."""

    def not_made_of(self, plan_ids: Sequence[str]) -> list[Visit]:
        """Return every visit of these service plans that is still due or was withdrawn."""

    def due_of(self, match: VisitFilter) -> list[Visit]:
        """Return every visit that matches and is still due; for filters that name a contract, a case or a plan."""


class ContractStates(Protocol):
    """What care has heard of contracts, so that events may come in any order."""

    def heard(self, contract_id: str, *, version: int, ended: bool) -> bool:
        """Note the news; False if newer news is known already."""

    def ended(self, contract_id: str) -> bool:
        """Say whether the newest news is that it ended."""


class Callees(Protocol):
    """Whom to speak with."""

    def primary_of(self, customer_id: str) -> str:
        """Return the member registered first for the customer who may be contacted, or the empty string."""

    def current(self, member_id: str) -> str:
        """Return the member, or the one it was merged into; empty where there is none, or it was erased."""

    def customer_of(self, member_id: str) -> str:
        """Return the member's customer, or the empty string."""

    def zone_of(self, member_id: str) -> str:
        """Return the member's IANA zone, or the empty string."""


class Holds(Protocol):
    """What holds back visits that are due."""

    def on(self, visits: Collection[Visit]) -> Mapping[str, Reason]:
        """Return why, by the id of each that is due and may be made by nobody as things stand."""
