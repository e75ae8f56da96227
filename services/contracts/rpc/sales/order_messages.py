"""Orders as messages, and requests as what the domain understands."""

from collections.abc import Sequence
from datetime import date

from membercare.contracts.v1 import order_pb2
from membercare.contracts.v1 import sales_service_pb2 as pb
from services.chassis.errors import InvalidField
from services.chassis.ids import optional_id
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.sales.order import Order, OrderLine
from services.contracts.domain.sales.order_assets import Delivered
from services.contracts.domain.sales.order_milestones import Progress
from services.contracts.domain.sales.sales_events import Issue
from services.contracts.ports.quotes import OrderFilter
from services.contracts.rpc.money import money_to_pb
from services.contracts.rpc.sales.opportunity_messages import day_to_pb
from services.contracts.rpc.sales.quote_messages import MILESTONES


def order_to_pb(order: Order) -> order_pb2.Order:
    return order_pb2.Order(
        id=order.id,
        quote_id=order.quote_id,
        quote_version=order.quote_version,
        opportunity_id=order.opportunity_id,
        customer_id=order.customer_id,
        owner_id=order.owner_id,
        title=order.title,
        lines=map(_line_to_pb, order.lines),
        total=money_to_pb(order.total),
        milestone=MILESTONES.number(order.milestone),
        milestones=map(_progress_to_pb, order.milestones),
        carrier=order.carrier,
        tracking_number=order.tracking_number,
        accepted_by=order.accepted_by,
        issues=[order_pb2.AcceptanceIssue(line_id=each.line_id, description=each.description) for each in order.issues],
        cycle_days=order.cycle_days,
        cancel_reason=order.cancellation.reason if order.cancellation else "",
        cancelled_by=order.cancellation.by if order.cancellation else "",
        cancel_time=to_timestamp(order.cancellation.time) if order.cancellation else None,
        author=order.author,
        etag=str(order.version),
        create_time=to_timestamp(order.create_time),
        update_time=to_timestamp(order.update_time),
    )


def _line_to_pb(line: OrderLine) -> order_pb2.OrderLine:
    return order_pb2.OrderLine(
        id=line.id,
        description=line.description,
        product_id=line.product_id,
        quantity=line.quantity,
        total=money_to_pb(line.total),
        serials=line.serials,
    )


def _progress_to_pb(progress: Progress) -> order_pb2.MilestoneProgress:
    return order_pb2.MilestoneProgress(
        milestone=MILESTONES.number(progress.milestone),
        planned_date=day_to_pb(progress.planned_date),
        first_planned_date=day_to_pb(progress.first_planned_date),
        actual_date=day_to_pb(progress.actual_date),
        delay_days=progress.delay_days,
        recorded_time=to_timestamp(progress.recorded_time),
        recorded_by=progress.recorded_by,
    )


def to_delivered(delivered: Sequence[pb.DeliveredSerials]) -> Sequence[Delivered]:
    if len({each.line_id for each in delivered}) < len(delivered):
        raise InvalidField("serials.line_id", "serials.line_id names a line twice.")
    return [
        Delivered(
            line_id=each.line_id,
            serials=tuple(each.serials),
            free_maintenance_months=each.free_maintenance_months,
        )
        for each in delivered
    ]


def to_issues(issues: Sequence[order_pb2.AcceptanceIssue]) -> Sequence[Issue]:
    return [Issue(line_id=each.line_id, description=each.description) for each in issues]


def to_order_filter(asked: pb.OrderFilter, today: date) -> OrderFilter:
    return OrderFilter(
        customer_id=optional_id(asked.customer_id, "cus", field="filter.customer_id"),
        owner_id=optional_id(asked.owner_id, "emp", field="filter.owner_id"),
        milestone=MILESTONES.member(asked.milestone, "filter.milestone"),
        late_on=today if asked.late else None,
    )
