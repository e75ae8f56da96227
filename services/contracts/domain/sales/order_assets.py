"""The assets that the delivery of an order brings: one for each serial number of a product."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.chassis.ids import derived_id
from services.contracts.domain.catalog.asset import Asset, AssetDetails
from services.contracts.domain.sales.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What was delivered of one line, not yet checked."""

    line_id: str
    serials: tuple[str, ...]
    free_maintenance_months: int = 0


def assets_of(order: Order, delivered: Sequence[Delivered], *, now: datetime) -> list[Asset]:
    """Return the assets of a delivered order: always the same ids for the same order, line and number.

    A line without a product is nothing that the catalog knows, and brings none. Refused as `Asset.register` does.
    """
    months = {each.line_id: each.free_maintenance_months for each in delivered}
    day = order.progress.actual_date
    return [
        Asset.register(
            derived_id("ast", "order", order.id, line.id, serial),
            AssetDetails(
                product_id=line.product_id,
                serial=serial,
                customer_id=order.customer_id,
                delivery_date=day.isoformat() if day else "",
                free_maintenance_months=months.get(line.id, 0),
            ),
            now=now,
        )
        for line in order.lines
        if line.product_id
        for serial in line.serials
    ]
