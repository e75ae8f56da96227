"""Requests that nobody sensible would send: fields of the right type on the wire, and of any value."""

import random
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

Asked = TypeVar("Asked", bound=Message)
Field: TypeAlias = Any
"""A field descriptor: of Python or of the faster library, whose types differ."""

TEXTS: Sequence[str] = (
    *(
        "",
        " ",
        "\0",
        "a\r\nBcc: x@example.com",
        "x" * 9_000,
        "王小明",
        "\u202e\ufeff\u0007",
        "👩‍👩‍👧",
        "$where",
        "a.b.$c",
    ),
    *("-1", "1", "NaN", "9" * 40, "name", "care", "email", "sms", "CN", "tch_!", "mem_", "../../etc/passwd"),
    *("{{ member.name }}", "{% for a in (1..999999999) %}{{ a }}{% endfor %}", "{{ 'x' | unknown }} {% if"),
    *("09:00", "24:01", "2026-11-22", "2026-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "--02-29"),
    *("2026-11", "0001-01", "9999-12", "2026-13", "Asia/Shanghai", "Etc/Unknown", "+8613800138000"),
    *("anna@example.com", "https://example.com", "http://[::1", "emp_00000000000000000000000001"),
)
NUMBERS = (0, 1, 2, 7, 30, 366, 1_000, 10_000, 86_400, 2**31 - 1)
WIDE = (*NUMBERS, 2**31, 253_402_300_799, 253_402_300_800, 2**53, 2**63 - 1)
FRACTIONS = (*NUMBERS, 0.5, -1.0, 1e308, float("inf"), float("-inf"), float("nan"))
MOST_DEEP = 6


class Hostile:
    """Makes and spoils requests, the same ones from the same seed."""

    def __init__(self, seed: str, ids: Sequence[str] = ()) -> None:
        """Use some of the ids of things that are there: requests get further by them."""
        self._chance, self._ids = random.Random(seed), ids

    def fill(self, message: Asked, depth: int = 0) -> Asked:
        """Set fields to anything."""
        share = self._chance.choice((0.2, 0.6, 0.95))
        for field in message.DESCRIPTOR.fields:
            if self._chance.random() < share and depth <= MOST_DEEP:
                self._set(message, field, depth=depth)
        return message

    def spoil(self, message: Asked) -> Asked:
        """Change a field of the message, or of one that it holds, to anything, or leave it out."""
        fields = [message.DESCRIPTOR.fields_by_name[field.name] for field, _ in message.ListFields()]
        field = self._chance.choice(fields if fields and self._chance.random() < 0.8 else message.DESCRIPTOR.fields)
        held = [each for each in _held(message, field) if each.DESCRIPTOR.fields]
        if held and self._chance.random() < 0.8:
            self.spoil(self._chance.choice(held))
            return message
        if self._chance.random() < 0.8:
            message.ClearField(field.name)
        if self._chance.random() < 0.8:
            self._set(message, field, depth=MOST_DEEP - 2)
        return message

    def _set(self, message: Message, field: Field, *, depth: int) -> None:
        if field.is_repeated:
            for _ in range(self._chance.choice((0, 1, 1, 2, 3))):
                self._add(getattr(message, field.name), field, depth=depth)
        elif field.message_type is None:
            setattr(message, field.name, self._value(field))
        else:
            child = getattr(message, field.name)
            child.SetInParent()
            self._child(child, depth)

    def _add(self, entries: Any, field: Field, *, depth: int) -> None:
        if field.message_type is None:
            entries.append(self._value(field))
        elif field.message_type.GetOptions().map_entry:
            key, value = (field.message_type.fields_by_name[name] for name in ("key", "value"))
            entries[self._value(key)] = self._value(value)
        else:
            self._child(entries.add(), depth)

    def _child(self, message: Message, depth: int) -> None:
        if isinstance(message, FieldMask):
            message.paths.extend(self._chance.sample(TEXTS, 2))
        else:
            self.fill(message, depth + 1)

    def _value(self, field: Field) -> Any:
        if field.enum_type is not None:
            return self._chance.choice([*field.enum_type.values_by_number, 99, -1])
        return self._made_by[field.cpp_type](field)

    @property
    def _made_by(self) -> dict[int, Callable[[Field], Any]]:
        pick = self._chance.choice
        return {
            FieldDescriptor.CPPTYPE_STRING: self._text,
            FieldDescriptor.CPPTYPE_BOOL: lambda _: pick((True, False)),
            FieldDescriptor.CPPTYPE_INT32: lambda _: pick(NUMBERS) * pick((1, 1, 1, -1)),
            FieldDescriptor.CPPTYPE_UINT32: lambda _: pick(NUMBERS),
            FieldDescriptor.CPPTYPE_INT64: lambda _: pick(WIDE) * pick((1, 1, 1, -1)),
            FieldDescriptor.CPPTYPE_DOUBLE: lambda _: pick(FRACTIONS),
        }

    def _text(self, field: Field) -> str | bytes:
        names_something = field.name == "id" or field.name.endswith(("_id", "_ids"))
        known = self._ids if names_something and self._chance.random() < 0.8 else ()
        text = self._chance.choice(known or TEXTS)
        return text.encode() if field.type == FieldDescriptor.TYPE_BYTES else text


def _held(message: Message, field: Field) -> list[Message]:
    """Return the messages that a field holds now."""
    if field.message_type is None or field.message_type.GetOptions().map_entry:
        return []
    if field.is_repeated:
        return list(getattr(message, field.name))
    return [getattr(message, field.name)] if message.HasField(field.name) else []
