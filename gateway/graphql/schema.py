"""The schema: built once, its types bound to their messages, and printed for `schema.graphql`."""

import copy
import re
from functools import cache
from typing import Any

import strawberry
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_non_null_type,
    lexicographic_sort_schema,
)
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig

from gateway.graphql.care.schema import CareMutation, CareQuery
from gateway.graphql.contracts.schema import ContractsMutation, ContractsQuery
from gateway.graphql.errors import ERROR_TYPES
from gateway.graphql.executor import LEAVES, Leaf, leaf_of
from gateway.graphql.feedback.mutations import FeedbackMutation
from gateway.graphql.feedback.queries import FeedbackQuery
from gateway.graphql.joins import JOIN, Planner
from gateway.graphql.kpi.mutations import KpiMutation
from gateway.graphql.kpi.queries import KpiQuery
from gateway.graphql.roots import MUTATES, ROLES, guarded, outcome
from gateway.graphql.scalars import SCALARS
from gateway.graphql.sources import READ, message_of, reader, type_name
from gateway.graphql.viewer import ViewerQuery
from services.chassis.rpc_errors import Refusal

_SPLIT_LIST = re.compile(r"\[\n(?: *\"\w+\"\n)+\]")
_DECLARED = "strawberry-definition"
_ERROR_NAMES = {kind: error.__name__ for kind, error in ERROR_TYPES.items()}


@strawberry.type(description="What can be read. A field is null where its service is away; the errors say so.")
class Query(ViewerQuery, ContractsQuery, CareQuery, FeedbackQuery, KpiQuery): ...


@strawberry.type(description="What can be changed. Expected refusals are members of each result's union.")
class Mutation(ContractsMutation, CareMutation, FeedbackMutation, KpiMutation): ...


@cache
def declared() -> strawberry.Schema:
    """Return the schema as declared."""
    return strawberry.Schema(
        Query, Mutation, config=StrawberryConfig(scalar_map=SCALARS), types=list(ERROR_TYPES.values())
    )


@cache
def schema() -> GraphQLSchema:
    """Return the schema that is executed: declared, then every field bound to what it reads."""
    core: GraphQLSchema = declared()._schema  # noqa: SLF001  # strawberry has no public way to the schema it made
    planner = Planner(core, name_of=name_of)
    for kind in core.type_map.values():
        if isinstance(kind, GraphQLObjectType):
            kind.extensions[LEAVES] = _bound(kind, planner)
        elif isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            kind.resolve_type = _resolve_type
    return core


def sdl() -> str:
    """Return the schema as text, in alphabetical order, with its directives."""
    printable = copy.copy(declared())
    printable._schema = lexicographic_sort_schema(schema())  # noqa: SLF001
    return _SPLIT_LIST.sub(_on_one_line, print_schema(printable)) + "\n"


def _on_one_line(names: re.Match[str]) -> str:
    return "[" + ", ".join(names[0].strip("[]").split()) + "]"


def name_of(source: Any) -> str:
    """Return the type of a source, a refusal included."""
    return _ERROR_NAMES[source.kind] if isinstance(source, Refusal) else type_name(source)


def _resolve_type(source: Any, *_: Any) -> str:
    return name_of(source)


def _bound(kind: GraphQLObjectType, planner: Planner) -> dict[str, Leaf]:
    if kind.name.startswith("__"):
        return {}  # the library answers what is asked about the schema
    kind.is_type_of = None  # what a message is, its class says
    for field in kind.fields.values():
        field.resolve = _resolver(kind, field, planner=planner)
    plain = {name: field for name, field in kind.fields.items() if ROLES not in field.extensions[_DECLARED].metadata}
    return {name: leaf for name, field in plain.items() if (leaf := leaf_of(field)) is not None}


def _resolver(kind: GraphQLObjectType, field: GraphQLField, *, planner: Planner) -> Any:
    declaration = field.extensions[_DECLARED]
    metadata, resolve = declaration.metadata, field.resolve
    if JOIN in metadata:
        return metadata[JOIN].resolve
    if READ in metadata:
        read = metadata[READ]
        return lambda source, _: read(source)
    if ROLES in metadata:
        assert resolve is not None  # noqa: S101  # a root field is declared by its resolver
        checked = guarded(resolve, metadata[ROLES], planner=planner)
        return outcome(checked) if metadata[MUTATES] else checked
    source = message_of(kind.name)
    name, nullable = declaration.python_name, not is_non_null_type(field.type)
    return _attribute(name) if source is None else reader(source, name, nullable=nullable)


def _attribute(name: str) -> Any:
    return lambda source, _: getattr(source, name)
