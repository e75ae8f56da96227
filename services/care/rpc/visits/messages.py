"""Visits as messages, as each caller may see them."""

from collections.abc import Iterable, Sequence

from membercare.care.v1 import visit_pb2 as pb
from services.care.domain.members.masks import CLEAR_ROLES
from services.care.domain.sending.reasons import REASON_WORDS, Reason
from services.care.domain.visits.attempts import Attempt, AttemptRule, Fallback
from services.care.domain.visits.kinds import (
    CANCEL_WORDS,
    AttemptOutcome,
    VisitKind,
    VisitMeans,
    VisitOutcome,
    VisitState,
)
from services.care.domain.visits.visit import Move, Visit
from services.care.ports.visits import Holds
from services.chassis.identity import Caller
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

STATES = EnumTable(VisitState, pb.VisitState)
OUTCOMES = EnumTable(VisitOutcome, pb.VisitOutcome)
KINDS = EnumTable(VisitKind, pb.VisitKind)
MEANS = EnumTable(VisitMeans, pb.VisitMeans)
ATTEMPTS = EnumTable(AttemptOutcome, pb.AttemptOutcome)
_HEARS_THE_CUSTOMER = CLEAR_ROLES | {"technician", "sales"}
"""Who reads what people said and wrote: those who make visits, beside those whose work is with the person."""


_PLAIN = [
    "id",
    "contract_id",
    "customer_id",
    "member_id",
    "owner_id",
    "due_date",
    "satisfaction",
    "topic",
    "source_id",
    "campaign_id",
    "case_id",
    "round",
    "plan_id",
    "script_code",
    "skill",
    "window_from",
    "window_to",
    "time_zone",
    "claimed_by_id",
    "avoid_id",
    "cancel_reason",
    "completed_by",
]
"""Fields that a message has from the visit as they are."""


def visits_to_pb(visits: Iterable[Visit], caller: Caller, *, holds: Holds) -> Sequence[pb.Visit]:
    """Return them with what holds back those that are due; that is asked for all at once."""
    told = tuple(visits)
    held = holds.on(told)
    return [_visit_to_pb(each, caller, held=held.get(each.id)) for each in told]


def _visit_to_pb(visit: Visit, caller: Caller, *, held: Reason | None) -> pb.Visit:
    """What the customer said and what was noted of the calls is left out for those who make none."""
    hears = caller.has(*_HEARS_THE_CUSTOMER)
    cancelled_en, cancelled_zh = CANCEL_WORDS.get(visit.cancel_reason, ("", ""))
    return pb.Visit(
        **{name: getattr(visit, name) for name in _PLAIN},
        state=STATES.number(visit.state),
        outcome=OUTCOMES.number(visit.outcome) if visit.outcome else pb.VISIT_OUTCOME_UNSPECIFIED,
        words=visit.words if hears else "",
        next_step=visit.next_step if hears else "",
        completed_time=to_timestamp(visit.completed_at),
        etag=str(visit.version),
        create_time=to_timestamp(visit.created_at),
        kind=KINDS.number(visit.kind),
        means=MEANS.number(visit.means),
        next_time=to_timestamp(visit.next_at),
        attempts=(_attempt_to_pb(each, hears=hears) for each in visit.attempts),
        attempt_rule=rule_to_pb(visit.attempt_rule),
        claimed_until=to_timestamp(visit.claimed_until),
        moves=(_move_to_pb(each, hears=hears) for each in visit.moves),
        overdue_time=to_timestamp(visit.overdue_at),
        follow_up_of_id=visit.follow_up_of,
        hold=_hold_to_pb(held) if held else None,
        cancel_explanation_en=cancelled_en,
        cancel_explanation_zh=cancelled_zh,
    )


def _hold_to_pb(reason: Reason) -> pb.VisitHold:
    english, chinese = REASON_WORDS[reason]
    return pb.VisitHold(reason=reason.value, explanation_en=english, explanation_zh=chinese)


def rule_to_pb(rule: AttemptRule) -> pb.AttemptRule:
    return pb.AttemptRule(
        tries=rule.tries,
        days=rule.days,
        retry_minutes=rule.retry_minutes,
        fallbacks=(
            pb.FallbackStep(means=MEANS.number(each.means), after_days=each.after_days) for each in rule.fallbacks
        ),
    )


def to_rule(message: pb.AttemptRule, field: str) -> AttemptRule:
    """Return the rule, or refuse with INVALID_FIELD."""
    steps = []
    for place, each in enumerate(message.fallbacks):
        means = MEANS.member(each.means, f"{field}.fallbacks[{place}].means")
        steps.append(Fallback(means or VisitMeans.CALL, each.after_days))
    return AttemptRule(message.tries, message.days, message.retry_minutes, tuple(steps)).checked(field)


def _attempt_to_pb(attempt: Attempt, *, hears: bool) -> pb.VisitAttempt:
    return pb.VisitAttempt(
        time=to_timestamp(attempt.time),
        by=attempt.by,
        outcome=ATTEMPTS.number(attempt.outcome),
        note=attempt.note if hears else "",
        call_back_time=to_timestamp(attempt.call_back_at),
    )


def _move_to_pb(move: Move, *, hears: bool) -> pb.VisitMove:
    return pb.VisitMove(
        time=to_timestamp(move.time),
        by=move.by,
        from_date=move.from_date,
        to_date=move.to_date,
        reason=move.reason if hears else "",
    )
