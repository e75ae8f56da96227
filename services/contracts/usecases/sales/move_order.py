"""Move an order from milestone to milestone: plan, start production, ship, deliver, accept; or cancel."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.contracts.domain.catalog.asset import Asset
from services.contracts.domain.sales.order import Order, Plan
from services.contracts.domain.sales.order_assets import Delivered, assets_of
from services.contracts.domain.sales.order_milestones import Done
from services.contracts.domain.sales.sales_events import Issue
from services.contracts.ports.quotes import Orders
from services.contracts.usecases.sales.asked import Asked, Calendar


@dataclass(frozen=True, slots=True)
class Fact:
    """Who says that a milestone was reached, and on which day; an empty day is today."""

    author: str
    actual_date: str = ""


@dataclass(frozen=True, slots=True)
class _Move:
    orders: Orders
    calendar: Calendar

    def _done(self, fact: Fact) -> Done:
        now = self.calendar.now()
        return Done(author=fact.author, now=now, today=self.calendar.day_of(now), actual_date=fact.actual_date)

    def _changed(self, asked: Asked, verb: str, *, step: Callable[[Order], Order]) -> Order:
        return self.orders.change(asked.key("ord", "order"), step, etag=asked.etag, request_key=asked.repeat(verb))


class PlanOrder(_Move):
    """Plans the days of milestones to come."""

    def __call__(self, asked: Asked, plan: Plan) -> Order:
        """Return the order with its plan."""
        now = self.calendar.now()
        return self._changed(asked, "plan", step=lambda order: order.plan(plan, now=now))


class StartOrderProduction(_Move):
    """Planned to in production."""

    def __call__(self, asked: Asked, fact: Fact) -> Order:
        """Return the order in production."""
        done = self._done(fact)
        return self._changed(asked, "start", step=lambda order: order.start(done=done))


class ShipOrder(_Move):
    """In production to shipped."""

    def __call__(self, asked: Asked, fact: Fact, *, carrier: str, tracking_number: str) -> Order:
        """Return the order on its way."""
        done = self._done(fact)
        return self._changed(asked, "ship", step=lambda order: order.ship(carrier, tracking_number, done=done))


class DeliverOrder(_Move):
    """Shipped to delivered, with the assets that were delivered."""

    def __call__(self, asked: Asked, fact: Fact, *, delivered: Sequence[Delivered]) -> Order:
        """Return the order that the customer has; what has a serial number is an asset from now on."""
        done = self._done(fact)

        def step(order: Order) -> tuple[Order, Sequence[Asset]]:
            there = order.deliver({each.line_id: each.serials for each in delivered}, done=done)
            return there, assets_of(there, delivered, now=done.now)

        return self.orders.deliver(
            asked.key("ord", "order"), step, etag=asked.etag, request_key=asked.repeat("deliver")
        )


class AcceptOrder(_Move):
    """Delivered to accepted."""

    def __call__(self, asked: Asked, fact: Fact, *, accepted_by: str, issues: Sequence[Issue]) -> Order:
        """Return the order that the customer accepted."""
        done = self._done(fact)
        return self._changed(asked, "accept", step=lambda order: order.accept(accepted_by, issues, done=done))


class CancelOrder(_Move):
    """Planned or in production to cancelled."""

    def __call__(self, asked: Asked, *, reason: str, author: str) -> Order:
        """Return the order that was called off."""
        now = self.calendar.now()
        return self._changed(asked, "cancel", step=lambda order: order.cancel(reason, by=author, now=now))
