"""Write a quote, and write it anew."""

from dataclasses import dataclass

from services.chassis.checks import request_key
from services.chassis.ids import check_id, new_id
from services.contracts.domain.sales.quote import Quote, QuoteContent, Written
from services.contracts.ports.quotes import Quotes
from services.contracts.ports.sales import Opportunities
from services.contracts.usecases.refuse_strangers import RefuseStrangers
from services.contracts.usecases.sales.asked import Asked, Calendar


@dataclass(frozen=True, slots=True)
class WriteQuote:
    """Stores the first version of a quote for an opportunity that is not lost."""

    quotes: Quotes
    opportunities: Opportunities
    refuse_strangers: RefuseStrangers
    calendar: Calendar

    def __call__(self, opportunity_id: str, content: QuoteContent, *, author: str, request_id: str) -> Quote:
        """Return the quote as stored; a repeat of the request returns the first."""
        opportunity = self.opportunities.get(check_id(opportunity_id, "opp", field="opportunity_id"))
        written = _written(self.calendar, author)
        quote = Quote.drafted(new_id("quo", written.now), opportunity, content=content, written=written)
        self.refuse_strangers(quote.current.lines, customer_id=quote.customer_id)
        return self.quotes.add(quote, request_key=request_key("create", request_id))


@dataclass(frozen=True, slots=True)
class ReviseQuote:
    """Puts a new version in place of the former."""

    quotes: Quotes
    refuse_strangers: RefuseStrangers
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
        self.refuse_strangers(revised.current.lines, customer_id=quote.customer_id)
        return revised


def _written(calendar: Calendar, author: str) -> Written:
    now = calendar.now()
    return Written(author=author, now=now, today=calendar.day_of(now))
