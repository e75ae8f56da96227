"""Service plans as the use cases need them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.care.domain.results.service_plan import ServicePlan
from services.chassis.paging import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFilter:
    """What a listed plan must match; what is empty matches all."""

    customer_id: str = ""
    year: int = 0
    manager_id: str = ""


class ServicePlans(Protocol):
    """The plans on record."""

    def add(self, plan: ServicePlan, *, request_key: str) -> ServicePlan:
        """Store it, or return what this request stored before; refused with SERVICE_PLAN_EXISTS.

        A plan that came to the customer by a merge counts, whatever its id.
        """

    def get(self, plan_id: str) -> ServicePlan:
        """Return it, or refuse with SERVICE_PLAN_NOT_FOUND."""

    def batch_get(self, plan_ids: Sequence[str]) -> list[ServicePlan]:
        """Return those that exist."""

    def page(self, match: PlanFilter, *, size: int, after: str) -> Page[ServicePlan]:
        """Return one page in the order of ids."""

    def linked_to(self, customer_id: str, *, most: int) -> Sequence[str]:
        """Return ids of plans that carry the customer's id, at most so many."""

    def of_years(self, years: Sequence[int]) -> Iterator[ServicePlan]:
        """Yield every plan of these years."""

    def change(
        self, plan_id: str, step: Callable[[ServicePlan], ServicePlan], *, etag: str, request_key: str
    ) -> ServicePlan:
        """Apply one step in one conditional write, or refuse with SERVICE_PLAN_NOT_FOUND or STALE_VERSION."""
