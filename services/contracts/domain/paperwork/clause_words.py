"""The words of clauses: Liquid of few tags and filters, bounded in work and length, checked when they are written."""

from collections.abc import Mapping
from typing import Any

from liquid.exceptions import LiquidTypeError

from services.chassis.bounded_liquid import BoundedLiquid, LiquidFailed
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

_FILTERS = frozenset({"capitalize", "default", "downcase", "first", "last", "size", "strip", "truncate", "upcase"})
_liquid = BoundedLiquid(_FILTERS, longest=200_000)


def filled(source: str, values: Values, *, clause: str) -> str:
    """Return the words with the contract's values in them, or refuse with CLAUSE_RENDERING_FAILED and the clause."""
    try:
        return _liquid.filled(source, values)
    except LiquidFailed as error:
        raise ClauseRenderingFailed(f"The clause {clause} cannot be filled: {error}.", clause=clause) from error


def check_words(source: str, language: PaperLanguage, *, part: str) -> None:
    """Refuse with CLAUSE_INVALID what is no Liquid, names what no contract has, or does not end soon."""
    where, field = f"The {part} in {language.value}", f"texts.{part}"
    try:
        unknown = sorted(_liquid.paths(source) - set(KNOWN_VARIABLES))
        if not unknown:
            _liquid.filled(source, SAMPLE)
    except LiquidFailed as error:
        raise ClauseInvalid(f"{where} is no clause: {error}.", field=field) from error
    if unknown:
        raise ClauseInvalid(
            f"{where} names {', '.join(unknown)}. Known are {', '.join(KNOWN_VARIABLES)}.",
            field=field,
            variables=",".join(unknown),
        )
