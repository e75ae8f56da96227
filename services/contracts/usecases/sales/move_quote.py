"""Move a quote: approve, send, accept, void, and void what nobody signed in time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from services.contracts.domain.sales.opportunity import Opportunity
from services.contracts.domain.sales.quote import Quote
from services.contracts.ports.quotes import Quotes
from services.contracts.usecases.sales.asked import Asked, Calendar


@dataclass(frozen=True, slots=True)
class _Move:
    quotes: Quotes
    calendar: Calendar

    def _today(self) -> tuple[date, datetime]:
        now = self.calendar.now()
        return self.calendar.day_of(now), now

    def _changed(self, asked: Asked, verb: str, *, step: Callable[[Quote], Quote]) -> Quote:
        return self.quotes.change(asked.key("quo", "quote"), step, etag=asked.etag, request_key=asked.repeat(verb))


class ApproveQuote(_Move):
    """Draft to approved, by somebody else than the author."""

    def __call__(self, asked: Asked, *, approver: str) -> Quote:
        """Return the approved quote."""
        today, now = self._today()
        return self._changed(asked, "approve", step=lambda quote: quote.approve(approver, today=today, now=now))


class SendQuote(_Move):
    """Approved to sent."""

    def __call__(self, asked: Asked) -> Quote:
        """Return the quote that the customer has."""
        today, now = self._today()
        return self._changed(asked, "send", step=lambda quote: quote.send(today=today, now=now))


class VoidQuote(_Move):
    """Draft, approved or sent to void."""

    def __call__(self, asked: Asked, *, note: str) -> Quote:
        """Return the quote that was called off."""
        _, now = self._today()
        return self._changed(asked, "void", step=lambda quote: quote.void(note, now=now))


class AcceptQuote(_Move):
    """Sent to accepted, once, however many ask at the same time; the opportunity is won with it."""

    def __call__(self, asked: Asked, *, accepted_by: str, number: int, author: str) -> Quote:
        """Return the accepted quote; `number` is the version that was signed, 0 the last one."""
        today, now = self._today()

        def step(quote: Quote, deal: Opportunity) -> tuple[Quote, Opportunity]:
            accepted = quote.accept(accepted_by, number, today=today, now=now)
            return accepted, deal.won_by_quote(accepted.current.total, author=author, now=now)

        return self.quotes.accept(asked.key("quo", "quote"), step, etag=asked.etag, request_key=asked.repeat("accept"))


class ExpireQuotes(_Move):
    """Voids the quotes whose signing window is over."""

    def __call__(self, holds: Callable[[], bool], on_failure: Callable[[str, Exception], None]) -> int:
        """Return how many were voided; stops once `holds` says no; one that fails is told and passed over."""
        done = 0
        for quote_id in self.quotes.unsigned_before(self.calendar.today()):
            if not holds():
                break
            try:
                done += self._expired(quote_id)
            except Exception as error:  # noqa: BLE001  # one bad quote must not stop the rest
                on_failure(quote_id, error)
        return done

    def _expired(self, quote_id: str) -> bool:
        today, now = self._today()
        quote = self.quotes.change(quote_id, lambda old: old.expire(today=today, now=now), etag="", request_key="")
        return quote.update_time == now
