"""The interpreter of graphql-core with a short way for what most of an answer consists of: plain attributes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import (
    Executor,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLID,
    GraphQLObjectType,
    GraphQLString,
    get_nullable_type,
    is_leaf_type,
    is_non_null_type,
)
from typing_extensions import override

LEAVES = "leaves"
"""Key of an object type's extensions under which its leaves stand, by field name."""

_AS_THEY_ARE = (GraphQLString, GraphQLID, GraphQLBoolean)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field without arguments that is read from its source and written as JSON, with nothing to wait for."""

    read: Callable[..., Any]
    write: Callable[[Any], Any] | None
    """None: the value of the message is the value of the answer."""
    nullable: bool


def leaf_of(field: GraphQLField) -> Leaf | None:
    """Return the leaf that a bound plain field is, or None if its type has fields of its own, or arguments."""
    nullable = not is_non_null_type(field.type)
    kind: Any = field.type if nullable else get_nullable_type(field.type)
    if field.args or field.resolve is None or not is_leaf_type(kind):
        return None
    if kind in _AS_THEY_ARE:
        return Leaf(field.resolve, None, nullable)
    if isinstance(kind, GraphQLEnumType):
        names = {value.value: name for name, value in kind.values.items()}
        return Leaf(field.resolve, names.__getitem__, nullable)
    return Leaf(field.resolve, kind.coerce_output_value, nullable)


class QuickExecutor(Executor[Any]):
    """Reads leaves directly; whatever goes wrong is done again by the library, which knows how errors are told."""

    @override
    def execute_field(
        self, parent_type: GraphQLObjectType, source: Any, field_details_list: Any, path: Any, position_context: Any
    ) -> Any:
        """Return the value of one field of one source."""
        leaf: Leaf | None = parent_type.extensions[LEAVES].get(field_details_list[0].node.name.value)
        if leaf is not None:
            try:
                value = leaf.read(source, None)
                if value is not None:
                    return value if leaf.write is None else leaf.write(value)
                if leaf.nullable:
                    return None
            except Exception:  # noqa: BLE001, S110  # the library meets it again below and locates it
                pass
        return super().execute_field(parent_type, source, field_details_list, path, position_context)
