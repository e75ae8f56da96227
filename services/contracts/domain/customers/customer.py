"""A customer signs and pays; the people behind it are members of the care service."""

import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.chassis.checks import line, text, zone
from services.chassis.errors import InvalidField
from services.chassis.ids import optional_id
from services.contracts.domain.customers.customers_errors import CustomerIsMerged, CustomerMergeRefused
from services.contracts.domain.customers.customers_events import CustomerMerged, CustomerRegistered
from services.contracts.domain.terms.masks import checked_mask

MOST_NAME, MOST_REF, MOST_TAX_ID, MOST_TAG, MOST_STAGE_REASON = 200, 100, 50, 40, 500
MOST_TAGS = 20
MOST_STAGE_CHANGES = 100
"""A customer remembers so many moves; the oldest is forgotten first."""


class CustomerKind(StrEnum):
    """What a customer is."""

    ORGANISATION = "organisation"
    HOUSEHOLD = "household"
    PERSON = "person"


class CustomerStage(StrEnum):
    """Where the relation with a customer stands; people move it."""

    PROSPECT = "prospect"
    ESTABLISHING = "establishing"
    DEVELOPING = "developing"
    STABLE = "stable"
    AT_RISK = "at_risk"
    LOST = "lost"


class CustomerTier(StrEnum):
    """How much a customer is worth; it is computed."""

    HIGH_VALUE = "high_value"
    GROWING = "growing"
    STABLE = "stable"
    POTENTIAL = "potential"
    AT_RISK = "at_risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageChange:
    """One move from stage to stage: where to, why, by whom (the subject of the sign-in) and when."""

    stage: CustomerStage
    reason: str
    author: str
    change_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDetails:
    """What people say about a customer, not yet checked."""

    kind: CustomerKind | None = None
    name: str = ""
    external_ref: str = ""
    tax_id: str = ""
    owner_id: str = ""
    tags: tuple[str, ...] = ()
    time_zone: str = ""
    stage: CustomerStage | None = None
    """Of a new customer; later it is moved by a verb. None: prospect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer as stored."""

    id: str
    version: int = 1
    kind: CustomerKind
    name: str
    name_key: str
    """The name as it is searched for: see `search_key`."""
    external_ref: str
    tax_id: str
    owner_id: str
    tags: tuple[str, ...]
    time_zone: str = ""
    """IANA name. Empty: the company's."""
    stage: CustomerStage = CustomerStage.PROSPECT
    stage_changes: tuple[StageChange, ...] = ()
    tier: CustomerTier | None = None
    """As last computed; nobody types it."""
    merged_into_id: str = ""
    """The survivor, where this is a doublet: always one that is no doublet itself."""
    merged_ids: tuple[str, ...] = ()
    """Every doublet whose survivor this is."""
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def register(cls, customer_id: str, details: CustomerDetails, *, now: datetime) -> "Customer":
        """Return the new customer, or refuse with INVALID_FIELD or INVALID_ID and the field's name."""
        stage = details.stage or CustomerStage.PROSPECT
        return cls.of(customer_id, {**check_details(details, FIELDS), "stage": stage}, now=now)

    @classmethod
    def of(cls, customer_id: str, checked: Mapping[str, Any], *, now: datetime) -> "Customer":
        """Return the new customer made of values that `check_details` returned for all fields."""
        said = CustomerRegistered(customer_id=customer_id, owner_id=checked["owner_id"], occurred_time=now)
        return cls(id=customer_id, create_time=now, update_time=now, events=(said,), **checked)

    def change(self, details: CustomerDetails, fields: Collection[str], *, now: datetime) -> "Customer":
        """Return the customer with the fields named taken over, or itself if nothing differs."""
        return self.take_over(check_details(details, fields), now=now)

    def take_over(self, checked: Mapping[str, Any], *, now: datetime) -> "Customer":
        """Return the customer with values that `check_details` returned, or itself if nothing differs.

        Refuses a doublet with CUSTOMER_MERGED.
        """
        self.refuse_doublet()
        if all(getattr(self, name) == value for name, value in checked.items()):
            return self
        return replace(self, **checked, update_time=now, events=())

    def move_to(self, stage: CustomerStage, reason: str, *, author: str, now: datetime) -> "Customer":
        """Return the customer in another stage, or itself if it stands there already.

        Refuses a missing or over-long reason with INVALID_FIELD, a doublet with CUSTOMER_MERGED.
        """
        why = text(reason, "reason", most=MOST_STAGE_REASON, least=1)
        self.refuse_doublet()
        if stage is self.stage:
            return self
        made = StageChange(stage=stage, reason=why, author=author, change_time=now)
        kept = (*self.stage_changes, made)[-MOST_STAGE_CHANGES:]
        return replace(self, stage=stage, stage_changes=kept, update_time=now, events=())

    def merge_into(self, survivor: "Customer", *, now: datetime) -> "tuple[Customer, Customer]":
        """Return the doublet and the survivor after the merge, or the two as they are if that was done before.

        Refuses with CUSTOMER_MERGE_REFUSED a customer with itself, and any that was merged into a third.
        """
        pair = {"customer_id": self.id, "into_id": survivor.id}
        if self.id == survivor.id:
            raise CustomerMergeRefused("A customer cannot be merged into itself.", **pair)
        if self.merged_into_id == survivor.id:
            return self, survivor
        for one in (survivor, self):
            if one.merged_into_id:
                raise CustomerMergeRefused(f"{one.id} was merged into {one.merged_into_id} before.", **pair)
        said = CustomerMerged(customer_id=self.id, into_id=survivor.id, occurred_time=now)
        doublet = replace(self, merged_into_id=survivor.id, merged_ids=(), update_time=now, events=(said,))
        family = (*survivor.merged_ids, self.id, *self.merged_ids)
        return doublet, replace(survivor, merged_ids=family, update_time=now, events=())

    def refuse_doublet(self) -> None:
        """Refuse with CUSTOMER_MERGED what must not be done to a customer that is not used any more."""
        if self.merged_into_id:
            raise CustomerIsMerged(self.id, self.merged_into_id)


