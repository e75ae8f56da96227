"""Write a quote, and write it anew."""

from dataclasses import dataclass

from services.chassis.checks import request_key
from services.chassis.errors import NotFound
from services.chassis.ids import check_id, new_id
from services.contracts.domain.sales.quote import Quote, QuoteContent, Written
from services.contracts.ports.catalog import Products
from services.contracts.ports.quotes import Quotes
from services.contracts.ports.sales import Opportunities
from services.contracts.usecases.sales.asked import Asked, Calendar


@dataclass(frozen=True, slots=True)
class WriteQuote:
    """Stores the first version of a quote for an opportunity that is not lost."""

    quotes: Quotes
    opportunities: Opportunities
    products: Products
    calendar: Calendar

    def __call__(self, opportunity_id: str, content: QuoteContent, *, author: str, request_id: str) -> Quote:
        """Return the quote as stored; a repeat of the request returns the first."""
        opportunity = self.opportunities.get(check_id(opportunity_id, "opp", field="opportunity_id"))
        written = _written(self.calendar, author)
        quote = Quote.drafted(new_id("quo", written.now), opportunity, content=content, written=written)
        _refuse_unknown(quote, self.products)
        return self.quotes.add(quote, request_key=request_key("create", request_id))


@dataclass(frozen=True, slots=True)
class ReviseQuote:
    """Puts a new version in place of the former."""

    quotes: Quotes
    products: Products
    calendar: Calendar

    def __call__(self, asked: Asked, content: QuoteContent, *, author: str) -> Quote:
        """Return the quote with its new version."""
        written = _written(self.calendar, author)
        return self.quotes.change(
            asked.key("quo", "quote"),
            lambda quote: self._revised(quote, content, written=written),
            etag=asked.etag,
            request_key=asked.repeat("revise"),
        )

    def _revised(self, quote: Quote, content: QuoteContent, *, written: Written) -> Quote:
        revised = quote.revise(content, written=written)
        _refuse_unknown(revised, self.products)
        return revised


def _refuse_unknown(quote: Quote, products: Products) -> None:
    """Refuse with PRODUCT_NOT_FOUND what is not in the catalog."""
    wanted = dict.fromkeys(each.product_id for each in quote.current.lines if each.product_id)
    known = {each.id for each in products.batch_get(list(wanted))} if wanted else set()
    for product_id in wanted:
        if product_id not in known:
            raise NotFound("product", product_id)


def _written(calendar: Calendar, author: str) -> Written:
    now = calendar.now()
    return Written(author=author, now=now, today=calendar.day_of(now))
