"""Move an opportunity: correct, follow up, propose, negotiate, win, lose, reopen."""

from collections.abc import Callable
from dataclasses import dataclass

from services.chassis.clock import Clock
from services.contracts.domain.sales.follow_ups import FollowUpDetails
from services.contracts.domain.sales.opportunity import Correction, Opportunity
from services.contracts.domain.sales.opportunity_stages import LossReason, WinReason
from services.contracts.ports.sales import Opportunities
from services.contracts.usecases.sales.asked import Asked


@dataclass(frozen=True, slots=True)
class _Move:
    opportunities: Opportunities
    clock: Clock

    def _changed(self, asked: Asked, verb: str, *, step: Callable[[Opportunity], Opportunity]) -> Opportunity:
        return self.opportunities.change(
            asked.key("opp", "opportunity"), step, etag=asked.etag, request_key=asked.repeat(verb)
        )


class UpdateOpportunity(_Move):
    """Corrects what is known of an open opportunity."""

    def __call__(self, asked: Asked, correction: Correction) -> Opportunity:
        """Return the opportunity with the fields of the mask set."""
        now = self.clock.now()
        return self._changed(asked, "update", step=lambda old: old.update(correction, now=now))


class FollowUpOpportunity(_Move):
    """Writes down what was done about an open opportunity and what comes next."""

    def __call__(self, asked: Asked, details: FollowUpDetails, *, author: str) -> Opportunity:
        """Return the opportunity with one more entry."""
        now = self.clock.now()
        return self._changed(asked, "follow_up", step=lambda old: old.follow_up(details, author=author, now=now))


class ProposeOpportunity(_Move):
    """Qualifying or negotiating to proposing."""

    def __call__(self, asked: Asked, *, author: str) -> Opportunity:
        """Return the opportunity with a proposal under way."""
        now = self.clock.now()
        return self._changed(asked, "propose", step=lambda old: old.propose(author, now=now))


class NegotiateOpportunity(_Move):
    """Proposing to negotiating."""

    def __call__(self, asked: Asked, *, author: str) -> Opportunity:
        """Return the opportunity whose terms are talked about."""
        now = self.clock.now()
        return self._changed(asked, "negotiate", step=lambda old: old.negotiate(author, now=now))


class WinOpportunity(_Move):
    """Any open stage to won."""

    def __call__(self, asked: Asked, *, reason: WinReason | None, note: str, author: str) -> Opportunity:
        """Return the won opportunity."""
        now = self.clock.now()
        return self._changed(asked, "win", step=lambda old: old.win(reason, note, author=author, now=now))


class LoseOpportunity(_Move):
    """Any open stage to lost."""

    def __call__(self, asked: Asked, *, reason: LossReason | None, note: str, author: str) -> Opportunity:
        """Return the lost opportunity."""
        now = self.clock.now()
        return self._changed(asked, "lose", step=lambda old: old.lose(reason, note, author=author, now=now))


class ReopenOpportunity(_Move):
    """Lost to qualifying."""

    def __call__(self, asked: Asked, *, author: str) -> Opportunity:
        """Return the opportunity that is worked on again."""
        now = self.clock.now()
        return self._changed(asked, "reopen", step=lambda old: old.reopen(author, now=now))
