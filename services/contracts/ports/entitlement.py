"""What verdicts, allowances and chargeable service stand on, as the use cases need it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.chassis.paging import Page
from services.contracts.domain.entitlement.allowance_usage import AllowanceUsage, UsageState
from services.contracts.domain.entitlement.coverage import Ask, Facts, ServiceUnit
from services.contracts.domain.entitlement.service_lines import ListedPart
from services.contracts.domain.entitlement.service_order import ServiceOrder, ServiceOrderState
from services.contracts.domain.entitlement.service_rates import Tariff
from services.contracts.domain.life_cycle.contract_as_of import AsOf

FactsOf = Callable[[Ask], Facts]
"""Returns what a verdict rests on, within the write that is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageFilter:
    """What a listed usage must match; what is empty matches all."""

    customer_id: str = ""
    contract_id: str = ""
    state: UsageState | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOrderFilter:
    """What a listed order must match; what is empty matches all."""

    customer_id: str = ""
    state: ServiceOrderState | None = None
    technician_id: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What a line of a contract allows in a term, and what is left."""

    contract_id: str
    line_id: str
    description: str
    unit: ServiceUnit
    term_start: date
    term_end: date
    total: int
    reserved: int
    consumed: int

    @property
    def remaining(self) -> int:
        """What is left; an amendment may allow less than was used."""
        return max(0, self.total - self.reserved - self.consumed)


class CoverFacts(Protocol):
    """Contracts, assets, counters and the price list, read together."""

    def read(self, ask: Ask) -> tuple[Facts, Tariff]:
        """Return all that a verdict and its prices rest on, in one read.

        Refuses with CUSTOMER_NOT_FOUND or ASSET_NOT_FOUND.
        """


class Usages(Protocol):
    """The uses of allowances on record. What is drawn and what draws it are written together, or not at all."""

    def reserve(self, usage_id: str, ask: Ask, *, step: Callable[[Facts], AllowanceUsage]) -> AllowanceUsage:
        """Store what the step makes of the facts and take its quantities from the allowances, or return the first.

        Never takes more than is left: of parallel calls for the last unit one finds it.
        """

    def change(
        self,
        usage_id: str,
        step: Callable[[AllowanceUsage, FactsOf], AllowanceUsage],
        *,
        etag: str = "",
        request_key: str = "",
    ) -> AllowanceUsage:
        """Store what the step makes of a usage, and move the allowances by the difference.

        A repeated request takes no second step. Refuses with ALLOWANCE_USAGE_NOT_FOUND, STALE_VERSION.
        """

    def batch_get(self, usage_ids: Sequence[str]) -> Sequence[AllowanceUsage]:
        """Return those that exist, in no promised order."""

    def page(self, match: UsageFilter, *, size: int, after: str) -> Page[AllowanceUsage]:
        """Return the page of matching usages whose ids follow `after`."""

    def overdue(self, now: datetime, *, most: int, after: str = "") -> Sequence[str]:
        """Return ids of reservations whose time is over and that follow `after`."""


class Balances(Protocol):
    """What is left of allowances."""

    def of_contracts(
        self, contract_ids: Sequence[str], as_of: AsOf, *, now: datetime, most: int
    ) -> Mapping[str, Sequence[Balance]]:
        """Return what each contract allows in the term of a day: that of `now` where none is asked about.

        A contract without allowances is left out, and one of which nothing was known by the moment asked about.
        """


class ServiceOrders(Protocol):
    """The chargeable services on record."""

    def add(self, order: ServiceOrder, *, request_key: str) -> ServiceOrder:
        """Store the order, or return what this request stored before."""

    def change(
        self, order_id: str, step: Callable[[ServiceOrder], ServiceOrder], *, etag: str, request_key: str
    ) -> ServiceOrder:
        """Apply the step to the stored order and store the outcome and what it says in one write.

        A repeated request takes no second step. Refuses with SERVICE_ORDER_NOT_FOUND, STALE_VERSION.
        """

    def batch_get(self, order_ids: Sequence[str]) -> Sequence[ServiceOrder]:
        """Return those that exist, in no promised order."""

    def page(self, match: ServiceOrderFilter, *, size: int, after: str) -> Page[ServiceOrder]:
        """Return the page of matching orders whose ids follow `after`."""


class ServicePrices(Protocol):
    """The price list, as far as service goes."""

    def tariff(self, service_type: str, at: datetime) -> Tariff:
        """Return the rates of a kind of service on the list of a moment."""

    def parts(self, product_ids: Sequence[str], at: datetime) -> Mapping[str, ListedPart]:
        """Return those products that the list of a moment has a price for."""
