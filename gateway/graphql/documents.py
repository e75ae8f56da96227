"""Queries as text into checked documents; the same text is parsed and validated once."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, validate

from gateway.graphql.errors import own_mistake
from gateway.graphql.limits import LimitExceeded, Limits, check_length, check_shape

_MOST_ERRORS = 20
_LONGEST_KEPT = 20_000
_INTROSPECTION = re.compile(r"__(schema|type)\b")


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it was understood: a document that may be executed, or what is wrong with it."""

    node: DocumentNode | None
    errors: tuple[dict[str, Any], ...] = ()
    introspects: bool = False


class Documents:
    """Keeps the documents used last."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, *, hints: bool = True, most: int = 512) -> None:
        """Take the schema to validate against, whether mistakes come with hints at its names, and how many to keep."""
        self._schema, self._limits, self._hints, self._most = schema, limits, hints, most
        self._kept: OrderedDict[str, Document] = OrderedDict()

    def understand(self, text: str) -> Document:
        """Return the document of a text, from memory where possible."""
        known = self._kept.get(text)
        if known is not None:
            self._kept.move_to_end(text)
            return known
        document = self._check(text)
        if len(text) <= _LONGEST_KEPT:
            self._kept[text] = document
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return document

    def _check(self, text: str) -> Document:
        try:
            check_length(text, self._limits)
            node = parse(text, max_lexical_tokens=self._limits.tokens)
            check_shape(node, self._limits)
        except LimitExceeded as error:
            return Document(None, (own_mistake(error, ""),))
        except GraphQLError as error:
            return Document(None, (own_mistake(error, _parse_code(error.message)),))
        errors = validate(self._schema, node, max_errors=_MOST_ERRORS, hide_suggestions=not self._hints)
        if errors:
            return Document(None, tuple(own_mistake(error, "GRAPHQL_VALIDATION_FAILED") for error in errors))
        return Document(node, introspects=bool(_INTROSPECTION.search(text)))


def _parse_code(message: str) -> str:
    if "tokens. Parsing aborted" in message:
        return "QUERY_TOO_LONG"
    return "QUERY_TOO_DEEP" if "nested too deeply" in message else "GRAPHQL_PARSE_FAILED"
