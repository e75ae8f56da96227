"""The words of clauses: Liquid of few tags and filters, bounded in work and length, checked when they are written."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError, LiquidTypeError

from services.contracts.domain.paperwork.contract_paper import PaperLanguage
from services.contracts.domain.paperwork.paperwork_errors import ClauseInvalid, ClauseRenderingFailed

Values = Mapping[str, Any]


class LineValues(dict[str, str]):
    """What a clause can say of one line, field by field; as a whole it is nothing that a contract could say."""

    def __str__(self) -> str:
        """Refuse: LiquidTypeError."""
        fields = ", ".join(f"line.{field}" for field in self)
        raise LiquidTypeError(f"a line is written field by field: {fields}", token=None)


_SAMPLE_LINE = LineValues(dict.fromkeys(("description", "quantity", "price", "amount", "start_date", "end_date"), "x"))
SAMPLE: Values = {
    "company": {"name": "x"},
    "customer": {"name": "x", "tax_id": "x"},
    "contract": {
        **dict.fromkeys(("id", "title", "start_date", "end_date", "days", "price", "currency"), "x"),
        **dict.fromkeys(("billing_period", "billing_timing", "renewal", "renewal_term", "notice"), "x"),
        "lines": [_SAMPLE_LINE, _SAMPLE_LINE],
    },
}
"""Every variable there is; what a real contract has in their places, `clause_values` says."""

KNOWN_VARIABLES = tuple(f"{name}.{field}" for name, fields in SAMPLE.items() for field in fields)

# What doubles a text with every use is not among them: forty of those in a row would fill the memory.
_TAGS = frozenset(
    {"#", "assign", "break", "case", "comment", "content", "continue", "for", "if", "illegal", "output", "unless"}
)
_FILTERS = frozenset({"capitalize", "default", "downcase", "first", "last", "size", "strip", "truncate", "upcase"})
_COMPILED_AT_ONCE = 512


class _Bounded(Environment):
    """An author's template must end soon and stay short, whatever it loops over."""

    loop_iteration_limit = 1_000
    output_stream_limit = 200_000
    local_namespace_limit = 200_000
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


def filled(source: str, values: Values, *, clause: str) -> str:
    """Return the words with the contract's values in them, or refuse with CLAUSE_RENDERING_FAILED and the clause."""
    try:
        return _compiled(source).render(**values)
    except LiquidError as error:
        raise ClauseRenderingFailed(f"The clause {clause} cannot be filled: {_told(error)}.", clause=clause) from error


def check_words(source: str, language: PaperLanguage, *, part: str) -> None:
    """Refuse with CLAUSE_INVALID what is no Liquid, names what no contract has, or does not end soon."""
    where, field = f"The {part} in {language.value}", f"texts.{part}"
    try:
        unknown = sorted(set(_compiled(source).global_variable_paths()) - set(KNOWN_VARIABLES))
        if not unknown:
            _compiled(source).render(**SAMPLE)
    except (LiquidError, RecursionError) as error:
        raise ClauseInvalid(f"{where} is no clause: {_told(error)}.", field=field) from error
    if unknown:
        raise ClauseInvalid(
            f"{where} names {', '.join(unknown)}. Known are {', '.join(KNOWN_VARIABLES)}.",
            field=field,
            variables=",".join(unknown),
        )


def _told(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
