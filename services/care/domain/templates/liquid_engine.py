"""The one Liquid engine of all words: few tags and filters, compiled once, bounded in work and length."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError

# What multiplies a text with every use is not among them: `replace`, `join`, `times` and a `date` of any width could
# fill the memory before a limit is looked at.
_TAGS = frozenset(
    {"#", "assign", "break", "case", "comment", "content", "continue", "for", "if", "illegal", "output", "unless"}
)
_FILTERS = frozenset(
    {
        *(
            "abs",
            "append",
            "capitalize",
            "ceil",
            "default",
            "divided_by",
            "downcase",
            "escape",
            "first",
            "floor",
            "last",
        ),
        *("minus", "modulo", "plus", "prepend", "round", "size", "slice", "strip", "strip_html", "truncate", "upcase"),
        "url_encode",
    }
)
_COMPILED_AT_ONCE = 512


class WordsFailed(Exception):
    """A template failed for one recipient."""


class _Bounded(Environment):
    """An author's template must end soon and stay short, whatever it loops over."""

    loop_iteration_limit = 1_000
    output_stream_limit = 100_000
    local_namespace_limit = 100_000
    context_depth_limit = 10
    block_nesting_limit = 20


def _environment() -> Environment:
    environment = _Bounded(undefined=StrictUndefined, strict_filters=True)
    for name in set(environment.tags) - _TAGS:
        del environment.tags[name]
    for name in set(environment.filters) - _FILTERS:
        del environment.filters[name]
    return environment


_liquid = _environment()


@lru_cache(maxsize=_COMPILED_AT_ONCE)
def _compiled(source: str) -> BoundTemplate:
    return _liquid.from_string(source)


def paths(source: str) -> frozenset[str]:
    """Return the variables that a template names, as `member.name`; raises WordsFailed for what is no Liquid."""
    try:
        return frozenset(_compiled(source).global_variable_paths())
    except (LiquidError, RecursionError) as error:
        raise WordsFailed(told(error)) from error


def filled(source: str, values: Mapping[str, Any]) -> str:
    """Return the text with the values in it; raises WordsFailed, also for a variable that is not among them."""
    try:
        return _compiled(source).render(values)
    except (LiquidError, RecursionError) as error:
        raise WordsFailed(told(error)) from error


def told(error: Exception) -> str:
    """Return the first line of what the engine says: the rest shows the template."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__