def search_key(name: str) -> str:
    """Return the form in which names are compared: letter case and full-width forms make no difference."""
    # Unicode's compatibility caseless match (definition D146): done once, it is not yet stable.
    folded = unicodedata.normalize("NFD", name).casefold()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folded).casefold())


def check_details(details: CustomerDetails, fields: Collection[str]) -> dict[str, Any]:
    """Return the fields of a `Customer` that the named fields lead to, or refuse with the first that is wrong."""
    checked = {field: check(details) for field, check in _CHECKS.items() if field in fields}
    if "name" in checked:
        checked["name_key"] = search_key(checked["name"])
    return checked


def mask_fields(paths: Collection[str]) -> frozenset[str]:
    """Return the fields that an update mask names, or refuse an empty mask and paths that cannot be changed."""
    return checked_mask(paths, FIELDS)


def _kind(details: CustomerDetails) -> CustomerKind:
    if details.kind is None:
        raise InvalidField("kind", "kind is missing.")
    return details.kind


def _tags(details: CustomerDetails) -> tuple[str, ...]:
    clean = tuple(dict.fromkeys(line(tag, "tags", most=MOST_TAG, least=1) for tag in details.tags))
    if len(clean) > MOST_TAGS:
        raise InvalidField("tags", f"tags holds {len(clean)} labels; at most {MOST_TAGS} are allowed.")
    return clean


def _time_zone(details: CustomerDetails) -> str:
    name = details.time_zone.strip()
    return zone(name, "time_zone") if name else ""


_CHECKS: dict[str, Callable[[CustomerDetails], Any]] = {
    "kind": _kind,
    "name": lambda details: line(details.name, "name", most=MOST_NAME, least=1),
    "external_ref": lambda details: line(details.external_ref, "external_ref", most=MOST_REF),
    "tax_id": lambda details: line(details.tax_id, "tax_id", most=MOST_TAX_ID),
    "owner_id": lambda details: optional_id(details.owner_id.strip(), "emp", field="owner_id"),
    "tags": _tags,
    "time_zone": _time_zone,
}
FIELDS = tuple(_CHECKS)
"""What people may say about a customer."""
