"""A price list: versions in one currency, no two of which hold the same day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.chassis.checks import civil_date, line
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id
from services.contracts.domain.catalog.catalog_errors import PriceListVersionOverlaps
from services.contracts.domain.terms.currencies import CURRENCIES

STANDARD = "standard"
"""The list that is asked where none is named."""
MOST_CODE, MOST_NAME, MOST_VERSIONS = 60, 200, 1_000
MOST_MINOR_UNITS = 10**15
"""A unit price above this is a typing error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceListVersion:
    """The prices of some days; `key` tells under what the prices themselves stand."""

    number: int
    key: str
    start_date: date
    end_date: date | None
    """Last day, included. None: until further notice."""
    entry_count: int
    digest: str
    """Of the prices: two versions of the same prices have the same."""
    author: str
    publish_time: datetime

    def holds(self, day: date) -> bool:
        """Say whether the prices hold on the day."""
        return self.start_date <= day and (self.end_date is None or day <= self.end_date)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEntry:
    """What one unit of a product costs in a version, in the smallest unit of the list's currency."""

    id: str
    product_id: str
    minor_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """A price list as stored, without the prices."""

    id: str
    version: int = 1
    code: str
    name: str
    currency_code: str
    versions: tuple[PriceListVersion, ...] = ()
    """By first day."""
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def add(cls, list_id: str, *, code: str, name: str, currency_code: str, now: datetime) -> "PriceList":
        """Return the new list without any version, or refuse with INVALID_FIELD and the field's name."""
        if currency_code not in CURRENCIES:
            raise InvalidField("currency_code", "currency_code must be an ISO 4217 code in use, such as CNY.")
        return cls(
            id=list_id,
            code=line(code, "code", most=MOST_CODE, least=1),
            name=line(name, "name", most=MOST_NAME, least=1),
            currency_code=currency_code,
            create_time=now,
            update_time=now,
        )

    def version_at(self, day: date) -> PriceListVersion | None:
        """Return the version that holds on the day, or None."""
        return next((version for version in self.versions if version.holds(day)), None)

    def publish(self, new: PriceListVersion, *, now: datetime) -> "PriceList":
        """Return the list with one more version; its number is the next, whatever it says.

        An open version that began earlier ends the day before. Publishing what is published, the same prices for the
        same days, changes nothing. Refuses with PRICE_LIST_VERSION_OVERLAPS days that another version holds.
        """
        if any(_same(old, new) for old in self.versions):
            return self
        if len(self.versions) >= MOST_VERSIONS:
            raise InvalidField("start_date", f"A price list has at most {MOST_VERSIONS} versions.")
        eve = new.start_date - timedelta(days=1)
        kept = [
            replace(old, end_date=eve) if old.end_date is None and old.start_date < new.start_date else old
            for old in self.versions
        ]
        for old in kept:
            if _meet(old, new):
                raise PriceListVersionOverlaps(old.number, start=old.start_date, end=old.end_date)
        numbered = replace(new, number=max((old.number for old in kept), default=0) + 1)
        versions = tuple(sorted((*kept, numbered), key=lambda version: version.start_date))
        return replace(self, versions=versions, update_time=now)


def checked_days(start: str, end: str) -> tuple[date, date | None]:
    """Return first and last day of a version, or refuse with INVALID_FIELD one that ends before it starts."""
    first, last = civil_date(start, "start_date"), civil_date(end, "end_date") if end else None
    if last and last < first:
        raise InvalidField("end_date", f"end_date {last} is before start_date {first}.")
    return first, last


def checked_entries(entries: Iterable[tuple[str, int]], *, most: int) -> Mapping[str, int]:
    """Return prices by product, or refuse with INVALID_FIELD or INVALID_ID none, too many, doubles and wrong ones."""
    prices: dict[str, int] = {}
    for product_id, minor_units in entries:
        check_id(product_id, "prd", field="entries.product_id")
        if product_id in prices:
            raise InvalidField("entries.product_id", f"entries name {product_id} twice.")
        prices[product_id] = checked_units(minor_units, "entries.minor_units")
    if not 1 <= len(prices) <= most:
        raise InvalidField("entries", f"entries holds {len(prices)} prices; 1 to {most} are needed.")
    return prices


def checked_units(minor_units: int, field: str) -> int:
    """Return a unit price, or refuse a negative or an absurd one."""
    if not 0 <= minor_units <= MOST_MINOR_UNITS:
        raise InvalidField(field, f"{field} must be 0 to {MOST_MINOR_UNITS}.")
    return minor_units


def _same(old: PriceListVersion, new: PriceListVersion) -> bool:
    """An open version that a later one has ended is still the one that was published."""
    return (old.start_date, old.digest) == (new.start_date, new.digest) and (
        new.end_date is None or old.end_date == new.end_date
    )


def _meet(one: PriceListVersion, other: PriceListVersion) -> bool:
    later, earlier = max(one.start_date, other.start_date), min(one.end_date or date.max, other.end_date or date.max)
    return later <= earlier
