"""What one who works through a call list does with a visit: take it, try, put it off, give it back."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.care.domain.visits.attempts import Attempt, next_try, spent
from services.care.domain.visits.events import VisitOverdue
from services.care.domain.visits.kinds import AttemptOutcome, CancelReason, VisitMeans, VisitOutcome, VisitState
from services.care.domain.visits.visit import Move, Report, Visit
from services.care.domain.visits.windows import CallWindow
from services.chassis import checks
from services.chassis.errors import DomainError, InvalidField, Kind

CLAIM = timedelta(minutes=15)
"""A visit that was taken and not touched any more is free again after so long."""
PROMISE_HOLDS = timedelta(hours=1)
"""For so long a call is made at the time that the customer named, even outside the window."""
MOST_REASON = 200
LATEST = timedelta(days=366)
SHORTEST_SKIP, LONGEST_SKIP = 5, 24 * 60
MOST_MOVES = 50


class VisitClaimed(DomainError):
    kind, reason = Kind.PRECONDITION, "VISIT_CLAIMED"

    def __init__(self, visit_id: str) -> None:
        super().__init__(f"Somebody else has visit {visit_id} in hand.", visit_id=visit_id)


class NotInHand(DomainError):
    kind, reason = Kind.PRECONDITION, "VISIT_NOT_IN_HAND"

    def __init__(self, visit_id: str) -> None:
        super().__init__(f"You do not have visit {visit_id} in hand.", visit_id=visit_id)


class OwnerAvoided(DomainError):
    kind, reason = Kind.PRECONDITION, "VISIT_AVOIDS_OWNER"

    def __init__(self, visit_id: str, owner_id: str) -> None:
        super().__init__(
            f"Visit {visit_id} asks about the work of {owner_id}: somebody else has to make it.",
            field="owner_id",
            visit_id=visit_id,
            owner_id=owner_id,
        )


class BlackoutDay(DomainError):
    kind, reason = Kind.PRECONDITION, "BLACKOUT_DAY"

    def __init__(self, day: date) -> None:
        super().__init__(f"On {day} nobody is contacted.", field="due_date", due_date=day.isoformat())


class QuietHours(DomainError):
    kind, reason = Kind.PRECONDITION, "QUIET_HOURS"

    def __init__(self, field: str, hours: CallWindow) -> None:
        super().__init__(
            f"Nobody is called before {hours.first} or from {hours.last} on, where the member is.",
            field=field,
            call_from=hours.first,
            call_until=hours.last,
        )


@dataclass(frozen=True, slots=True)
class Hand:
    """Who works: the employee, and the subject that they sign in as."""

    agent_id: str
    subject: str


def is_free(visit: Visit, subject: str, *, now: datetime) -> bool:
    """Say whether nobody else has it in hand."""
    held = visit.claimed_until is not None and visit.claimed_until > now
    return not held or visit.claimed_by == subject


def require_free(visit: Visit, subject: str, *, now: datetime) -> None:
    """Refuse with VISIT_CLAIMED where somebody else has it in hand."""
    if not is_free(visit, subject, now=now):
        raise VisitClaimed(visit.id)


def is_callable(visit: Visit, now: datetime) -> bool:
    """Say whether it may be made at this moment; only calls wait for the window."""
    if visit.state is not VisitState.DUE or (visit.next_at is not None and visit.next_at > now):
        return False
    if visit.due_date > visit.window.day_of(now).isoformat():
        return False
    return visit.means is not VisitMeans.CALL or visit.window.holds(now) or _promised(visit, now)


def take(visit: Visit, hand: Hand, *, now: datetime) -> Visit:
    """Take it in hand for a while; refuses VISIT_TRANSITION_REFUSED and VISIT_CLAIMED."""
    visit.require_due()
    require_free(visit, hand.subject, now=now)
    if visit.owner_id and visit.owner_id != hand.agent_id:
        raise VisitClaimed(visit.id)
    return replace(
        visit,
        owner_id=hand.agent_id,
        claimed_by_id=hand.agent_id,
        claimed_by=hand.subject,
        claimed_until=now + CLAIM,
        events=(),
    )


def give_back(visit: Visit, subject: str, *, now: datetime, later_minutes: int = 0, reason: str = "") -> Visit:
    """Give back what one has in hand, to be made at once or later; refused with VISIT_NOT_IN_HAND."""
    told = checks.line(reason, "reason", most=MOST_REASON, least=1 if later_minutes else 0)
    if later_minutes and not SHORTEST_SKIP <= later_minutes <= LONGEST_SKIP:
        raise InvalidField("minutes", f"minutes must be {SHORTEST_SKIP} to {LONGEST_SKIP}.")
    visit.require_due()
    if visit.claimed_by != subject or visit.claimed_until is None or visit.claimed_until <= now:
        raise NotInHand(visit.id)
    free = _freed(visit)
    if not later_minutes:
        return free
    move = Move(now, subject, visit.due_date, visit.due_date, told)
    return replace(free, next_at=now + timedelta(minutes=later_minutes), moves=_and(visit, move))


def log_attempt(visit: Visit, attempt: Attempt) -> Visit:
    """Write down a try, and what follows from it: another one, or the end of trying.

    Refused with INVALID_FIELD, VISIT_TRANSITION_REFUSED and VISIT_CLAIMED.
    """
    tried = attempt.checked()
    visit.require_due()
    require_free(visit, tried.by, now=tried.time)
    if visit.means.one_way:
        raise InvalidField("outcome", "An SMS or a letter is not tried: complete it with the outcome SENT.")
    logged = replace(visit, attempts=(*visit.attempts, tried), events=())
    if tried.outcome is AttemptOutcome.REACHED:
        return logged
    if tried.outcome is AttemptOutcome.CALL_BACK:
        return _called_back(logged, tried)
    if spent(visit.attempt_rule, logged.attempts, window=visit.window):
        return logged.complete(Report(VisitOutcome.UNREACHABLE), by=tried.by, now=tried.time)
    again = next_try(visit.attempt_rule, logged.attempts, window=visit.window)
    return replace(_freed(logged), next_at=again)


def reschedule(visit: Visit, day: date, *, window: CallWindow, hours: CallWindow, move: Move) -> Visit:
    """Put it off or bring it forward, with a reason.

    Refused with INVALID_FIELD, QUIET_HOURS, VISIT_TRANSITION_REFUSED and VISIT_CLAIMED.
    """
    reason = checks.line(move.reason, "reason", most=MOST_REASON, least=1)
    today = visit.window.day_of(move.time)
    if not today <= day <= today + LATEST:
        raise InvalidField("due_date", f"due_date must be today or within the next {LATEST.days} days.")
    window.checked()
    if window.first < hours.first:
        raise QuietHours("window_from", hours)
    if window.last > hours.last:
        raise QuietHours("window_to", hours)
    visit.require_due()
    require_free(visit, move.by, now=move.time)
    return replace(
        _freed(visit),
        due_date=day.isoformat(),
        window_from=window.first,
        window_to=window.last,
        next_at=window.opens(day),
        overdue_at=None,
        moves=_and(visit, replace(move, to_date=day.isoformat(), reason=reason)),
    )


def give_to(visit: Visit, owner_id: str) -> Visit:
    """Make it somebody's, or nobody's; what another has in hand is taken from them.

    Refused with VISIT_TRANSITION_REFUSED, and with VISIT_AVOIDS_OWNER for whom it asks about.
    """
    visit.require_due()
    if owner_id and owner_id == visit.avoid_id:
        raise OwnerAvoided(visit.id, owner_id)
    return visit if owner_id == visit.owner_id else replace(_freed(visit), owner_id=owner_id)


def asked_again(visit: Visit, owner_id: str) -> Visit:
    """Owe a visit once more that its service plan had left out; any other stays. That it is due was said before."""
    if visit.state is not VisitState.CANCELLED or visit.cancel_reason != CancelReason.PLAN_CHANGED:
        return visit
    opens = visit.window.opens(date.fromisoformat(visit.due_date))
    return replace(visit, state=VisitState.DUE, cancel_reason="", owner_id=owner_id, next_at=opens, events=())


def note_overdue(visit: Visit, now: datetime) -> Visit:
    """Say that its day has passed and it was not made; once for each day it is owed on."""
    late = visit.window.day_of(now).isoformat() > visit.due_date
    if visit.state is not VisitState.DUE or visit.overdue_at is not None or not late:
        return visit
    said = VisitOverdue(
        visit_id=visit.id,
        customer_id=visit.customer_id,
        owner_id=visit.owner_id,
        kind=visit.kind,
        due_date=visit.due_date,
        tries=visit.tries,
        occurred_time=now,
    )
    return replace(visit, overdue_at=now, events=(said,))


def _called_back(visit: Visit, tried: Attempt) -> Visit:
    """A time that the customer names counts; without one it is tried again later."""
    if tried.call_back_at is None:
        later = visit.window.next_after(tried.time + timedelta(minutes=visit.attempt_rule.retry_minutes))
        return replace(_freed(visit), next_at=later)
    day = visit.window.day_of(tried.call_back_at).isoformat()
    freed = replace(_freed(visit), next_at=tried.call_back_at)
    # Owed on a later day, it is late again only once that has passed.
    return replace(freed, due_date=day, overdue_at=None) if day > visit.due_date else freed


def _promised(visit: Visit, now: datetime) -> bool:
    """The customer asked to be called about now, whatever the window says."""
    asked = visit.attempts[-1].call_back_at if visit.attempts else None
    return asked is not None and asked <= now < asked + PROMISE_HOLDS


def _freed(visit: Visit) -> Visit:
    return replace(visit, claimed_by_id="", claimed_by="", claimed_until=None, events=())


def _and(visit: Visit, move: Move) -> tuple[Move, ...]:
    return (*visit.moves, move)[-MOST_MOVES:]
