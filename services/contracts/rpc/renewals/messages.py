"""Renewals as messages, and requests as what the domain understands."""

from datetime import date

from membercare.contracts.v1 import renewal_pb2
from membercare.contracts.v1 import renewals_service_pb2 as pb
from services.chassis.checks import month
from services.chassis.ids import optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.renewals.cancellation import Cancellation, CancellationVerdict
from services.contracts.domain.renewals.likelihood import Likelihood
from services.contracts.domain.renewals.notice_policies import CountedFrom, NoticePolicy
from services.contracts.domain.renewals.notice_states import NoticeState, bounds_of, state_of
from services.contracts.domain.renewals.reminders import ReminderProof
from services.contracts.domain.renewals.renewal import Outcome, Renewal
from services.contracts.domain.renewals.renewal_calls import Attention, Call, CallCategory, Decision
from services.contracts.domain.renewals.renewal_signals import Signal, SignalKind
from services.contracts.domain.renewals.renewal_stages import LostReason, RenewalStage, WonBy
from services.contracts.ports.renewals import RenewalFilter, Stuck
from services.contracts.rpc.life_cycle.messages import RENEWAL_KINDS, period_to_pb
from services.contracts.rpc.money import money_to_pb

STAGES = EnumTable(RenewalStage, renewal_pb2.RenewalStage)
CATEGORIES = EnumTable(CallCategory, renewal_pb2.CallCategory)
ATTENTION = EnumTable(Attention, renewal_pb2.RenewalAttention)
NOTICE_STATES = EnumTable(NoticeState, renewal_pb2.NoticeState)
LOST_REASONS = EnumTable(LostReason, renewal_pb2.LostReason)
WON_BY = EnumTable(WonBy, renewal_pb2.WonBy)
VERDICTS = EnumTable(CancellationVerdict, renewal_pb2.CancellationVerdict)
SIGNAL_KINDS = EnumTable(SignalKind, pb.RenewalSignalKind)


def renewal_to_pb(renewal: Renewal, today: date) -> renewal_pb2.Renewal:
    window, state = renewal.legal_window, state_of(renewal.notice_date, renewal.term_end, today=today)
    return renewal_pb2.Renewal(
        id=renewal.id,
        contract_id=renewal.contract_id,
        customer_id=renewal.customer_id,
        owner_id=renewal.owner_id,
        kind=RENEWAL_KINDS.number(renewal.kind),
        term_number=renewal.term_number,
        term_start=renewal.term_start.isoformat(),
        term_end=renewal.term_end.isoformat(),
        notice_date=renewal.notice_date.isoformat(),
        notice_state=NOTICE_STATES.number(state),
        next_end=renewal.next_end.isoformat(),
        due_amount=money_to_pb(renewal.due_amount),
        amount=money_to_pb(renewal.amount),
        formula=renewal.formula,
        legal_window_start=window.start.isoformat() if window else "",
        legal_window_end=window.end.isoformat() if window else "",
        reminder_dates=[day.isoformat() for day in renewal.reminder_dates],
        reminders=map(_reminder, renewal.reminders),
        stage=STAGES.number(renewal.stage),
        likelihood=_likelihood(renewal.likelihood),
        call=_call(renewal.call) if renewal.call else None,
        decision=_decision(renewal.decision) if renewal.decision else None,
        category=CATEGORIES.number(renewal.category),
        attention=map(ATTENTION.number, renewal.attention),
        cancellation=cancellation_to_pb(renewal.cancellation) if renewal.cancellation else None,
        outcome=_outcome(renewal.outcome) if renewal.outcome else None,
        etag=str(renewal.version),
        create_time=to_timestamp(renewal.create_time),
        update_time=to_timestamp(renewal.update_time),
    )


def cancellation_to_pb(cancellation: Cancellation) -> renewal_pb2.Cancellation:
    return renewal_pb2.Cancellation(
        received_date=cancellation.received_date.isoformat(),
        verdict=VERDICTS.number(cancellation.verdict),
        last_date=cancellation.last_date.isoformat(),
        english=cancellation.english,
        chinese=cancellation.chinese,
        note=cancellation.note,
        recorded_by=cancellation.recorded_by,
        recorded_time=to_timestamp(cancellation.recorded_time),
    )


