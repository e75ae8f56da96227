"""Joins: fields that another RPC fills. Everything below a root field is fetched level by level before it is written.

The interpreter then finds every joined value in memory, so it never waits for a single member of a list.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionSetNode,
    get_argument_values,
    get_directive_values,
    get_named_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from gateway.graphql.context import Context
from gateway.graphql.loaders import Arguments, Gathering, Loader, gathering
from gateway.graphql.rights import RequiresRole
from services.chassis.errors import Forbidden

Resolving = GraphQLResolveInfo[Context]
JOIN = "join"
"""Key of a field's metadata under which its join stands."""


@dataclass(frozen=True, slots=True)
class Join:
    """One edge: the attribute of the source that holds the key, and the loader that is asked with it."""

    key: str
    loader: Loader

    def resolve(self, source: Any, info: Resolving, **arguments: Any) -> Any:
        """Return what was gathered for this source; the interpreter calls it."""
        context: Context = info.context
        context.admit(self.loader.roles)
        key = getattr(source, self.key)
        if not key:
            return self.loader.missing
        return gathering(context, self.loader, arguments=tuple(arguments.items())).found[key]

    async def gather(self, context: Context, sources: Sequence[Any], *, arguments: Arguments) -> list[Any]:
        """Fetch the values of all sources in one call and return those that exist."""
        keys = {key: None for source in sources if (key := getattr(source, self.key))}
        if not keys:
            return []
        batch: Gathering = gathering(context, self.loader, arguments=arguments)
        await batch.load(context, keys)
        return [value for key in keys if (value := batch.found[key]) is not None and not isinstance(value, Exception)]


def joined(loader: Loader, *, key: str, description: str, arguments: Sequence[StrawberryArgument] = ()) -> Any:
    """Declare a field that `loader` fills, asked with the attribute `key` of the source."""
    field: StrawberryField = strawberry.field(
        description=description,
        metadata={JOIN: Join(key, loader)},
        directives=[RequiresRole(roles=sorted(loader.roles))],
    )
    field.arguments = list(arguments)
    return field


def argument(name: str, kind: Any, *, description: str, default: Any = strawberry.UNSET) -> StrawberryArgument:
    """Declare an argument of a joined field."""
    return StrawberryArgument(
        python_name=name,
        graphql_name=None,
        type_annotation=StrawberryAnnotation(kind),
        description=description,
        default=default,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One field of a selection that is a join, or that leads to one."""

    node: FieldNode
    field: GraphQLField
    join: Join | None
    many: bool
    on: str
    """The object type that the field belongs to, where the source may be of several; else empty."""
    conditions: tuple[FieldNode | InlineFragmentNode | FragmentSpreadNode, ...]
    """The nodes on the way here that carry `@skip` or `@include`."""
    below: "tuple[Step, ...]"


Plan = tuple[Step, ...]


class Planner:
    """Finds the joins in a selection; a plan is made once for each cached document."""

    def __init__(self, schema: GraphQLSchema, *, name_of: Callable[[Any], str], most: int = 2000) -> None:
        """Take the schema and what tells the type of a source."""
        self._schema, self._name_of, self._most = schema, name_of, most
        self._plans: dict[tuple[int, ...], tuple[Sequence[FieldNode], Plan]] = {}

    async def prefetch(self, info: Resolving, result: Any) -> None:
        """Fetch every join below a root field whose value is `result`."""
        if result is None:
            return
        plan = self._plan(info)
        if plan:
            sources = result if isinstance(result, Sequence) else (result,)  # a repeated field is no list
            await self._run(plan, [each for each in sources if not isinstance(each, Exception | None)], info)

    def _plan(self, info: Resolving) -> Plan:
        nodes = info.field_nodes
        known = self._plans.get(key := tuple(map(id, nodes)))
        if known is not None:
            return known[1]
        named = get_named_type(info.return_type)
        plan = tuple(
            step
            for node in nodes
            for step in self._steps(named, node.selection_set, fragments=info.fragments, conditions=())
        )
        if len(self._plans) >= self._most:
            self._plans.clear()
        self._plans[key] = (nodes, plan)  # the nodes are kept, so that no other node gets their id
        return plan

    def _steps(
        self,
        parent: GraphQLNamedType,
        selections: SelectionSetNode | None,
        *,
        fragments: Mapping[str, FragmentDefinitionNode],
        conditions: tuple[Any, ...],
        on: str = "",
    ) -> Iterable[Step]:
        for node in selections.selections if selections else ():
            here = (*conditions, node) if node.directives else conditions
            if isinstance(node, FieldNode):
                step = self._step(parent, node, fragments=fragments, conditions=here, on=on)
                if step is not None:
                    yield step
                continue
            part: Any = fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            target = self._schema.type_map[part.type_condition.name.value] if part.type_condition else parent
            narrowed = target.name if target is not parent and isinstance(target, GraphQLObjectType) else on
            yield from self._steps(target, part.selection_set, fragments=fragments, conditions=here, on=narrowed)

    def _step(
        self, parent: Any, node: FieldNode, *, fragments: Mapping[str, FragmentDefinitionNode], conditions: Any, on: str
    ) -> Step | None:
        field = self._schema.get_field(parent, node.name.value)
        if field is None or not is_composite_type(kind := get_named_type(field.type)):
            return None
        below = tuple(self._steps(kind, node.selection_set, fragments=fragments, conditions=()))
        join = join_of(field)
        if join is None and not below:
            return None
        outer = field.type.of_type if is_non_null_type(field.type) else field.type
        return Step(node, field, join, is_list_type(outer), on, conditions, below)

    async def _run(self, plan: Plan, sources: Sequence[Any], info: Resolving) -> None:
        work = [self._take(step, sources, info) for step in plan if _wanted(step, info)]
        if len(work) == 1:
            await work[0]
        elif work:
            await asyncio.gather(*work)

    async def _take(self, step: Step, sources: Sequence[Any], info: Resolving) -> None:
        mine = [each for each in sources if self._name_of(each) == step.on] if step.on else sources
        if step.join is None:
            resolve = step.field.resolve
            values = [value for each in mine if (value := resolve(each, info)) is not None]  # type: ignore[misc]
        else:
            try:
                info.context.admit(step.join.loader.roles)
            except Forbidden:
                return  # the field itself says so
            arguments = get_argument_values(step.field, step.node, info.variable_values)
            values = await step.join.gather(info.context, mine, arguments=tuple(arguments.items()))
        if step.below:
            await self._run(step.below, [item for value in values for item in value] if step.many else values, info)


def join_of(field: GraphQLField) -> Join | None:
    """Return the join that stands behind a field of the schema."""
    declared = field.extensions.get("strawberry-definition")
    found: Join | None = declared.metadata.get(JOIN) if declared is not None else None
    return found


def _wanted(step: Step, info: Resolving) -> bool:
    for node in step.conditions:
        skip = get_directive_values(GraphQLSkipDirective, node, info.variable_values)
        include = get_directive_values(GraphQLIncludeDirective, node, info.variable_values)
        if (skip and skip["if"]) or (include and not include["if"]):
            return False
    return True
