"""The cost of a query before it is run: how many things its answer may hold, since lists multiply."""

from typing import Any

from graphql import (
    Executor,
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    SelectionSetNode,
    get_argument_values,
    get_named_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

from gateway.graphql.connections import MOST_FIRST, MOST_NESTED
from gateway.graphql.joins import join_of
from gateway.graphql.limits import LimitExceeded

PLAIN_LIST = 10
"""How many things a list without `first` is taken to hold."""


class OutOfRange(LimitExceeded):
    """`first`, or the number of ids, is not what a page may hold."""

    def __init__(self, field: str, argument: str, *, most: int) -> None:
        super().__init__("BAD_USER_INPUT", f"{field}.{argument} must be 1 to {most}.", field=f"{field}.{argument}")


def check_cost(executor: Executor[Any], budget: int) -> int:
    """Return the cost of the operation, or refuse it: over the budget, or a page size out of range."""
    root = executor.schema.get_root_type(executor.operation.operation)
    cost = _Cost(executor).of(root, executor.operation.selection_set, times=1) if root else 0
    if cost > budget:
        raise LimitExceeded(
            "QUERY_TOO_COSTLY",
            f"The answer may hold {cost} things; at most {budget} are allowed. Ask for fewer, or page by page.",
        )
    return cost


class _Cost:
    def __init__(self, executor: Executor[Any]) -> None:
        self._executor = executor
        self._known: dict[tuple[str, str], int] = {}

    def of(self, kind: GraphQLNamedType, selections: SelectionSetNode | None, *, times: int) -> int:
        """Return the cost of the selections on one thing of this type; `times` tells how many such things there are."""
        total = 0
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                total += self._field(kind, node, times=times)
                continue
            part: Any = (
                self._executor.fragment_definitions[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            )
            inner = self._executor.schema.type_map[part.type_condition.name.value] if part.type_condition else kind
            total += self.of(inner, part.selection_set, times=times)
        return total

    def _field(self, kind: Any, node: FieldNode, *, times: int) -> int:
        name = node.name.value
        field = self._executor.schema.get_field(kind, name)
        if field is None or name.startswith("__") or not is_composite_type(named := get_named_type(field.type)):
            return 0
        join = join_of(field)
        if join is not None and join.loader.most_keys == 1 and times > 1:
            raise LimitExceeded(
                "QUERY_TOO_COSTLY", f"{kind.name}.{name} can be asked of a single {kind.name} only, not below a list."
            )
        many = self._size(kind, node, field=field, nested=join is not None)
        return many * (1 + self.of(named, node.selection_set, times=times * many))

    def _size(self, kind: Any, node: FieldNode, *, field: GraphQLField, nested: bool) -> int:
        path = f"{kind.name}.{node.name.value}" if nested else node.name.value
        plain = is_list_type(field.type.of_type if is_non_null_type(field.type) else field.type)
        if not field.args:
            return 1 if kind.name.endswith("Connection") or not plain else PLAIN_LIST
        values = get_argument_values(field, node, self._executor.variable_values)
        if values.get("first") is not None:
            most = MOST_NESTED if plain else MOST_FIRST
            return _in_range(values["first"], path, argument="first", most=most)
        if isinstance(values.get("ids"), list):
            return _in_range(len(values["ids"]), path, argument="ids", most=MOST_FIRST)
        return PLAIN_LIST if plain else 1


def _in_range(value: int, field: str, *, argument: str, most: int) -> int:
    if not 1 <= value <= most:
        raise OutOfRange(field, argument, most=most)
    return value
