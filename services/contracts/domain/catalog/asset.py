"""An asset: one delivered item that is in service."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.chassis.checks import civil_date, line, text
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id
from services.contracts.domain.catalog.catalog_errors import WarrantyHoldNotFound, WarrantyHoldRefused
from services.contracts.domain.catalog.catalog_events import AssetDelivered
from services.contracts.domain.catalog.warranty import WarrantyVerdict, judge_warranty, warranty_end
from services.contracts.domain.customers.customer import search_key
from services.contracts.domain.terms.masks import checked_mask
from services.contracts.domain.terms.periods import Span

MOST_SERIAL, MOST_MONTHS, MOST_REASON, MOST_HOLDS, MOST_HOLD_DAYS = 100, 600, 500, 200, 3_660
_FIRST, _LAST = date(1900, 1, 1), date(2200, 12, 31)
"""Deliveries and holds outside of these are typing errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetDetails:
    """What people say about an asset, not yet checked."""

    product_id: str = ""
    serial: str = ""
    customer_id: str = ""
    delivery_date: str = ""
    free_maintenance_months: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WarrantyHold:
    """Days on which the warranty's clock stood still; both ends are included."""

    id: str
    start_date: date
    end_date: date
    reason: str
    author: str
    record_time: datetime

    @property
    def span(self) -> Span:
        """The days."""
        return Span(self.start_date, self.end_date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """An asset as stored."""

    id: str
    version: int = 1
    product_id: str
    serial: str
    serial_key: str
    """The serial number as it is compared: letter case and full-width forms make no difference."""
    customer_id: str
    delivery_date: date | None
    free_maintenance_months: int
    holds: tuple[WarrantyHold, ...] = ()
    warranty_end: date | None = None
    """Last day, included; computed at every change."""
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def register(cls, asset_id: str, details: AssetDetails, *, now: datetime) -> "Asset":
        """Return the new asset, or refuse with INVALID_FIELD or INVALID_ID and the field's name."""
        return cls.of(asset_id, check_details(details, FIELDS), now=now)

    @classmethod
    def of(cls, asset_id: str, checked: Mapping[str, Any], *, now: datetime) -> "Asset":
        """Return the new asset made of values that `check_details` returned for all fields."""
        made = cls(id=asset_id, create_time=now, update_time=now, version=0, **checked)
        return replace(_computed(made, None, now=now), version=1)

    def change(self, details: AssetDetails, fields: Collection[str], *, now: datetime) -> "Asset":
        """Return the asset with the fields named taken over, or itself if nothing differs."""
        return self.take_over(check_details(details, fields), now=now)

    def take_over(self, checked: Mapping[str, Any], *, now: datetime) -> "Asset":
        """Return the asset with values that `check_details` returned, or itself if nothing differs."""
        if all(getattr(self, name) == value for name, value in checked.items()):
            return self
        taken = replace(self, **checked, update_time=now, events=())
        return _computed(taken, self.delivery_date, now=now)

    def hold(self, hold: WarrantyHold, *, now: datetime) -> "Asset":
        """Return the asset whose warranty stands still on more days.

        Refuses with WARRANTY_HOLD_REFUSED days on which the clock does not run: there is no warranty, it ended before,
        or a hold has the same days.
        """
        if self.delivery_date is None or self.warranty_end is None:
            raise WarrantyHoldRefused("The asset has no warranty that could stand still.", asset_id=self.id)
        if not self.delivery_date <= hold.start_date <= self.warranty_end:
            why = f"The warranty runs from {self.delivery_date} to {self.warranty_end}: a hold must begin within."
            raise WarrantyHoldRefused(why, asset_id=self.id)
        if any(one.span == hold.span for one in self.holds):
            raise WarrantyHoldRefused("The warranty stands still on these days already.", asset_id=self.id)
        if len(self.holds) >= MOST_HOLDS:
            raise WarrantyHoldRefused(f"An asset has at most {MOST_HOLDS} holds.", asset_id=self.id)
        holds = tuple(sorted((*self.holds, hold), key=lambda one: (one.span, one.id)))
        held = replace(self, holds=holds, update_time=now, events=())
        return _computed(held, self.delivery_date, now=now)

    def lift(self, hold_id: str, *, now: datetime) -> "Asset":
        """Return the asset without a hold, or refuse with WARRANTY_HOLD_NOT_FOUND."""
        holds = tuple(one for one in self.holds if one.id != hold_id)
        if holds == self.holds:
            raise WarrantyHoldNotFound(hold_id)
        held = replace(self, holds=holds, update_time=now, events=())
        return _computed(held, self.delivery_date, now=now)

    def warranty_at(self, at: datetime, *, time_zone: str) -> WarrantyVerdict:
        """Return whether the asset is under warranty at a moment, in the customer's time zone."""
        return judge_warranty(self.delivery_date, self.warranty_end, at=at, time_zone=time_zone)


def new_hold(hold_id: str, *, start: str, end: str, reason: str, author: str, now: datetime) -> WarrantyHold:
    """Return a hold, or refuse with INVALID_FIELD one that ends before it starts or has no reason."""
    first, last = _day(start, "start_date"), _day(end, "end_date")
    if last < first:
        raise InvalidField("end_date", f"end_date {last} is before start_date {first}.")
    if (last - first).days >= MOST_HOLD_DAYS:
        raise InvalidField("end_date", f"A hold has at most {MOST_HOLD_DAYS} days.")
    why = text(reason, "reason", most=MOST_REASON, least=1)
    return WarrantyHold(id=hold_id, start_date=first, end_date=last, reason=why, author=author, record_time=now)


def check_details(details: AssetDetails, fields: Collection[str]) -> dict[str, Any]:
    """Return the fields of an `Asset` that the named fields lead to, or refuse with the first that is wrong."""
    checked = {field: check(details) for field, check in _CHECKS.items() if field in fields}
    if "serial" in checked:
        checked["serial_key"] = search_key(checked["serial"])
    return checked


def mask_fields(paths: Collection[str]) -> frozenset[str]:
    """Return the fields that an update mask names; an asset stays of its product."""
    return checked_mask(paths, [field for field in FIELDS if field != "product_id"])


def _computed(asset: Asset, delivered_before: date | None, *, now: datetime) -> Asset:
    """Return the asset with the end that follows from the rest; a new day of delivery is said."""
    if asset.delivery_date is None:
        return replace(asset, warranty_end=None)
    end = warranty_end(asset.delivery_date, asset.free_maintenance_months, holds=[hold.span for hold in asset.holds])
    if asset.delivery_date == delivered_before:
        return replace(asset, warranty_end=end)
    said = AssetDelivered(
        asset_id=asset.id,
        customer_id=asset.customer_id,
        product_id=asset.product_id,
        serial=asset.serial,
        delivery_date=asset.delivery_date,
        warranty_end=end.isoformat() if end else "",
        asset_version=asset.version + 1,
        occurred_time=now,
    )
    return replace(asset, warranty_end=end, events=(said,))


def _day(value: str, field: str) -> date:
    day = civil_date(value, field)
    if not _FIRST <= day <= _LAST:
        raise InvalidField(field, f"{field} must lie between {_FIRST} and {_LAST}.")
    return day


def _months(details: AssetDetails) -> int:
    if not 0 <= details.free_maintenance_months <= MOST_MONTHS:
        raise InvalidField("free_maintenance_months", f"free_maintenance_months must be 0 to {MOST_MONTHS}.")
    return details.free_maintenance_months


_CHECKS: dict[str, Callable[[AssetDetails], Any]] = {
    "product_id": lambda details: check_id(details.product_id.strip(), "prd", field="product_id"),
    "serial": lambda details: line(details.serial, "serial", most=MOST_SERIAL, least=1),
    "customer_id": lambda details: check_id(details.customer_id.strip(), "cus", field="customer_id"),
    "delivery_date": lambda details: _day(details.delivery_date, "delivery_date") if details.delivery_date else None,
    "free_maintenance_months": _months,
}
FIELDS = tuple(_CHECKS)
"""What people may say about an asset."""
