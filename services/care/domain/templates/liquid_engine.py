"""The one Liquid engine of all words: those of messages, and those that are spoken."""

from services.chassis.bounded_liquid import BoundedLiquid, LiquidFailed

_FILTERS = frozenset(
    {
        *("abs", "append", "capitalize", "ceil", "default", "divided_by", "downcase", "escape", "first", "floor"),
        *("last", "minus", "modulo", "plus", "prepend", "round", "size", "slice", "strip", "strip_html", "truncate"),
        *("upcase", "url_encode"),
    }
)
_liquid = BoundedLiquid(_FILTERS, longest=100_000)

WordsFailed = LiquidFailed
"""A template failed for one recipient."""
paths, filled = _liquid.paths, _liquid.filled
