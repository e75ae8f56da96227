"""What the use cases need of the outside, in their own words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from services.chassis.paging import Page
from services.feedback.domain.case import Case, CaseState
from services.feedback.domain.kinds import CaseKind, CaseSource

Owner = Literal["member_id", "customer_id", "assignee_id"]
"""By whom cases are grouped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What a listed case must match; what is empty matches all."""

    state: CaseState | None = None
    kind: CaseKind | None = None
    assignee_id: str = ""
    customer_id: str = ""
    member_id: str = ""
    source: CaseSource | None = None


class Cases(Protocol):
    """The cases on record."""

    def open(self, case: Case, *, request_key: str) -> Case:
        """Give the case its number and store it and what it says in one write.

        What this request, or this source event, opened before is returned instead.
        """

    def get(self, case_id: str) -> Case:
        """Return the case, or refuse with CASE_NOT_FOUND."""

    def batch_get(self, case_ids: Sequence[str]) -> Sequence[Case]:
        """Return those that exist, in no promised order."""

    def page(self, match: CaseFilter, *, size: int, after: str) -> Page[Case]:
        """Return the page of matching cases whose ids follow `after`."""

    def of(self, owner: Owner, owner_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Case]]:
        """Return the cases of each owner that has any, newest first, at most so many for each."""

    def linked_to(self, customer_id: str, *, most: int) -> Sequence[str]:
        """Return ids of cases that carry the customer's id, at most so many."""

    def about(self, member_id: str, *, after: str, most: int) -> Sequence[str]:
        """Return ids of the member's cases that follow `after`, in their order, at most so many."""

    def change(self, case_id: str, step: Callable[[Case], Case], *, etag: str, request_key: str) -> Case:
        """Apply the step to the stored case and store the outcome and what it says in one write.

        A repeated request takes no second step. An etag that is not the stored version is refused with STALE_VERSION.
        """


class MergedCustomers(Protocol):
    """Which customers were merged into which: events may come late and in any order."""

    def heard(self, customer_id: str, *, into_id: str) -> None:
        """Note that a doublet was merged; hearing it twice does no harm."""

    def survivor_of(self, customer_id: str) -> str:
        """Return the customer that stays, through any number of merges: itself where none is known."""


class ErasedMembers(Protocol):
    """Who was erased: news of a person may come after the word that all is to be forgotten."""

    def heard(self, member_id: str) -> None:
        """Note that a member was erased; hearing it twice does no harm."""

    def holds(self, member_id: str) -> bool:
        """Say whether the member was erased."""