def signal_to_pb(signal: Signal) -> pb.RenewalSignal:
    return pb.RenewalSignal(
        kind=SIGNAL_KINDS.number(signal.kind),
        subject_id=signal.subject_id,
        value=signal.value,
        occurred_time=to_timestamp(signal.occurred_time),
    )


def policy_to_pb(policy: NoticePolicy) -> pb.NoticePolicy:
    return pb.NoticePolicy(
        jurisdiction=policy.jurisdiction,
        consumer=policy.consumer,
        earliest=period_to_pb(policy.earliest) if policy.earliest else None,
        latest=period_to_pb(policy.latest) if policy.latest else None,
        counted_from_notice=policy.counted_from is CountedFrom.NOTICE_DATE,
        least_term_months=policy.least_term_months,
        leave_any_time_if_missed=policy.leave_any_time_if_missed,
        open_ended_only=policy.open_ended_only,
        source=policy.source,
    )


def stuck_to_pb(stuck: Stuck) -> pb.StuckRenewal:
    return pb.StuckRenewal(
        contract_id=stuck.contract_id,
        reason=stuck.reason,
        message=stuck.message,
        first_time=to_timestamp(stuck.first_time),
        last_time=to_timestamp(stuck.last_time),
    )


def to_filter(asked: pb.RenewalFilter, today: date) -> RenewalFilter:
    notice = NOTICE_STATES.member(asked.notice_state, "filter.notice_state")
    return RenewalFilter(
        contract_id=optional_id(asked.contract_id, "con", field="filter.contract_id"),
        customer_id=optional_id(asked.customer_id, "cus", field="filter.customer_id"),
        owner_id=optional_id(asked.owner_id, "emp", field="filter.owner_id"),
        stage=STAGES.member(asked.stage, "filter.stage"),
        month=month(asked.month, "filter.month") if asked.month else "",
        category=CATEGORIES.member(asked.category, "filter.category"),
        needs_leader=asked.needs_leader,
        notice=bounds_of(notice, today) if notice else None,
        open_only=asked.open_only,
    )


def _likelihood(likelihood: Likelihood) -> renewal_pb2.RenewalLikelihood:
    return renewal_pb2.RenewalLikelihood(
        score=likelihood.score,
        model=likelihood.model,
        points=(
            renewal_pb2.LikelihoodPoint(
                fact=point.fact, points=point.points, english=point.english, chinese=point.chinese
            )
            for point in likelihood.points
        ),
        scored_date=likelihood.scored_date.isoformat(),
    )


def _call(call: Call) -> renewal_pb2.RenewalCall:
    return renewal_pb2.RenewalCall(
        category=CATEGORIES.number(call.category),
        amount=money_to_pb(call.amount),
        close_date=call.close_date.isoformat(),
        note=call.note,
        called_by=call.called_by,
        called_time=to_timestamp(call.called_time),
    )


def _decision(decision: Decision) -> renewal_pb2.RenewalDecision:
    return renewal_pb2.RenewalDecision(
        category=CATEGORIES.number(decision.category),
        note=decision.note,
        likelihood=decision.likelihood,
        decided_by=decision.decided_by,
        decided_time=to_timestamp(decision.decided_time),
    )


def _reminder(proof: ReminderProof) -> renewal_pb2.RenewalReminder:
    return renewal_pb2.RenewalReminder(
        key=proof.key,
        sent_date=proof.sent_date.isoformat(),
        channel=proof.channel,
        recipient=proof.recipient,
        note=proof.note,
        in_legal_window=proof.in_legal_window,
        recorded_by=proof.recorded_by,
        recorded_time=to_timestamp(proof.recorded_time),
    )


def _outcome(outcome: Outcome) -> renewal_pb2.RenewalOutcome:
    return renewal_pb2.RenewalOutcome(
        won_by=WON_BY.number(outcome.won_by) if outcome.won_by else renewal_pb2.WON_BY_UNSPECIFIED,
        successor_id=outcome.successor_id,
        lost_reason=(
            LOST_REASONS.number(outcome.lost_reason) if outcome.lost_reason else renewal_pb2.LOST_REASON_UNSPECIFIED
        ),
        note=outcome.note,
        amount=money_to_pb(outcome.amount),
        decided_by=outcome.by,
        decided_time=to_timestamp(outcome.time),
    )
