"""Requests about contracts as what the domain understands."""

from datetime import date
from typing import Protocol

from membercare.contracts.v1 import contract_pb2, period_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from services.chassis.checks import civil_date, line
from services.chassis.errors import InvalidField
from services.chassis.identity import current_caller
from services.chassis.ids import optional_id
from services.contracts.domain.life_cycle.contract_as_of import AsOf
from services.contracts.domain.life_cycle.contract_end import Ending
from services.contracts.domain.life_cycle.contract_review import MOST_SUBJECT, Particulars
from services.contracts.domain.life_cycle.contract_terms import LineDetails, TermsDetails
from services.contracts.domain.terms.terms import (
    Allowance,
    AnchorMode,
    BillingTerms,
    BillingTiming,
    CreditPolicy,
    DayCount,
    Period,
    PeriodUnit,
    PriceChange,
    RenewalKind,
    RenewalTerms,
)
from services.contracts.ports.contracts import ContractFilter, ReviewFilter
from services.contracts.rpc.life_cycle.messages import (
    ALLOWANCE_UNITS,
    ANCHORS,
    CODES,
    DAY_COUNTS,
    PERIOD_UNITS,
    POLICIES,
    PRICE_CHANGES,
    RENEWAL_KINDS,
    STATES,
    TIMINGS,
)
from services.contracts.rpc.money import to_money
from services.contracts.usecases.order import Order

YEAR, MONTH = Period(PeriodUnit.YEAR, 1), Period(PeriodUnit.MONTH, 1)


class _Verb(Protocol):
    @property
    def contract_id(self) -> str: ...
    @property
    def etag(self) -> str: ...
    @property
    def request_id(self) -> str: ...


def to_order(request: _Verb) -> Order:
    """Return what every verb is asked with; it is carried out on behalf of the caller."""
    return Order(
        contract_id=request.contract_id,
        by=current_caller().subject,
        etag=request.etag,
        request_id=request.request_id,
    )


def to_particulars(request: pb.CreateContractRequest | pb.UpdateContractDraftRequest) -> Particulars:
    customer_id = request.customer_id if isinstance(request, pb.CreateContractRequest) else ""
    return Particulars(
        customer_id=customer_id,
        owner_id=request.owner_id,
        time_zone=request.time_zone,
        jurisdiction=request.jurisdiction or "CN",
        consumer=request.consumer,
        credit_policy=POLICIES.member(request.credit_policy, "credit_policy") or CreditPolicy.NONE,
        suspension_extends=request.suspension_extends,
        predecessor_id=request.predecessor_id,
    )


def to_terms(
    request: pb.CreateContractRequest | pb.UpdateContractDraftRequest | pb.AmendContractRequest,
) -> TermsDetails:
    """Return what is agreed; an amendment has no first day of its own."""
    return TermsDetails(
        title=request.title,
        start_date="" if isinstance(request, pb.AmendContractRequest) else request.start_date,
        end_date=request.end_date,
        price=to_money(request.price) if request.HasField("price") else None,
        lines=tuple(_line(each, f"lines[{place}]") for place, each in enumerate(request.lines)),
        billing=_billing(request.billing) if request.HasField("billing") else None,
        renewal=_renewal(request.renewal) if request.HasField("renewal") else None,
    )


def to_ending(request: pb.TerminateContractRequest) -> Ending:
    return Ending(
        code=CODES.member(request.termination_code, "termination_code"),
        reason=request.termination_reason,
        effective_date=optional_day(request.effective_date, "effective_date"),
        credit_policy=POLICIES.member(request.credit_policy, "credit_policy"),
    )


