"""Quotes and orders on record, as the use cases need them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.chassis.paging import Page
from services.contracts.domain.catalog.asset import Asset
from services.contracts.domain.sales.opportunity import Opportunity
from services.contracts.domain.sales.order import Order
from services.contracts.domain.sales.order_milestones import OrderMilestone
from services.contracts.domain.sales.quote import Quote
from services.contracts.domain.sales.quote_states import QuoteState


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFilter:
    """What a listed quote must match; what is empty matches all."""

    customer_id: str = ""
    opportunity_id: str = ""
    owner_id: str = ""
    state: QuoteState | None = None
    sign_by_from: date | None = None
    sign_by_through: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """What a listed order must match; what is empty matches all."""

    customer_id: str = ""
    owner_id: str = ""
    milestone: OrderMilestone | None = None
    late_on: date | None = None
    """Only those whose next milestone was planned for a day before this one."""


class Quotes(Protocol):
    """The quotes on record."""

    def add(self, quote: Quote, *, request_key: str) -> Quote:
        """Store the quote, or return what this request stored before."""

    def get(self, quote_id: str) -> Quote:
        """Return the quote, or refuse with QUOTE_NOT_FOUND."""

    def batch_get(self, quote_ids: Sequence[str]) -> Sequence[Quote]:
        """Return those that exist, in no promised order."""

    def page(self, match: QuoteFilter, *, size: int, after: str) -> Page[Quote]:
        """Return the page of matching quotes whose ids follow `after`."""

    def of_opportunities(self, opportunity_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Quote]]:
        """Return the quotes of each opportunity that has any, newest first, at most so many for each."""

    def change(self, quote_id: str, step: Callable[[Quote], Quote], *, etag: str, request_key: str) -> Quote:
        """Apply the step to the stored quote and store the outcome and what it says in one write.

        A repeated request takes no second step. An etag that is not the stored version is refused with STALE_VERSION.
        """

    def accept(
        self,
        quote_id: str,
        step: Callable[[Quote, Opportunity], tuple[Quote, Opportunity]],
        *,
        etag: str,
        request_key: str,
    ) -> Quote:
        """Store the accepted quote and the opportunity that it wins, both or neither; else as `change`."""

    def unsigned_before(self, day: date) -> Iterator[str]:
        """Yield the ids of quotes that could be signed, whose last day for that was before this day."""


class Orders(Protocol):
    """The orders on record."""

    def add(self, order: Order) -> Order:
        """Store the order; the one of this quote that was stored before is returned instead."""

    def get(self, order_id: str) -> Order:
        """Return the order, or refuse with ORDER_NOT_FOUND."""

    def batch_get(self, order_ids: Sequence[str]) -> Sequence[Order]:
        """Return those that exist, in no promised order."""

    def of_quotes(self, quote_ids: Sequence[str]) -> Sequence[Order]:
        """Return the orders of these quotes, in no promised order."""

    def page(self, match: OrderFilter, *, size: int, after: str) -> Page[Order]:
        """Return the page of matching orders whose ids follow `after`."""

    def of_customers(self, customer_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Order]]:
        """Return the orders of each customer that has any, newest first, at most so many for each."""

    def change(self, order_id: str, step: Callable[[Order], Order], *, etag: str, request_key: str) -> Order:
        """Apply the step to the stored order and store the outcome and what it says in one write, as for quotes."""

    def deliver(
        self, order_id: str, step: Callable[[Order], tuple[Order, Sequence[Asset]]], *, etag: str, request_key: str
    ) -> Order:
        """Store the delivered order and the assets that were delivered, all or nothing; else as `change`.

        Refuses a serial number that an asset of the product has: ASSET_SERIAL_TAKEN.
        """
