"""Aggregates as database documents and back, field by field, without hand-written copies."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Generic, TypeVar, final, get_args, get_type_hints

from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from services.chassis import logs

Aggregate = TypeVar("Aggregate")
Item = TypeVar("Item")
_log = logs.get("chassis.codec")


def _converter() -> Converter:
    converter = Converter(unstruct_collection_overrides={tuple: list, frozenset: sorted})
    converter.register_unstructure_hook(datetime, lambda moment: moment)
    converter.register_structure_hook(datetime, lambda moment, _: moment)
    converter.register_unstructure_hook(date, lambda day: day.isoformat())
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    return converter


def _tell_apart(converter: Converter, union: UnionType) -> None:
    """Register a union that may contain itself, hence nothing is compiled before it is met."""
    kinds = {kind.__name__: kind for kind in get_args(union)}
    converter.register_unstructure_hook_func(
        lambda kind: kind == union,
        lambda value: {"kind": type(value).__name__, **converter.unstructure(value, type(value))},
    )
    converter.register_structure_hook_func(
        lambda kind: kind == union, lambda value, _: converter.structure(value, kinds[value["kind"]])
    )


class Codec(Generic[Aggregate]):
    """Maps one dataclass: `id` is `_id`, enums by value, dates as ISO text, moments as they are, `events` left out."""

    def __init__(self, aggregate: type[Aggregate], *, unions: Sequence[UnionType] = ()) -> None:
        """Compile the mapping of this dataclass; of a union of dataclasses the key `kind` tells which one it is."""
        self._type = aggregate
        self._converter = _converter()
        for union in unions:
            _tell_apart(self._converter, union)
        names = {field.name for field in dataclasses.fields(aggregate)}  # type: ignore[arg-type]  # a dataclass
        renamed: dict[str, Any] = {"id": override(rename="_id")} if "id" in names else {}
        unsaid: dict[str, Any] = {"events": override(omit=True)} if "events" in names else {}
        self._converter.register_unstructure_hook(
            aggregate, make_dict_unstructure_fn(aggregate, self._converter, **renamed, **unsaid)
        )
        self._converter.register_structure_hook(
            aggregate, make_dict_structure_fn(aggregate, self._converter, **renamed, **unsaid)
        )
        hints = get_type_hints(aggregate)
        self._fields = {
            name: self._converter.get_unstructure_hook(hints[name]) for name in sorted(names - {"id", "events"})
        }

    def copies(self, aggregate: Aggregate) -> dict[str, Any]:
        """Return what stands in the document beside the fields, for queries and indexes: nothing, unless overridden."""
        return {}

    @final  # what a subclass adds are copies, which are written with every change too
    def to_document(self, aggregate: Aggregate) -> dict[str, Any]:
        """Return the document; it holds nothing but BSON types."""
        document: dict[str, Any] = self._converter.unstructure(aggregate)
        return document | self.copies(aggregate)

    def to_changes(self, old: Aggregate, new: Aggregate) -> dict[str, Any]:
        """Return the copies and those fields of the document that `new` does not share with `old`, which it came from.

        A step of the domain hands on what it leaves alone, so that most of a large aggregate is neither turned into
        BSON nor written again.
        """
        changed = (name for name in self._fields if getattr(old, name) is not getattr(new, name))
        return {name: self._fields[name](getattr(new, name)) for name in changed} | self.copies(new)

    def to_aggregate(self, document: dict[str, Any]) -> Aggregate:
        """Return the aggregate; keys that it does not know are ignored."""
        return self._converter.structure(document, self._type)


@cache
def codec_of(aggregate: type[Aggregate]) -> Codec[Aggregate]:
    """Compile the mapping of a class once: that takes tens of milliseconds, and a process builds many stores."""
    return Codec(aggregate)


def readable(
    documents: Iterable[dict[str, Any]], read: Callable[[dict[str, Any]], Item], *, collection: str
) -> Iterator[Item]:
    """Yield what is read of each document; one that cannot be read is told in the log and left out."""
    for each in documents:
        try:
            item = read(each)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with one document concerns no other
            # The error's text may hold what stands in the document, which may be about a person.
            _log.warning("record_unreadable", collection=collection, id=each.get("_id"), reason=type(error).__name__)
            continue
        yield item
