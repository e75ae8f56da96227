"""Liquid that others write: few tags, the filters that are named, compiled once, bounded in work and length."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, TextIO, cast

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError, LiquidInterrupt, LiquidSyntaxError, OutputStreamLimitError

_TAGS = frozenset(
    {"#", "assign", "break", "case", "comment", "content", "continue", "for", "if", "illegal", "output", "unless"}
)
_COMPILED_AT_ONCE = 512


class LiquidFailed(Exception):
    """A template is no Liquid, or failed for the values it was given; the first line of what the engine says."""


class _Text:
    """What a template writes; the engine's own limited stream encodes every piece of it to count its bytes."""

    __slots__ = ("_add", "_left", "_parts")

    def __init__(self, longest: int) -> None:
        self._parts: list[str] = []
        self._add, self._left = self._parts.append, longest

    def write(self, piece: str) -> int:
        size = len(piece)
        self._left -= size
        if self._left < 0:
            raise OutputStreamLimitError("output stream limit reached", token=None)
        self._add(piece)
        return size

    def whole(self) -> str:
        return "".join(self._parts)


class _Template(BoundTemplate):
    """Does without the layers of names that the engine keeps for templates that include others: here none can."""

    def filled(self, values: Mapping[str, Any]) -> str:
        """Return the text; raises LiquidError."""
        context, text = self.context_class(self, globals=values), _Text(self.env.output_stream_limit or 0)
        stream = cast("TextIO", text)
        for node in self.nodes:
            try:
                node.render(context, stream)
            except LiquidInterrupt as stray:  # a break outside of any loop
                raise LiquidSyntaxError(f"unexpected '{stray}'", token=node.token) from None
        return text.whole()


class _Bounded(Environment):
    """An author's template must end soon and stay short, whatever it loops over."""

    template_class = _Template
    loop_iteration_limit = 1_000
    context_depth_limit = 10
    block_nesting_limit = 20


class BoundedLiquid:
    """Compiles and fills templates. A name that is not among the values is a mistake, not an empty text."""

    def __init__(self, filters: Collection[str], *, longest: int) -> None:
        """Take the filters by name, and how long a text may become, in characters.

        What multiplies a text with every use is no filter for others: `replace`, `join`, `times` and a `date` of any
        width could fill the memory before a limit is looked at.
        """

        class Bounded(_Bounded):
            output_stream_limit = longest
            local_namespace_limit = longest

        environment = Bounded(undefined=StrictUndefined, strict_filters=True)
        for name in set(environment.tags) - _TAGS:
            del environment.tags[name]
        for name in set(environment.filters) - set(filters):
            del environment.filters[name]
        self._longest = longest
        self._compiled = lru_cache(maxsize=_COMPILED_AT_ONCE)(environment.from_string)

    def paths(self, source: str) -> frozenset[str]:
        """Return the variables that a template names, as `member.name`; raises LiquidFailed for what is no Liquid."""
        try:
            return frozenset(self._compiled(source).global_variable_paths())
        except (LiquidError, RecursionError) as error:
            raise LiquidFailed(_told(error)) from error

    def filled(self, source: str, values: Mapping[str, Any]) -> str:
        """Return the text with the values in it; raises LiquidFailed, also for a name that is not among them."""
        if "{" not in source and len(source) <= self._longest:
            return source
        try:
            return cast("_Template", self._compiled(source)).filled(values)
        except (LiquidError, RecursionError) as error:
            raise LiquidFailed(_told(error)) from error


def _told(error: Exception) -> str:
    """Return the first line of what the engine says: the rest shows the template."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__
