"""What is done regularly about visits: say which are overdue, write down what follows from those that were made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from services.care.domain.campaigns.campaign import CampaignState
from services.care.domain.campaigns.planning import last_open_day
from services.care.domain.visits.call_task import CallTask
from services.care.domain.visits.calling import is_free, note_overdue
from services.care.domain.visits.kinds import CancelReason, VisitOutcome, VisitState
from services.care.domain.visits.visit import Visit
from services.care.ports.calling import CallLists
from services.care.ports.campaigns import Campaigns
from services.care.ports.visits import CallTasks, VisitFilter, Visits
from services.chassis.clock import Clock

Leading = Callable[[], bool]
Tell = Callable[[str, Exception], None]


@dataclass(frozen=True, slots=True)
class NoteOverdue:
    """Says once of each visit that its day has passed where the member is."""

    lists: CallLists
    visits: Visits
    clock: Clock

    def __call__(self, leading: Leading, tell: Tell) -> int:
        """Return how many were found; a record that cannot be changed is told and passed over."""
        now = self.clock.now()

        def note(visit: Visit) -> bool:
            noted = self.visits.change(visit.id, lambda stored: note_overdue(stored, now), etag="", request_id="")
            return noted.overdue_at == now

        return _each(self.lists.late(before=last_open_day(now)), note, leading=leading, tell=tell)


@dataclass(frozen=True, slots=True)
class SettleVisits:
    """Plans the SMS and the letter after tries in vain, and withdraws them once somebody was spoken with.

    Killed anywhere, the next round goes on: what it plans has an id of its own, and it forgets last.
    """

    lists: CallLists
    visits: Visits
    plan_call: CallTasks

    def __call__(self, leading: Leading, tell: Tell) -> int:
        """Return how many were settled."""

        def settle(visit: Visit) -> bool:
            if visit.outcome is VisitOutcome.UNREACHABLE:
                self._fall_back(visit)
            else:
                self._withdraw(visit)
            self.visits.change(visit.id, Visit.settled, etag="", request_id="")
            return True

        return _each(self.lists.unsettled(), settle, leading=leading, tell=tell)

    def _fall_back(self, visit: Visit) -> None:
        day = visit.window.day_of(visit.completed_at) if visit.completed_at else None
        for place, step in enumerate(visit.fallbacks):
            if day is None:
                continue
            self.plan_call(
                CallTask(
                    key=("follow_up", visit.id, str(place)),
                    kind=visit.kind,
                    means=step.means,
                    due=day + timedelta(days=step.after_days),
                    member_id=visit.member_id,
                    customer_id=visit.customer_id,
                    contract_id=visit.contract_id,
                    source_id=visit.source_id,
                    campaign_id=visit.campaign_id,
                    case_id=visit.case_id,
                    round=visit.round,
                    plan_id=visit.plan_id,
                    topic=visit.topic,
                    owner_id=visit.owner_id,
                    follow_up_of=visit.id,
                )
            )

    def _withdraw(self, visit: Visit) -> None:
        for other in self.visits.due_of(VisitFilter(follow_up_of=visit.follow_up_of)):
            self.visits.change(
                other.id, lambda stored: stored.cancel(CancelReason.REACHED_OTHERWISE), etag="", request_id=""
            )


@dataclass(frozen=True, slots=True)
class WithdrawCalls:
    """Ends what archived campaigns asked for; what a finished campaign asked for is still made.

    A call that somebody has in hand at that moment they may end; it is withdrawn once they give it back.
    """

    lists: CallLists
    visits: Visits
    campaigns: Campaigns
    clock: Clock

    def __call__(self, leading: Leading, tell: Tell) -> int:
        """Return how many were withdrawn; what is planned while the campaign is archived, the next round finds."""
        now = self.clock.now()

        def withdraw(visit: Visit) -> bool:
            def step(stored: Visit) -> Visit:
                return stored.cancel(CancelReason.CAMPAIGN_ARCHIVED) if is_free(stored, "", now=now) else stored

            return self.visits.change(visit.id, step, etag="", request_id="").state is VisitState.CANCELLED

        known = self.campaigns.batch_get(self.lists.campaigns_waiting())
        archived = (each.id for each in known if each.state is CampaignState.ARCHIVED)
        return sum(_each(self.lists.due_for(key), withdraw, leading=leading, tell=tell) for key in archived)


def _each(found: Iterator[Visit], do: Callable[[Visit], bool], *, leading: Leading, tell: Tell) -> int:
    done = 0
    for visit in found:
        if not leading():
            break
        try:
            done += do(visit)
        except Exception as error:  # noqa: BLE001  # one bad record must not stop the others
            tell(visit.id, error)
    return done
