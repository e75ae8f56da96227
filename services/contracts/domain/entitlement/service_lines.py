"""Lines of a chargeable service: what is asked for, priced by the list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from services.chassis.errors import InvalidField
from services.chassis.ids import check_id
from services.contracts.domain.entitlement.coverage import MINUTES_PER_HOUR
from services.contracts.domain.entitlement.entitlement_errors import PriceNotListed
from services.contracts.domain.entitlement.service_rates import ServiceRates, rounded_up
from services.contracts.domain.terms.money import Money, scaled

MOST_ITEMS, MOST_QUANTITY = 100, 1_000_000


class LineKind(StrEnum):
    """What a line is for."""

    PART = "part"
    LABOUR = "labour"
    TRAVEL = "travel"
    FEE = "fee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """How much of what; not yet priced."""

    kind: LineKind
    product_id: str = ""
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """An item with its price."""

    kind: LineKind
    product_id: str = ""
    description: str
    quantity: int
    charged_quantity: int
    unit_price: Money
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPart:
    """A product and its price on the list of a day."""

    product_id: str
    name: str
    price: Money


PartOf = Callable[[str], ListedPart | None]

_NAMES = {LineKind.LABOUR: "Labour 人工", LineKind.TRAVEL: "Travel 上门", LineKind.FEE: "Service fee 服务费"}


def checked_items(items: Sequence[Item], field: str) -> tuple[Item, ...]:
    """Return the items, or refuse with INVALID_FIELD or INVALID_ID and the field's name."""
    if not 1 <= len(items) <= MOST_ITEMS:
        raise InvalidField(field, f"{field} holds {len(items)} items; 1 to {MOST_ITEMS} are needed.")
    for place, item in enumerate(items):
        at = f"{field}[{place}]"
        if not 1 <= item.quantity <= MOST_QUANTITY:
            raise InvalidField(f"{at}.quantity", f"{at}.quantity must be 1 to {MOST_QUANTITY}.")
        if item.kind is LineKind.PART:
            check_id(item.product_id, "prd", field=f"{at}.product_id")
        elif item.product_id:
            raise InvalidField(f"{at}.product_id", f"{at}.product_id is for parts only.")
    return tuple(items)


def priced(
    items: Sequence[Item], *, rates: ServiceRates, part: PartOf, minutes: int, field: str
) -> tuple[PricedLine, ...]:
    """Return the items with list prices, or refuse with PRICE_NOT_LISTED what has none or another currency.

    Begun units of so many `minutes` of labour are charged as whole ones.
    """
    lines = tuple(
        _part_line(item, part, field=f"{field}[{place}]")
        if item.kind is LineKind.PART
        else _rate_line(item, rates, minutes=minutes, field=f"{field}[{place}]")
        for place, item in enumerate(items)
    )
    first = lines[0].amount.currency_code
    for place, line in enumerate(lines):
        if line.amount.currency_code != first:
            raise PriceNotListed(f"{field}[{place}]", what=f"{line.description} in {first}")
    return lines


def _part_line(item: Item, part: PartOf, *, field: str) -> PricedLine:
    listed = part(item.product_id)
    if listed is None:
        raise PriceNotListed(field, what=item.product_id)
    return PricedLine(
        kind=item.kind,
        product_id=item.product_id,
        description=listed.name,
        quantity=item.quantity,
        charged_quantity=item.quantity,
        unit_price=listed.price,
        amount=listed.price * item.quantity,
    )


def _rate_line(item: Item, rates: ServiceRates, *, minutes: int, field: str) -> PricedLine:
    rate = {LineKind.LABOUR: rates.hour, LineKind.TRAVEL: rates.visit, LineKind.FEE: rates.case}[item.kind]
    if rate is None:
        raise PriceNotListed(field, what=f"{item.kind.value} of this service")
    labour = item.kind is LineKind.LABOUR
    charged = rounded_up(item.quantity, minutes) if labour else item.quantity
    return PricedLine(
        kind=item.kind,
        description=_NAMES[item.kind],
        quantity=item.quantity,
        charged_quantity=charged,
        unit_price=rate,
        amount=scaled(rate, Fraction(charged, MINUTES_PER_HOUR if labour else 1)),
    )
