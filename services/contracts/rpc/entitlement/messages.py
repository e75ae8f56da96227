"""Verdicts and usages as messages, and requests as what the domain understands."""

from membercare.contracts.v1 import entitlement_pb2
from membercare.contracts.v1 import entitlement_service_pb2 as pb
from services.chassis.checks import line
from services.chassis.ids import optional_id
from services.chassis.timestamps import moment, to_timestamp
from services.contracts.domain.entitlement.allowance_usage import AllowanceUsage, Correction
from services.contracts.domain.entitlement.coverage import Cover, ServiceUnit
from services.contracts.domain.entitlement.entitlement import Entitlement, Hint
from services.contracts.domain.entitlement.verdict_words import explain
from services.contracts.ports.entitlement import Balance, UsageFilter
from services.contracts.rpc.entitlement.enums import REASONS, SOURCES, UNITS, USAGE_STATES, VERDICTS
from services.contracts.rpc.money import money_to_pb
from services.contracts.usecases.entitlement.check_entitlement import Wanted
from services.contracts.usecases.entitlement.use_allowance import MOST_REFERENCE


def entitlement_to_pb(said: Entitlement) -> entitlement_pb2.Entitlement:
    judgement, words = said.judgement, explain(said)
    ask = judgement.ask
    return entitlement_pb2.Entitlement(
        customer_id=ask.customer_id,
        asset_id=ask.asset_id,
        service_type=ask.service_type,
        at=to_timestamp(ask.at),
        known_at=to_timestamp(said.known_at),
        verdict=VERDICTS.number(judgement.verdict),
        reason=REASONS.number(judgement.reason),
        unit=_unit(ask.unit),
        quantity=ask.quantity,
        covered_quantity=judgement.covered,
        chargeable_quantity=judgement.chargeable,
        covers=[cover_to_pb(each) for each in judgement.covers],
        contract_id=judgement.contract_id,
        terms_number=judgement.terms_number,
        remaining=judgement.remaining,
        list_price=money_to_pb(said.list_price),
        price=money_to_pb(said.price),
        saved=money_to_pb(said.saved),
        hint=hint_to_pb(said.hint),
        explanation_en=words.en,
        explanation_zh=words.zh,
    )


def usage_to_pb(usage: AllowanceUsage) -> entitlement_pb2.AllowanceUsage:
    return entitlement_pb2.AllowanceUsage(
        id=usage.id,
        reference=usage.reference,
        state=USAGE_STATES.number(usage.state),
        customer_id=usage.customer_id,
        asset_id=usage.asset_id,
        service_type=usage.service_type,
        unit=UNITS.number(usage.unit),
        quantity=usage.quantity,
        actual_quantity=usage.actual,
        covered_quantity=usage.covered,
        chargeable_quantity=usage.chargeable,
        covers=map(cover_to_pb, usage.covers),
        verdict=VERDICTS.number(usage.verdict),
        reason=REASONS.number(usage.reason),
        expire_time=to_timestamp(usage.expire_time),
        release_reason=usage.release_reason,
        corrections=map(_correction_to_pb, usage.corrections),
        service_time=to_timestamp(usage.service_time),
        reserved_by=usage.by,
        explanation_en=usage.explanation_en,
        explanation_zh=usage.explanation_zh,
        etag=str(usage.version),
        create_time=to_timestamp(usage.create_time),
        update_time=to_timestamp(usage.update_time),
    )


def balance_to_pb(balance: Balance) -> entitlement_pb2.AllowanceBalance:
    return entitlement_pb2.AllowanceBalance(
        contract_id=balance.contract_id,
        line_id=balance.line_id,
        description=balance.description,
        unit=UNITS.number(balance.unit),
        term_start_date=balance.term_start.isoformat(),
        term_end_date=balance.term_end.isoformat(),
        total=balance.total,
        reserved=balance.reserved,
        consumed=balance.consumed,
        remaining=balance.remaining,
    )


def cover_to_pb(cover: Cover) -> entitlement_pb2.Cover:
    return entitlement_pb2.Cover(
        source=SOURCES.number(cover.source),
        contract_id=cover.contract_id,
        terms_number=cover.terms_number,
        line_id=cover.line_id,
        end_date=cover.end_date.isoformat(),
        quantity=cover.quantity,
        remaining=cover.remaining,
        term_start_date=cover.term_start.isoformat() if cover.term_start else "",
        unit=_unit(cover.unit),
    )


def hint_to_pb(hint: Hint | None) -> entitlement_pb2.SavingHint | None:
    if hint is None:
        return None
    return entitlement_pb2.SavingHint(
        contract_id=hint.contract_id,
        product_id=hint.product_id,
        title_en=hint.title_en,
        title_zh=hint.title_zh,
        price=money_to_pb(hint.price),
        saved=money_to_pb(hint.saved),
    )


def to_wanted(request: pb.CheckEntitlementRequest) -> Wanted:
    return Wanted(
        customer_id=request.customer_id,
        asset_id=request.asset_id,
        service_type=request.service_type,
        at=moment(request.at, "at") if request.HasField("at") else None,
        known_at=moment(request.known_at, "known_at") if request.HasField("known_at") else None,
        quantity=request.quantity,
        unit=UNITS.member(request.unit, "unit"),
    )


def to_reservation(request: pb.ReserveAllowanceRequest) -> Wanted:
    return Wanted(
        customer_id=request.customer_id,
        asset_id=request.asset_id,
        service_type=request.service_type,
        at=moment(request.at, "at") if request.HasField("at") else None,
        quantity=request.quantity,
        unit=UNITS.member(request.unit, "unit"),
    )


def to_usage_filter(asked: pb.AllowanceUsageFilter) -> UsageFilter:
    return UsageFilter(
        customer_id=optional_id(asked.customer_id, "cus", field="filter.customer_id"),
        contract_id=optional_id(asked.contract_id, "con", field="filter.contract_id"),
        state=USAGE_STATES.member(asked.state, "filter.state"),
        reference=line(asked.reference, "filter.reference", most=MOST_REFERENCE),
    )


def _unit(unit: ServiceUnit | None) -> entitlement_pb2.ServiceUnit.ValueType:
    return entitlement_pb2.SERVICE_UNIT_UNSPECIFIED if unit is None else UNITS.number(unit)


def _correction_to_pb(correction: Correction) -> entitlement_pb2.UsageCorrection:
    return entitlement_pb2.UsageCorrection(
        quantity_before=correction.quantity_before,
        quantity_after=correction.quantity_after,
        reason=correction.reason,
        corrected_by=correction.by,
        corrected_time=to_timestamp(correction.time),
    )
