"""Warranties that end: grouped by customer, product and month, each group an occasion to sign a contract."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.chassis.ids import derived_id
from services.contracts.domain.catalog.warranty import ATTACH_WITHIN
from services.contracts.domain.renewals.renewals_events import WarrantyExpiring
from services.contracts.domain.terms.periods import Span

MOST_ASSETS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingWarranty:
    """One asset whose warranty ends."""

    asset_id: str
    customer_id: str
    product_id: str
    warranty_end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Days on which a signed contract covers assets of one customer."""

    customer_id: str
    asset_ids: frozenset[str]
    """Empty: all of the customer's."""
    days: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class WarrantyExpiry:
    """A group as stored; its id follows from customer, product and month."""

    id: str
    version: int = 1
    customer_id: str
    owner_id: str
    product_id: str
    month: str
    warranty_end: date
    """The earliest last day."""
    asset_ids: tuple[str, ...]
    opportunity_id: str
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    def joined_by(self, asset_ids: Sequence[str], *, now: datetime) -> "WarrantyExpiry":
        """Return the group with assets that were found later; nothing is said a second time."""
        more = tuple(asset_id for asset_id in asset_ids if asset_id not in self.asset_ids)
        if not more:
            return self
        return replace(self, asset_ids=(*self.asset_ids, *more)[:MOST_ASSETS], update_time=now, events=())


def expiry_id(customer_id: str, product_id: str, *, month: str) -> str:
    """Return the one id that the group has."""
    return derived_id("wty", customer_id, product_id, month)


def grouped(ending: Iterable[EndingWarranty], *, owners: dict[str, str], now: datetime) -> list[WarrantyExpiry]:
    """Return the groups, with what is said when one is found."""
    groups: dict[tuple[str, str, str], list[EndingWarranty]] = defaultdict(list)
    for each in ending:
        groups[each.customer_id, each.product_id, each.warranty_end.isoformat()[:7]].append(each)
    return [_group(key, sorted(found, key=_order), owners=owners, now=now) for key, found in sorted(groups.items())]


def is_covered(asset: EndingWarranty, covers: Iterable[Cover]) -> bool:
    """Whether a contract covers the asset on a day after its warranty, not later than the days of `ATTACH_WITHIN`."""
    after = Span(asset.warranty_end + timedelta(days=1), asset.warranty_end + ATTACH_WITHIN)
    return any(
        cover.customer_id == asset.customer_id
        and (not cover.asset_ids or asset.asset_id in cover.asset_ids)
        and cover.days.cut(after) is not None
        for cover in covers
    )


def _order(each: EndingWarranty) -> tuple[date, str]:
    return each.warranty_end, each.asset_id


def _group(
    key: tuple[str, str, str], found: Sequence[EndingWarranty], *, owners: dict[str, str], now: datetime
) -> WarrantyExpiry:
    customer_id, product_id, month = key
    group_id = expiry_id(customer_id, product_id, month=month)
    group = WarrantyExpiry(
        id=group_id,
        customer_id=customer_id,
        owner_id=owners.get(customer_id, ""),
        product_id=product_id,
        month=month,
        warranty_end=found[0].warranty_end,
        asset_ids=tuple(each.asset_id for each in found[:MOST_ASSETS]),
        opportunity_id=derived_id("opp", group_id),
        create_time=now,
        update_time=now,
    )
    said = WarrantyExpiring(
        warranty_expiry_id=group.id,
        customer_id=customer_id,
        owner_id=group.owner_id,
        product_id=product_id,
        asset_ids=group.asset_ids,
        warranty_end=group.warranty_end,
        opportunity_id=group.opportunity_id,
        occurred_time=now,
    )
    return replace(group, events=(said,))
