"""Take the order of an accepted quote."""

from dataclasses import dataclass

from services.chassis.ids import check_id
from services.contracts.domain.sales.order import Order, Plan
from services.contracts.domain.sales.order_milestones import Done
from services.contracts.ports.quotes import Orders, Quotes
from services.contracts.usecases.sales.asked import Calendar


@dataclass(frozen=True, slots=True)
class OrderFromQuote:
    """Stores the one order of an accepted quote."""

    orders: Orders
    quotes: Quotes
    calendar: Calendar

    def __call__(self, quote_id: str, plan: Plan, *, author: str) -> Order:
        """Return the order as stored; the quote is the key: whoever asks again gets the first."""
        quote = self.quotes.get(check_id(quote_id, "quo", field="quote_id"))
        now = self.calendar.now()
        done = Done(author=author, now=now, today=self.calendar.day_of(now))
        return self.orders.add(Order.of_quote(quote, plan, done=done))
