"""A customer signs and pays; the people behind it are members of the care service."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.chassis.checks import line
from services.chassis.errors import InvalidField
from services.chassis.ids import optional_id
from services.contracts.domain.events import CustomerRegistered

MOST_NAME, MOST_REF, MOST_TAX_ID, MOST_TAG = 200, 100, 50, 40
MOST_TAGS = 20


class CustomerKind(StrEnum):
    """What a customer is."""

    ORGANISATION = "organisation"
    HOUSEHOLD = "household"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDetails:
    """What people say about a customer, not yet checked."""

    kind: CustomerKind | None
    name: str
    external_ref: str = ""
    tax_id: str = ""
    owner_id: str = ""
    tags: tuple[str, ...] = ()


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
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def register(cls, customer_id: str, details: CustomerDetails, *, now: datetime) -> "Customer":
        """Return the new customer, or refuse with INVALID_FIELD or INVALID_ID and the field's name."""
        if details.kind is None:
            raise InvalidField("kind", "kind is missing.")
        name = line(details.name, "name", most=MOST_NAME, least=1)
        owner_id = optional_id(details.owner_id, "emp", field="owner_id")
        return cls(
            id=customer_id,
            kind=details.kind,
            name=name,
            name_key=search_key(name),
            external_ref=line(details.external_ref, "external_ref", most=MOST_REF),
            tax_id=line(details.tax_id, "tax_id", most=MOST_TAX_ID),
            owner_id=owner_id,
            tags=_tags(details.tags),
            create_time=now,
            update_time=now,
            events=(CustomerRegistered(customer_id=customer_id, owner_id=owner_id, occurred_time=now),),
        )


def search_key(name: str) -> str:
    """Return the form in which names are compared: letter case and full-width forms make no difference."""
    # Unicode's compatibility caseless match (definition D146): done once, it is not yet stable.
    folded = unicodedata.normalize("NFD", name).casefold()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folded).casefold())


def _tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    clean = tuple(dict.fromkeys(line(tag, "tags", most=MOST_TAG, least=1) for tag in tags))
    if len(clean) > MOST_TAGS:
        raise InvalidField("tags", f"tags holds {len(clean)} labels; at most {MOST_TAGS} are allowed.")
    return clean
