"""The company's own fields: defined once, with a type, then held by members."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite

from services.chassis import checks
from services.chassis.errors import DomainError, InvalidField, Kind

AttributeValue = str | float | bool
MOST_ATTRIBUTES, MOST_TEXT, MOST_LABEL = 200, 500, 100
_NAME = re.compile(r"[a-z][a-z0-9_]{0,49}", re.ASCII)


class AttributeType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"


class AttributeTypeFixed(DomainError):
    """Values of the first type may be on record."""

    kind, reason = Kind.PRECONDITION, "ATTRIBUTE_TYPE_FIXED"

    def __init__(self, name: str, kind: AttributeType) -> None:
        super().__init__(
            f"{name} is defined as {kind.value}. Define another attribute for another type.",
            field="attribute.type",
            name=name,
            type=kind.value,
        )


class TooManyAttributes(DomainError):
    """The registry is full."""

    kind, reason = Kind.PRECONDITION, "TOO_MANY_ATTRIBUTES"

    def __init__(self) -> None:
        super().__init__(f"At most {MOST_ATTRIBUTES} attributes can be defined.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeDefinition:
    """One field."""

    id: str
    """Its name."""
    type: AttributeType
    label_en: str
    label_zh: str

    def checked(self) -> "AttributeDefinition":
        """Return itself with clean labels, or refuse with INVALID_FIELD."""
        if not _NAME.fullmatch(self.id):
            raise InvalidField("attribute.name", "A name is 1 to 50 of a-z, 0-9 and _, beginning with a letter.")
        return replace(
            self,
            label_en=checks.line(self.label_en, "attribute.label_en", most=MOST_LABEL, least=1),
            label_zh=checks.line(self.label_zh, "attribute.label_zh", most=MOST_LABEL, least=1),
        )

    def value(self, told: AttributeValue | None, field: str) -> AttributeValue:
        """Return the value as it is stored, or refuse with INVALID_FIELD one of another type."""
        match self.type, told:
            case AttributeType.FLAG, bool():
                return told
            case AttributeType.NUMBER, float() | int() if not isinstance(told, bool) and isfinite(told):
                return float(told)
            case AttributeType.TEXT, str():
                return checks.line(told, field, most=MOST_TEXT, least=1)
            case AttributeType.DATE, str():
                return checks.civil_date(told, field).isoformat()
        raise InvalidField(field, f"{field} must be a {self.type.value}{_FORMS.get(self.type, '')}.")


_FORMS = {AttributeType.DATE: " written YYYY-MM-DD", AttributeType.FLAG: ": true or false"}


def checked_attributes(
    told: Iterable[tuple[str, AttributeValue | None]], registry: Mapping[str, AttributeDefinition]
) -> dict[str, AttributeValue]:
    """Return the values by name, or refuse with INVALID_FIELD and a path such as `attributes.shoe_size`."""
    values: dict[str, AttributeValue] = {}
    for name, value in told:
        field = f"attributes.{name}"
        if name not in registry:
            raise InvalidField(field, f"{name} is not defined. Define it first: defineAttribute.")
        if name in values:
            raise InvalidField(field, f"{name} is told twice.")
        values[name] = registry[name].value(value, field)
    return values
