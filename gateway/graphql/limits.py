"""Limits on the shape of a query, checked before the slow rules run: length, depth, width."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a query may ask at most."""

    characters: int = 50_000
    tokens: int = 3_000
    depth: int = 12
    aliases: int = 30
    fields: int = 500
    roots: int = 20
    cost: int = 20_000
    """Things that an answer may hold; lists multiply."""


class LimitExceeded(GraphQLError):
    """The query asks too much; its code says in which way."""

    def __init__(self, code: str, message: str, **more: str) -> None:
        super().__init__(message, extensions={"code": code, **more})


def check_length(text: str, limits: Limits) -> None:
    """Refuse a text that is too long to be parsed."""
    if len(text) > limits.characters:
        raise LimitExceeded(
            "QUERY_TOO_LONG",
            f"The query has {len(text)} characters; at most {limits.characters} are allowed. Send data as variables.",
        )


@dataclass(slots=True)
class _Shape:
    depth: int = 0
    fields: int = 0
    aliases: int = 0


class _Measure:
    """Measures selections; each fragment once, so that fragments spread within fragments stay cheap."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, _Shape] = {}

    def shape(self, selections: SelectionSetNode | None) -> _Shape:
        total = _Shape()
        for below, step, fields, aliases in self._parts(selections):
            total.depth = max(total.depth, below.depth + step)
            total.fields += below.fields + fields
            total.aliases += below.aliases + aliases
        return total

    def _parts(self, selections: SelectionSetNode | None) -> Iterator[tuple[_Shape, int, int, int]]:
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                below = self.shape(node.selection_set)
                if node.name.value in {"__schema", "__type"}:
                    below.depth = 0  # tools ask deep questions about the schema; the library bounds those itself
                yield below, 1, 1, 1 if node.alias else 0
            elif isinstance(node, InlineFragmentNode):
                yield self.shape(node.selection_set), 0, 1, 0
            elif isinstance(node, FragmentSpreadNode):
                yield self._fragment(node.name.value), 0, 1, 0  # counted, or spreads of spreads would cost nothing

    def _fragment(self, name: str) -> _Shape:
        known = self._known.get(name)
        if known is None:
            self._known[name] = _Shape()  # a fragment that spreads itself counts once; validation refuses it later
            definition = self._fragments.get(name)
            known = self._known[name] = self.shape(definition.selection_set if definition else None)
        return known


def check_shape(document: DocumentNode, limits: Limits) -> None:
    """Refuse a document with an operation that is too deep or too wide."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    measure = _Measure(fragments)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            shape = measure.shape(definition.selection_set)
            roots = len(definition.selection_set.selections)
            _most("QUERY_TOO_WIDE", "root fields", found=roots, most=limits.roots)
            _most("QUERY_TOO_DEEP", "levels", found=shape.depth, most=limits.depth)
        elif isinstance(definition, FragmentDefinitionNode):
            shape = measure.shape(definition.selection_set)  # its depth counts where it is spread
        else:
            continue
        _most("QUERY_TOO_WIDE", "aliases", found=shape.aliases, most=limits.aliases)
        _most("QUERY_TOO_WIDE", "fields", found=shape.fields, most=limits.fields)


def _most(code: str, what: str, *, found: int, most: int) -> None:
    if found > most:
        raise LimitExceeded(code, f"The query has {found} {what}; at most {most} are allowed.")
