"""Work on a visit that is due: log a try, give it back, put it off, give it to somebody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.care.domain.visits.agents import share_out
from services.care.domain.visits.attempts import Attempt
from services.care.domain.visits.calling import (
    BlackoutDay,
    give_back,
    give_to,
    is_free,
    log_attempt,
    reschedule,
)
from services.care.domain.visits.kinds import AttemptOutcome
from services.care.domain.visits.visit import Move, Visit
from services.care.domain.visits.windows import CallWindow
from services.care.ports.calendars import Calendars
from services.care.ports.calling import CallAgents, CallLists
from services.care.ports.visits import Visits
from services.chassis import logs
from services.chassis.checks import civil_date, request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id, optional_id

_log = logs.get("care.visits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which visit, by whom, and the guards against lost updates and repeats."""

    visit_id: str
    by: str
    etag: str = ""
    request_id: str = ""

    @property
    def id(self) -> str:
        """The visit's id, or INVALID_ID."""
        return check_id(self.visit_id, "vis", field="visit_id")

    def key(self, verb: str) -> str:
        return request_key(verb, self.request_id)


@dataclass(frozen=True, slots=True)
class LogAttempt:
    """Writes down a try; the last one in vain ends the visit as unreachable."""

    visits: Visits
    clock: Clock

    def __call__(self, asked: Asked, outcome: AttemptOutcome, *, note: str, call_back_at: datetime | None) -> Visit:
        """Return the visit after the try."""
        tried = Attempt(time=self.clock.now(), by=asked.by, outcome=outcome, note=note, call_back_at=call_back_at)
        return self.visits.change(
            asked.id, lambda visit: log_attempt(visit, tried), etag=asked.etag, request_id=asked.key("log_attempt")
        )


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Gives back what one has in hand; with minutes, nobody gets it before they are over."""

    visits: Visits
    clock: Clock

    def __call__(self, asked: Asked, *, minutes: int = 0, reason: str = "") -> Visit:
        """Return the visit that is free again."""
        now = self.clock.now()
        return self.visits.change(
            asked.id,
            lambda visit: give_back(visit, asked.by, now=now, later_minutes=minutes, reason=reason),
            etag=asked.etag,
            request_id=asked.key("skip" if minutes else "release"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RescheduleVisit:
    """Puts a visit off or brings it forward; never onto a day on which nobody is contacted, nor into quiet hours."""

    visits: Visits
    calendars: Calendars
    clock: Clock
    hours: CallWindow

    def __call__(self, asked: Asked, due_date: str, *, window: tuple[str, str], reason: str) -> Visit:
        """Return the visit on its new day. Refused with BLACKOUT_DAY, QUIET_HOURS, INVALID_FIELD."""
        day, now, book = civil_date(due_date, "due_date"), self.clock.now(), self.calendars.read()

        def step(visit: Visit) -> Visit:
            if book.blackout(day, purpose=visit.kind.purpose, cheerful=False) is not None:
                raise BlackoutDay(day)
            open_ = CallWindow(
                window[0] or max(visit.window.first, self.hours.first),
                window[1] or min(visit.window.last, self.hours.last),
                visit.window.zone,
            )
            move = Move(now, asked.by, visit.due_date, "", reason)
            return reschedule(visit, day, window=open_, hours=self.hours, move=move)

        return self.visits.change(asked.id, step, etag=asked.etag, request_id=asked.key("reschedule"))


@dataclass(frozen=True, slots=True)
class AssignVisit:
    """Gives a visit to an employee, or to nobody."""

    visits: Visits

    def __call__(self, asked: Asked, *, owner_id: str) -> Visit:
        """Return the visit. Refused with VISIT_TRANSITION_REFUSED unless it is due, and with VISIT_AVOIDS_OWNER."""
        owner = optional_id(owner_id, "emp", field="owner_id")
        return self.visits.change(
            asked.id, lambda visit: give_to(visit, owner), etag=asked.etag, request_id=asked.key("assign")
        )


@dataclass(frozen=True, slots=True)
class ShareOut:
    """Gives what is nobody's, and what is due for those who are away, to those who are there, fairly."""

    lists: CallLists
    visits: Visits
    agents: CallAgents
    clock: Clock
    time_zone: str

    def __call__(self, *, through: date, from_id: str = "", going_on: Callable[[], bool] = lambda: True) -> int:
        """Return how many visits were given to somebody; with `from_id`, those of that employee and no others.

        One that cannot be given is told and passed over; `going_on` is asked before each.
        """
        agents = self.agents.all()
        today = self.clock.now().astimezone(ZoneInfo(self.time_zone)).date()
        leaving = [from_id] if from_id else ["", *(each.id for each in agents if not each.here_on(today))]
        others = [each for each in agents if each.here_on(today) and each.id != from_id]
        if not others:
            return 0
        waiting = [visit for owner in leaving for visit in self.lists.waiting(owner, through=through)]
        loads = self.lists.loads(through=through)
        seen = {visit.id: visit.owner_id for visit in waiting}
        given = share_out(waiting, others, loads=loads, day=today)
        done = 0
        for visit_id, owner in given.items():
            if not going_on():
                break
            try:
                done += self._give(visit_id, owner, seen=seen[visit_id])
            except Exception as error:  # noqa: BLE001  # one bad record must not stop the others
                _log.error("visit_not_given", visit_id=visit_id, reason=type(error).__name__)
        return done

    def _give(self, visit_id: str, owner_id: str, *, seen: str) -> bool:
        now = self.clock.now()

        def step(stored: Visit) -> Visit:
            same = stored.owner_id == seen and is_free(stored, "", now=now)
            return give_to(stored, owner_id) if same and not stored.completed_at else stored

        return self.visits.change(visit_id, step, etag="", request_id="").owner_id == owner_id
