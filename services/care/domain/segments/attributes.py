"""Holds the own attributes that a tree asks for against the registry."""

from collections.abc import Iterable

from services.care.domain.members.attributes import AttributeDefinition, AttributeType
from services.care.domain.segments.checks import walk
from services.care.domain.segments.rules import (
    AttributeKnown,
    AttributeRule,
    DateAttribute,
    NumberAttribute,
    Rule,
    TextAttribute,
    YesNoAttribute,
)
from services.chassis.errors import InvalidField

_ASKED: dict[type, AttributeType] = {
    TextAttribute: AttributeType.TEXT,
    NumberAttribute: AttributeType.NUMBER,
    YesNoAttribute: AttributeType.FLAG,
    DateAttribute: AttributeType.DATE,
}


def check_attributes(rule: Rule, registry: Iterable[AttributeDefinition]) -> None:
    """Refuse with INVALID_FIELD an attribute that is not defined, or is of another type than the test."""
    types = {definition.id: definition.type for definition in registry}
    for node, path, _ in walk(rule, "rule", depth=1):
        if isinstance(node, AttributeRule):
            _check(node, types.get(node.name), field=f"{path}.attribute")


def _check(rule: AttributeRule, defined: AttributeType | None, *, field: str) -> None:
    if defined is None:
        raise InvalidField(f"{field}.name", f"{rule.name} is not defined. Define it first: defineAttribute.")
    if not isinstance(rule, AttributeKnown) and _ASKED[type(rule)] is not defined:
        raise InvalidField(field, f"{rule.name} is a {defined.value}, so it is never a {_ASKED[type(rule)].value}.")
