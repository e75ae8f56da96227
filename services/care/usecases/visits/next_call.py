"""Give an agent the next call: what they have in hand, else what is theirs and due longest, else what is nobody's."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from services.care.domain.campaigns.planning import last_open_day
from services.care.domain.visits.agents import CallAgent
from services.care.domain.visits.calling import Hand, NotInHand, VisitClaimed, give_back, is_callable, is_free, take
from services.care.domain.visits.visit import Visit, VisitTransitionRefused
from services.care.ports.calling import CallAgents, CallLists
from services.care.ports.visits import Holds
from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id


@dataclass(frozen=True, slots=True)
class NextCall:
    """Two agents never get the same: it is taken by one conditional write, for a while."""

    lists: CallLists
    holds: Holds
    agents: CallAgents
    clock: Clock

    def __call__(self, hand: Hand, *, request_id: str) -> Visit | None:
        """Return the visit, taken in hand; None: nothing may be called now. Refused with INVALID_ID."""
        check_id(hand.agent_id, "emp", field="agent_id")
        now, key = self.clock.now(), request_key("next_call", request_id)
        if first := self.lists.of_request(key) or self._in_hand(hand, now=now):
            return first
        agent = self.agents.get(hand.agent_id)
        for visit in self._waiting(agent, hand, now=now):
            if taken := self._take(visit, hand, now=now, key=key):
                return taken
        return None

    def _in_hand(self, hand: Hand, *, now: datetime) -> Visit | None:
        """Return what the agent has; what may not be made any more is laid down."""
        held = self.lists.in_hand(hand.agent_id, hand.subject, now=now)
        if held is None or not self.holds.on([held]):
            return held
        with suppress(NotInHand, VisitTransitionRefused):  # somebody else has laid it down, or withdrawn it
            self.lists.take(held.id, lambda stored: give_back(stored, hand.subject, now=now), request_key="")
        return None

    def _waiting(self, agent: CallAgent, hand: Hand, *, now: datetime) -> Iterator[Visit]:
        """Yield what may be called now; whether somebody may be spoken with is asked of these alone."""
        last = last_open_day(now)

        def open_now(visit: Visit) -> bool:
            return is_callable(visit, now) and is_free(visit, hand.subject, now=now)

        def for_agent(visit: Visit) -> bool:
            return open_now(visit) and agent.fits(visit, last)

        yield from self.lists.waiting(agent.id, through=last, at=now, fits=open_now)
        yield from self.lists.waiting("", through=last, at=now, fits=for_agent)

    def _take(self, visit: Visit, hand: Hand, *, now: datetime, key: str) -> Visit | None:
        try:
            return self.lists.take(visit.id, lambda stored: _taken(stored, hand, now=now), request_key=key)
        except (VisitClaimed, VisitTransitionRefused):
            return None  # somebody was faster


def _taken(stored: Visit, hand: Hand, *, now: datetime) -> Visit:
    if not is_callable(stored, now):
        raise VisitClaimed(stored.id)
    return take(stored, hand, now=now)
