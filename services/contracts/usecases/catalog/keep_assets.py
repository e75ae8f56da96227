"""Register assets, change them, and keep their warranty."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from services.chassis.checks import line, request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id, new_id
from services.contracts.domain.catalog.asset import Asset, AssetDetails, mask_fields, new_hold
from services.contracts.domain.catalog.warranty import WarrantyVerdict
from services.contracts.ports.catalog import Assets, KnownCustomers, Products


@dataclass(frozen=True, slots=True)
class RegisterAsset:
    """Stores a new asset of a product and a customer that exist."""

    assets: Assets
    products: Products
    customers: KnownCustomers
    clock: Clock

    def __call__(self, details: AssetDetails, *, request_id: str) -> Asset:
        """Return the asset as stored; a repeat of the request returns the first."""
        now = self.clock.now()
        asset = Asset.register(new_id("ast", now), details, now=now)
        self.products.get(asset.product_id)
        self.customers.get(asset.customer_id).refuse_doublet()
        return self.assets.add(asset, request_key=request_key("create", request_id))


@dataclass(frozen=True, slots=True)
class ChangeAsset:
    """Takes over the fields that a mask names; the warranty's end follows."""

    assets: Assets
    customers: KnownCustomers
    clock: Clock

    def __call__(
        self, asset_id: str, details: AssetDetails, *, mask: Collection[str], etag: str, request_id: str
    ) -> Asset:
        """Return the asset after the change; refuses what is wrong, unknown or stale, and then changes nothing."""
        fields, now = mask_fields(mask), self.clock.now()
        key = check_id(asset_id, "ast", field="asset.id")
        if "customer_id" in fields:
            self.customers.get(check_id(details.customer_id, "cus", field="customer_id")).refuse_doublet()
        return self.assets.change(
            key,
            lambda asset: asset.change(details, fields, now=now),
            etag=etag,
            request_key=request_key("update", request_id),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOrder:
    """Whose warranty stands still, when and why."""

    asset_id: str
    start_date: str
    end_date: str
    reason: str
    etag: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class HoldWarranty:
    """Stops the warranty's clock for some days."""

    assets: Assets
    clock: Clock

    def __call__(self, order: HoldOrder, *, author: str) -> Asset:
        """Return the asset, whose warranty ends later now; `author` is the subject of the caller."""
        now = self.clock.now()
        key = check_id(order.asset_id, "ast", field="asset_id")
        hold = new_hold(
            new_id("hld", now),
            start=order.start_date,
            end=order.end_date,
            reason=order.reason,
            author=author,
            now=now,
        )
        return self.assets.change(
            key,
            lambda asset: asset.hold(hold, now=now),
            etag=order.etag,
            request_key=request_key("hold", order.request_id),
        )


@dataclass(frozen=True, slots=True)
class LiftWarrantyHold:
    """Takes a hold back."""

    assets: Assets
    clock: Clock

    def __call__(self, asset_id: str, hold_id: str, *, etag: str, request_id: str) -> Asset:
        """Return the asset, whose warranty ends earlier now."""
        now = self.clock.now()
        hold = line(hold_id, "hold_id", most=40, least=1)
        return self.assets.change(
            check_id(asset_id, "ast", field="asset_id"),
            lambda asset: asset.lift(hold, now=now),
            etag=etag,
            request_key=request_key("lift", request_id),
        )


@dataclass(frozen=True, slots=True)
class CheckWarranty:
    """Says whether an asset was under warranty at a moment."""

    assets: Assets
    customers: KnownCustomers
    clock: Clock
    company_zone: str
    """For customers who have none of their own."""

    def __call__(self, asset_id: str, *, at: datetime | None) -> WarrantyVerdict:
        """Return the verdict in words; the day is the one that the customer's calendar shows."""
        asset = self.assets.get(check_id(asset_id, "ast", field="asset_id"))
        zone = self.customers.get(asset.customer_id).time_zone or self.company_zone
        return asset.warranty_at(at or self.clock.now(), time_zone=zone)
