"""Quotes as messages, and requests as what the domain understands."""

from collections.abc import Sequence

from membercare.contracts.v1 import order_pb2, period_pb2, quote_pb2
from membercare.contracts.v1 import sales_service_pb2 as pb
from services.chassis.errors import InvalidField
from services.chassis.ids import optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.sales.order import Plan
from services.contracts.domain.sales.order_milestones import OrderMilestone
from services.contracts.domain.sales.quote import Quote, QuoteContent, QuoteVersion
from services.contracts.domain.sales.quote_lines import QuoteLine, QuoteLineDetails
from services.contracts.domain.sales.quote_states import QuoteState, QuoteVoidReason
from services.contracts.domain.terms.terms import Period, PeriodUnit
from services.contracts.ports.quotes import QuoteFilter
from services.contracts.rpc.money import money_to_pb, to_money
from services.contracts.rpc.sales.opportunity_messages import day_to_pb, to_day, unset_or

STATES = EnumTable(QuoteState, quote_pb2.QuoteState)
VOID_REASONS = EnumTable(QuoteVoidReason, quote_pb2.QuoteVoidReason)
UNITS = EnumTable(PeriodUnit, period_pb2.PeriodUnit)
MILESTONES = EnumTable(OrderMilestone, order_pb2.OrderMilestone)


def quote_to_pb(quote: Quote) -> quote_pb2.Quote:
    versions = [_version_to_pb(each) for each in quote.versions]
    return quote_pb2.Quote(
        id=quote.id,
        opportunity_id=quote.opportunity_id,
        customer_id=quote.customer_id,
        owner_id=quote.owner_id,
        state=STATES.number(quote.state),
        current=versions[-1],
        versions=versions,
        etag=str(quote.version),
        create_time=to_timestamp(quote.create_time),
        update_time=to_timestamp(quote.update_time),
    )


def _version_to_pb(version: QuoteVersion) -> quote_pb2.QuoteVersion:
    return quote_pb2.QuoteVersion(
        number=version.number,
        state=STATES.number(version.state),
        title=version.title,
        lines=map(_line_to_pb, version.lines),
        discount_bps=version.discount_bps,
        start_date=version.start_date.isoformat(),
        sign_by=version.sign_by.isoformat(),
        note=version.note,
        total=money_to_pb(version.total),
        author=version.author,
        approver=version.approver,
        create_time=to_timestamp(version.create_time),
        approved_time=to_timestamp(version.approved_time),
        sent_time=to_timestamp(version.sent_time),
        accepted_time=to_timestamp(version.accepted_time),
        accepted_by=version.accepted_by,
        voided_time=to_timestamp(version.voided_time),
        void_reason=unset_or(VOID_REASONS, version.void_reason),
        void_note=version.void_note,
    )


def _line_to_pb(line: QuoteLine) -> quote_pb2.QuoteLine:
    return quote_pb2.QuoteLine(
        id=line.id,
        description=line.description,
        product_id=line.product_id,
        quantity=line.quantity,
        unit_price=money_to_pb(line.unit_price),
        discount_bps=line.discount_bps,
        term=_period_to_pb(line.term),
        period=_period_to_pb(line.period),
        start_date=line.start_date.isoformat(),
        asset_ids=line.asset_ids,
        service_types=line.service_types,
        periods=line.periods,
        gross=money_to_pb(line.gross),
        discount=money_to_pb(line.discount),
        total=money_to_pb(line.total),
        end_date=day_to_pb(line.end_date),
        formula=line.formula,
    )


def _period_to_pb(period: Period | None) -> period_pb2.Period | None:
    return period_pb2.Period(unit=UNITS.number(period.unit), count=period.count) if period else None


def to_content(content: pb.QuoteContent) -> QuoteContent:
    return QuoteContent(
        title=content.title,
        lines=tuple(_to_line(each, f"lines[{place}]") for place, each in enumerate(content.lines)),
        start_date=content.start_date,
        sign_by=content.sign_by,
        discount_bps=content.discount_bps,
        note=content.note,
    )


def _to_line(line: quote_pb2.QuoteLine, field: str) -> QuoteLineDetails:
    return QuoteLineDetails(
        description=line.description,
        unit_price=to_money(line.unit_price) if line.HasField("unit_price") else None,
        quantity=line.quantity,
        product_id=line.product_id,
        discount_bps=line.discount_bps,
        term=_to_period(line.term, f"{field}.term") if line.HasField("term") else None,
        period=_to_period(line.period, f"{field}.period") if line.HasField("period") else None,
        start_date=line.start_date,
        asset_ids=tuple(line.asset_ids),
        service_types=tuple(line.service_types),
    )


def _to_period(period: period_pb2.Period, field: str) -> Period:
    unit = UNITS.member(period.unit, f"{field}.unit")
    if unit is None:
        raise InvalidField(f"{field}.unit", f"{field}.unit is missing.")
    return Period(unit, period.count)


def to_plan(plan: Sequence[pb.PlannedMilestone]) -> Plan:
    return [(MILESTONES.member(each.milestone, "plan.milestone"), each.date) for each in plan]


def to_quote_filter(asked: pb.QuoteFilter) -> QuoteFilter:
    return QuoteFilter(
        customer_id=optional_id(asked.customer_id, "cus", field="filter.customer_id"),
        opportunity_id=optional_id(asked.opportunity_id, "opp", field="filter.opportunity_id"),
        owner_id=optional_id(asked.owner_id, "emp", field="filter.owner_id"),
        state=STATES.member(asked.state, "filter.state"),
        sign_by_from=to_day(asked.sign_by_from, "filter.sign_by_from"),
        sign_by_through=to_day(asked.sign_by_through, "filter.sign_by_through"),
    )
