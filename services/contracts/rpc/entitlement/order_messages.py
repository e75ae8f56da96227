"""Chargeable services as messages, and requests as what the domain understands."""

from collections.abc import Iterable

from membercare.contracts.v1 import entitlement_service_pb2 as pb
from membercare.contracts.v1 import service_order_pb2
from services.chassis.checks import line
from services.chassis.errors import InvalidField
from services.chassis.ids import optional_id
from services.chassis.timestamps import moment, to_timestamp
from services.contracts.domain.entitlement.service_lines import Item, PricedLine
from services.contracts.domain.entitlement.service_order import Consent, ConsentDetails, ServiceOrder
from services.contracts.ports.entitlement import ServiceOrderFilter
from services.contracts.rpc.entitlement.enums import CHANNELS, LINE_KINDS, ORDER_STATES, REASONS
from services.contracts.rpc.entitlement.messages import hint_to_pb
from services.contracts.rpc.money import money_to_pb
from services.contracts.usecases.entitlement.order_service import MOST_REFERENCE, NewService


def order_to_pb(order: ServiceOrder) -> service_order_pb2.ServiceOrder:
    return service_order_pb2.ServiceOrder(
        id=order.id,
        customer_id=order.customer_id,
        asset_id=order.asset_id,
        service_type=order.service_type,
        reference=order.reference,
        state=ORDER_STATES.number(order.state),
        estimate_number=order.estimate.number,
        estimate=map(_line_to_pb, order.estimate.lines),
        estimated_amount=money_to_pb(order.estimate.amount),
        tolerance_bps=order.tolerance_bps,
        consents=map(_consent_to_pb, order.consents),
        actuals=map(_line_to_pb, order.actuals),
        charge=money_to_pb(order.charge),
        reason=REASONS.number(order.reason),
        hint=hint_to_pb(order.hint),
        end_reason=order.end_reason,
        technician_id=order.technician_id,
        started_time=to_timestamp(order.started_time),
        completed_time=to_timestamp(order.completed_time),
        created_by=order.created_by,
        completed_by=order.completed_by,
        etag=str(order.version),
        create_time=to_timestamp(order.create_time),
        update_time=to_timestamp(order.update_time),
    )


def to_new_service(request: pb.CreateServiceOrderRequest) -> NewService:
    return NewService(
        customer_id=request.customer_id,
        asset_id=request.asset_id,
        service_type=request.service_type,
        reference=request.reference,
        items=to_items(request.items, "items"),
        technician_id=request.technician_id,
    )


def to_items(items: Iterable[service_order_pb2.ServiceItem], field: str) -> list[Item]:
    """Return the items, or refuse one that says not what it is for."""
    found = []
    for place, each in enumerate(items):
        kind = LINE_KINDS.member(each.kind, f"{field}[{place}].kind")
        if kind is None:
            raise InvalidField(f"{field}[{place}].kind", f"{field}[{place}].kind is missing.")
        found.append(Item(kind=kind, product_id=each.product_id, quantity=each.quantity))
    return found


def to_consent(request: pb.RecordServiceConsentRequest) -> ConsentDetails:
    return ConsentDetails(
        estimate_number=request.estimate_number,
        given_by=request.given_by,
        channel=CHANNELS.member(request.channel, "channel"),
        given_time=moment(request.given_time, "given_time") if request.HasField("given_time") else None,
        note=request.note,
    )


def to_order_filter(asked: pb.ServiceOrderFilter) -> ServiceOrderFilter:
    return ServiceOrderFilter(
        customer_id=optional_id(asked.customer_id, "cus", field="filter.customer_id"),
        state=ORDER_STATES.member(asked.state, "filter.state"),
        technician_id=optional_id(asked.technician_id, "emp", field="filter.technician_id"),
        reference=line(asked.reference, "filter.reference", most=MOST_REFERENCE),
    )


def _line_to_pb(priced: PricedLine) -> service_order_pb2.ServiceLine:
    return service_order_pb2.ServiceLine(
        kind=LINE_KINDS.number(priced.kind),
        product_id=priced.product_id,
        description=priced.description,
        quantity=priced.quantity,
        charged_quantity=priced.charged_quantity,
        unit_price=money_to_pb(priced.unit_price),
        amount=money_to_pb(priced.amount),
    )


def _consent_to_pb(consent: Consent) -> service_order_pb2.ServiceConsent:
    return service_order_pb2.ServiceConsent(
        estimate_number=consent.estimate_number,
        amount=money_to_pb(consent.amount),
        given_by=consent.given_by,
        channel=CHANNELS.number(consent.channel),
        given_time=to_timestamp(consent.given_time),
        recorded_by=consent.recorded_by,
        note=consent.note,
    )