def to_contract_filter(asked: pb.ContractFilter, as_of: AsOf) -> ContractFilter:
    if not as_of.now:
        _refuse_todays(asked)
    wanted = [
        STATES.member(asked.state, "filter.state"),
        *(STATES.member(each, "filter.states") for each in asked.states),
    ]
    return ContractFilter(
        customer_id=optional_id(asked.customer_id, "cus", field="filter.customer_id"),
        states=frozenset(each for each in wanted if each),
        owner_id=optional_id(asked.owner_id, "emp", field="filter.owner_id"),
        reviewer=line(asked.reviewer, "filter.reviewer", most=MOST_SUBJECT),
        asset_id=optional_id(asked.asset_id, "ast", field="filter.asset_id"),
        ending_from=optional_day(asked.ending_from, "filter.ending_from"),
        ending_to=optional_day(asked.ending_to, "filter.ending_to"),
        known_by=as_of.known_at,
    )


def _refuse_todays(asked: pb.ContractFilter) -> None:
    """Refuse to select by what stands on the contract today where another day or another knowledge is asked about."""
    for name in ("state", "states", "reviewer", "asset_id", "ending_from", "ending_to"):
        if getattr(asked, name):
            raise InvalidField(
                f"filter.{name}",
                f"filter.{name} selects by what is so today. Leave it out, or leave as_of and known_at out.",
            )


def to_review_filter(asked: pb.ReviewFilter) -> ReviewFilter:
    if asked.reviewer and asked.unassigned:
        raise InvalidField("filter.unassigned", "filter.unassigned excludes filter.reviewer.")
    return ReviewFilter(
        reviewer=line(asked.reviewer, "filter.reviewer", most=MOST_SUBJECT),
        unassigned=asked.unassigned,
        owner_id=optional_id(asked.owner_id, "emp", field="filter.owner_id"),
    )


def optional_day(value: str, field: str) -> date | None:
    return civil_date(value, field) if value else None


def _line(line: contract_pb2.ContractLine, field: str) -> LineDetails:
    return LineDetails(
        id=line.id,
        description=line.description,
        product_id=line.product_id,
        asset_ids=tuple(line.asset_ids),
        service_types=tuple(line.service_types),
        quantity=line.quantity or 1,
        price=to_money(line.price) if line.HasField("price") else None,
        allowances=tuple(_allowance(each, f"{field}.allowances") for each in line.allowances),
        start_date=line.start_date,
        end_date=line.end_date,
    )


def _allowance(allowance: contract_pb2.LineAllowance, field: str) -> Allowance:
    unit = ALLOWANCE_UNITS.member(allowance.unit, f"{field}.unit")
    if unit is None:
        raise InvalidField(f"{field}.unit", f"{field}.unit is missing.")
    return Allowance(unit=unit, amount=allowance.amount)


def _billing(billing: contract_pb2.BillingTerms) -> BillingTerms:
    return BillingTerms(
        period=_period(billing.period, "billing.period") if billing.HasField("period") else YEAR,
        anchor_mode=ANCHORS.member(billing.anchor_mode, "billing.anchor_mode") or AnchorMode.ANNIVERSARY,
        anchor_date=optional_day(billing.anchor_date, "billing.anchor_date"),
        timing=TIMINGS.member(billing.timing, "billing.timing") or BillingTiming.IN_ADVANCE,
        day_count=DAY_COUNTS.member(billing.day_count, "billing.day_count") or DayCount.ACT_ACT,
    )


def _renewal(renewal: contract_pb2.RenewalTerms) -> RenewalTerms:
    return RenewalTerms(
        kind=RENEWAL_KINDS.member(renewal.kind, "renewal.kind") or RenewalKind.OFFER,
        term=_period(renewal.term, "renewal.term") if renewal.HasField("term") else YEAR,
        notice=_period(renewal.notice, "renewal.notice") if renewal.HasField("notice") else MONTH,
        price_change=PRICE_CHANGES.member(renewal.price_change, "renewal.price_change") or PriceChange.SAME,
        uplift_bps=renewal.uplift_bps,
        index_id=renewal.index_id,
    )


def _period(period: period_pb2.Period, field: str) -> Period:
    unit = PERIOD_UNITS.member(period.unit, f"{field}.unit")
    if unit is None:
        raise InvalidField(f"{field}.unit", f"{field}.unit is missing.")
    return Period(unit, period.count)
