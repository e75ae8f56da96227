"""Billing lines as messages, and requests as what the domain understands."""

from membercare.contracts.v1 import billing_line_pb2
from membercare.contracts.v1 import billing_service_pb2 as pb
from services.chassis.checks import civil_date
from services.chassis.ids import optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.billing.billing_delivery import BillingDelivery
from services.contracts.domain.billing.billing_line import BillingLine, BillingLineKind, BillingLineState
from services.contracts.ports.billing import BillingLineFilter, Planned
from services.contracts.rpc.money import money_to_pb

STATES = EnumTable(BillingLineState, billing_line_pb2.BillingLineState)
KINDS = EnumTable(BillingLineKind, billing_line_pb2.BillingLineKind)


def line_to_pb(line: BillingLine, state: BillingLineState) -> billing_line_pb2.BillingLine:
    billed = line.billed
    return billing_line_pb2.BillingLine(
        id=line.id,
        contract_id=line.contract_id,
        customer_id=line.customer_id,
        line_id=line.line_id,
        description=line.description,
        kind=KINDS.number(line.kind),
        state=STATES.number(state),
        period_start=line.period_start.isoformat(),
        period_end=line.period_end.isoformat(),
        start_date=line.start_date.isoformat(),
        end_date=line.end_date.isoformat(),
        due_date=line.due_date.isoformat(),
        amount=money_to_pb(line.amount),
        formula=line.formula,
        terms_number=line.terms_number,
        invoice=billed.invoice if billed else "",
        billed_by=billed.by if billed else "",
        billed_time=to_timestamp(billed.time if billed else None),
        etag=str(line.version),
        create_time=to_timestamp(line.create_time),
        update_time=to_timestamp(line.update_time),
    )


def parked_to_pb(planned: Planned) -> billing_line_pb2.ParkedBilling:
    parked = planned.parked
    if parked is None:
        return billing_line_pb2.ParkedBilling(contract_id=planned.contract_id)
    return billing_line_pb2.ParkedBilling(
        contract_id=planned.contract_id,
        reason=parked.reason,
        message=parked.message,
        attempts=parked.attempts,
        parked_time=to_timestamp(parked.time),
    )


def delivery_to_pb(delivery: BillingDelivery) -> billing_line_pb2.BillingDelivery:
    return billing_line_pb2.BillingDelivery(
        id=delivery.id,
        billing_line_ids=delivery.billing_line_ids,
        attempts=delivery.attempts,
        last_error=delivery.last_error,
        next_time=to_timestamp(delivery.next_time),
        delivered_time=to_timestamp(delivery.delivered_time),
        create_time=to_timestamp(delivery.create_time),
    )


def to_filter(asked: pb.BillingLineFilter) -> BillingLineFilter:
    return BillingLineFilter(
        contract_id=optional_id(asked.contract_id, "con", field="filter.contract_id"),
        customer_id=optional_id(asked.customer_id, "cus", field="filter.customer_id"),
        state=STATES.member(asked.state, "filter.state"),
        due_from=civil_date(asked.due_from, "filter.due_from") if asked.due_from else None,
        due_until=civil_date(asked.due_until, "filter.due_until") if asked.due_until else None,
    )
