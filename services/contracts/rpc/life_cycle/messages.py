"""Contracts as messages."""

from datetime import date
from functools import lru_cache

from membercare.contracts.v1 import contract_pb2, period_pb2
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import (
    ContractState,
    Gate,
    GatePassed,
    Move,
    Review,
    Suspension,
    Termination,
    TerminationCode,
)
from services.contracts.domain.terms.terms import (
    AllowanceUnit,
    AnchorMode,
    BillingTerms,
    BillingTiming,
    ContractLine,
    CreditPolicy,
    DayCount,
    Period,
    PeriodUnit,
    PriceChange,
    RenewalKind,
    RenewalTerms,
    TermsVersion,
)
from services.contracts.rpc.money import money_to_pb

STATES = EnumTable(ContractState, contract_pb2.ContractState)
GATES = EnumTable(Gate, contract_pb2.ContractGate)
CODES = EnumTable(TerminationCode, contract_pb2.TerminationCode)
POLICIES = EnumTable(CreditPolicy, contract_pb2.CreditPolicy)
ANCHORS = EnumTable(AnchorMode, contract_pb2.AnchorMode)
TIMINGS = EnumTable(BillingTiming, contract_pb2.BillingTiming)
DAY_COUNTS = EnumTable(DayCount, contract_pb2.DayCount)
ALLOWANCE_UNITS = EnumTable(AllowanceUnit, contract_pb2.AllowanceUnit)
RENEWAL_KINDS = EnumTable(RenewalKind, contract_pb2.RenewalKind)
PRICE_CHANGES = EnumTable(PriceChange, contract_pb2.PriceChange)
PERIOD_UNITS = EnumTable(PeriodUnit, period_pb2.PeriodUnit)


def contract_to_pb(contract: Contract) -> contract_pb2.Contract:
    terms, shown = contract.terms, {each.number: version_to_pb(each) for each in contract.versions}
    return contract_pb2.Contract(
        id=contract.id,
        customer_id=contract.customer_id,
        title=terms.title,
        state=STATES.number(contract.state),
        start_date=terms.start_date.isoformat(),
        end_date=terms.end_date.isoformat(),
        price=money_to_pb(terms.price),
        owner_id=contract.owner_id,
        signed_time=to_timestamp(contract.signed_time),
        activated_time=to_timestamp(contract.activated_time),
        terminated_time=to_timestamp(contract.terminated_time),
        termination_reason=contract.termination.reason if contract.terminated_time and contract.termination else "",
        signed_text_sha256=contract.signed_text_sha256,
        etag=str(contract.version),
        create_time=to_timestamp(contract.create_time),
        update_time=to_timestamp(contract.update_time),
        author=contract.author,
        time_zone=contract.time_zone,
        jurisdiction=contract.jurisdiction,
        consumer=contract.consumer,
        credit_policy=POLICIES.number(contract.credit_policy),
        suspension_extends=contract.suspension_extends,
        term_number=contract.term_number,
        predecessor_id=contract.predecessor_id,
        successor_id=contract.successor_id,
        lines=shown[terms.number].lines,
        billing=_billing(terms.billing),
        renewal=_renewal(terms.renewal),
        versions=shown.values(),
        moves=map(_move, contract.moves),
        review=_review(contract.review),
        gates=map(_gate, contract.gates),
        suspensions=map(_suspension, contract.suspensions),
        termination=_termination(contract.termination),
        renewal_cancelled_time=to_timestamp(contract.renewal_cancelled_time),
    )


def version_to_pb(version: TermsVersion) -> contract_pb2.TermsVersion:
    return contract_pb2.TermsVersion(
        number=version.number,
        effective_date=version.effective_date.isoformat(),
        recorded_time=to_timestamp(version.recorded_time),
        recorded_by=version.recorded_by,
        title=version.title,
        start_date=version.start_date.isoformat(),
        end_date=version.end_date.isoformat(),
        price=money_to_pb(version.price),
        lines=map(line_to_pb, version.lines),
        billing=_billing(version.billing),
        renewal=_renewal(version.renewal),
        reason=version.reason,
        text_sha256=version.text_sha256,
    )


def line_to_pb(line: ContractLine) -> contract_pb2.ContractLine:
    return contract_pb2.ContractLine(
        id=line.id,
        description=line.description,
        product_id=line.product_id,
        asset_ids=line.asset_ids,
        service_types=line.service_types,
        quantity=line.quantity,
        price=money_to_pb(line.price),
        allowances=(
            contract_pb2.LineAllowance(unit=ALLOWANCE_UNITS.number(each.unit), amount=each.amount)
            for each in line.allowances
        ),
        start_date=_day(line.start_date),
        end_date=_day(line.end_date),
    )


def period_to_pb(period: Period) -> period_pb2.Period:
    return period_pb2.Period(unit=PERIOD_UNITS.number(period.unit), count=period.count)


@lru_cache(maxsize=1024)
def _billing(billing: BillingTerms) -> contract_pb2.BillingTerms:
    return contract_pb2.BillingTerms(
        period=period_to_pb(billing.period),
        anchor_mode=ANCHORS.number(billing.anchor_mode),
        anchor_date=_day(billing.anchor_date),
        timing=TIMINGS.number(billing.timing),
        day_count=DAY_COUNTS.number(billing.day_count),
    )


@lru_cache(maxsize=1024)
def _renewal(renewal: RenewalTerms) -> contract_pb2.RenewalTerms:
    return contract_pb2.RenewalTerms(
        kind=RENEWAL_KINDS.number(renewal.kind),
        term=period_to_pb(renewal.term),
        notice=period_to_pb(renewal.notice),
        price_change=PRICE_CHANGES.number(renewal.price_change),
        uplift_bps=renewal.uplift_bps,
        index_id=renewal.index_id,
    )


def _move(move: Move) -> contract_pb2.ContractMove:
    return contract_pb2.ContractMove(
        state=STATES.number(move.state),
        effective_date=move.effective_date.isoformat(),
        recorded_time=to_timestamp(move.recorded_time),
        by=move.by,
        reason=move.reason,
    )


def _review(review: Review) -> contract_pb2.ContractReview:
    return contract_pb2.ContractReview(
        reviewer=review.reviewer,
        submitted_by=review.submitted_by,
        submitted_time=to_timestamp(review.submitted_time),
        approved_by=review.approved_by,
        approved_time=to_timestamp(review.approved_time),
        comments=(
            contract_pb2.ReviewComment(by=each.by, time=to_timestamp(each.time), text=each.text)
            for each in review.comments
        ),
    )


def _gate(passed: GatePassed) -> contract_pb2.PassedGate:
    return contract_pb2.PassedGate(
        gate=GATES.number(passed.gate), by=passed.by, time=to_timestamp(passed.time), note=passed.note
    )


def _suspension(suspension: Suspension) -> contract_pb2.ContractSuspension:
    return contract_pb2.ContractSuspension(
        start_date=suspension.start_date.isoformat(),
        planned_end_date=_day(suspension.planned_end_date),
        end_date=_day(suspension.end_date),
        extends_term=suspension.extends,
        reason=suspension.reason,
    )


def _termination(termination: Termination | None) -> contract_pb2.ContractTermination | None:
    if termination is None:
        return None
    return contract_pb2.ContractTermination(
        code=CODES.number(termination.code),
        reason=termination.reason,
        effective_date=termination.effective_date.isoformat(),
        by=termination.by,
        recorded_time=to_timestamp(termination.recorded_time),
        credit_policy=POLICIES.number(termination.credit_policy),
        credit=money_to_pb(termination.credit) if termination.credit else None,
        formula=termination.formula,
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
