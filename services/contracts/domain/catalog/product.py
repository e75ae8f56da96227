"""A product: what the company sells, delivers and serves."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.chassis.checks import line
from services.chassis.errors import InvalidField
from services.contracts.domain.customers.customer import search_key
from services.contracts.domain.terms.masks import checked_mask

MOST_CODE, MOST_NAME, MOST_UNIT, MOST_SERVICE_TYPES = 60, 200, 20, 20
_SERVICE_TYPE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDetails:
    """What people say about a product, not yet checked."""

    code: str = ""
    name_en: str = ""
    name_zh: str = ""
    unit: str = ""
    service_types: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product as stored."""

    id: str
    version: int = 1
    code: str
    name_en: str
    name_zh: str
    name_keys: tuple[str, ...]
    """The names as they are searched for."""
    unit: str
    service_types: tuple[str, ...]
    active: bool
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def add(cls, product_id: str, details: ProductDetails, *, now: datetime) -> "Product":
        """Return the new product, or refuse with INVALID_FIELD and the field's name."""
        return cls.of(product_id, check_details(details, FIELDS), now=now)

    @classmethod
    def of(cls, product_id: str, checked: Mapping[str, Any], *, now: datetime) -> "Product":
        """Return the new product made of values that `check_details` returned for all fields."""
        return _named(cls(id=product_id, name_keys=(), create_time=now, update_time=now, **checked))

    def change(self, details: ProductDetails, fields: Collection[str], *, now: datetime) -> "Product":
        """Return the product with the fields named taken over, or itself if nothing differs."""
        return self.take_over(check_details(details, fields), now=now)

    def take_over(self, checked: Mapping[str, Any], *, now: datetime) -> "Product":
        """Return the product with values that `check_details` returned, or itself if nothing differs."""
        if all(getattr(self, name) == value for name, value in checked.items()):
            return self
        return _named(replace(self, **checked, update_time=now))


def check_details(details: ProductDetails, fields: Collection[str]) -> dict[str, Any]:
    """Return the fields of a `Product` that the named fields lead to, or refuse with the first that is wrong."""
    return {field: check(details) for field, check in _CHECKS.items() if field in fields}


def mask_fields(paths: Collection[str]) -> frozenset[str]:
    """Return the fields that an update mask names, or refuse an empty mask and paths that cannot be changed."""
    return checked_mask(paths, FIELDS)


def service_type(value: str, field: str) -> str:
    """Return the name of a service, or refuse what is none with INVALID_FIELD."""
    if not _SERVICE_TYPE.fullmatch(value):
        raise InvalidField(
            field, f"{field} must be lower case letters, digits and _, such as annual_check; at most 40 characters."
        )
    return value


def _named(product: Product) -> Product:
    names = [name for name in (product.name_en, product.name_zh) if name]
    if not names:
        raise InvalidField("name_en", "name_en and name_zh are missing: one of them is needed.")
    return replace(product, name_keys=tuple(dict.fromkeys(map(search_key, names))))


def _service_types(details: ProductDetails) -> tuple[str, ...]:
    clean = tuple(dict.fromkeys(service_type(each.strip(), "service_types") for each in details.service_types))
    if len(clean) > MOST_SERVICE_TYPES:
        raise InvalidField(
            "service_types", f"service_types holds {len(clean)}; at most {MOST_SERVICE_TYPES} are allowed."
        )
    return clean


_CHECKS: dict[str, Callable[[ProductDetails], Any]] = {
    "code": lambda details: line(details.code, "code", most=MOST_CODE, least=1),
    "name_en": lambda details: line(details.name_en, "name_en", most=MOST_NAME),
    "name_zh": lambda details: line(details.name_zh, "name_zh", most=MOST_NAME),
    "unit": lambda details: line(details.unit, "unit", most=MOST_UNIT),
    "service_types": _service_types,
    "active": lambda details: details.active,
}
FIELDS = tuple(_CHECKS)
"""What people may say about a product."""
