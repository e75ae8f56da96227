"""Define the company's own fields, and hold members against them."""

from dataclasses import dataclass, replace

from services.care.domain.members.attributes import AttributeDefinition, checked_attributes
from services.care.domain.members.details import MemberDetails
from services.care.ports.members import AttributeRegistry


@dataclass(frozen=True, slots=True)
class DefineAttribute:
    """Adds a field, or changes its labels."""

    registry: AttributeRegistry

    def __call__(self, definition: AttributeDefinition) -> AttributeDefinition:
        """Return the definition as stored; refuses INVALID_FIELD, ATTRIBUTE_TYPE_FIXED, TOO_MANY_ATTRIBUTES."""
        checked = definition.checked()
        self.registry.define(checked)
        return checked


def with_checked_attributes(details: MemberDetails, registry: AttributeRegistry) -> MemberDetails:
    """Return the details with values as they are stored, or refuse with INVALID_FIELD and the attribute's path."""
    if not details.attributes:
        return details
    known = {each.id: each for each in registry.all()}
    return replace(details, attributes=tuple(checked_attributes(details.attributes, known).items()))
