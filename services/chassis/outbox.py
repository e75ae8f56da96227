"""What an aggregate said, made ready to be stored beside its state in the same write."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache, partial
from typing import Any, ClassVar, NoReturn, Protocol

from google.protobuf import descriptor_pool
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from services.chassis.envelope import Envelope
from services.chassis.ids import new_id

FIELD = "outbox"
"""The field of a document that holds what it said and nobody has carried away yet: a list of envelopes."""

Plain = Callable[[Any], Any]
"""Turns what a field of the dataclass holds into what the JSON holds, or raises EventMismatch."""

_INT32 = {
    FieldDescriptor.TYPE_INT32: (-(2**31), 2**31),
    FieldDescriptor.TYPE_SINT32: (-(2**31), 2**31),
    FieldDescriptor.TYPE_UINT32: (0, 2**32),
}
_INT64 = {
    FieldDescriptor.TYPE_INT64: (-(2**63), 2**63),
    FieldDescriptor.TYPE_SINT64: (-(2**63), 2**63),
    FieldDescriptor.TYPE_UINT64: (0, 2**64),
}
_TIMESTAMP = "google.protobuf.Timestamp"
_ALWAYS_SAID = object()
"""Equal to nothing: the field is said whenever it is set, whatever it holds."""


class Event(Protocol):
    """A frozen dataclass: the class names its type and schema, its fields are named as the proto's.

    `subject` is the id of the aggregate, or the name of the field that holds it.
    """

    type: ClassVar[str]
    schema: ClassVar[str]

    @property
    def subject(self) -> str: ...


class EventMismatch(Exception):
    """An event does not fit the message it says it is: a mistake in our own code, found before it is stored."""


def pending(event: Any, *, source: str, now: datetime, trace: str = "") -> dict[str, Any]:
    """Return the outbox entry of one event: a whole envelope, so that the relay needs to know no schema."""
    return Envelope(
        id=new_id("evt", now),
        type=event.type,
        source=source,
        time=_moment(now),
        subject=_subject(event),
        schema=event.schema,
        trace=trace,
        data=to_json(event, descriptor(event.schema)),
    ).to_dict()


@cache
def descriptor(schema: str) -> Descriptor:
    """Find a message by its full name; our own packages keep their events in `events_pb2`."""
    pool = descriptor_pool.Default()
    try:
        return pool.FindMessageTypeByName(schema)
    except KeyError:
        try:
            importlib.import_module(f"{schema.rpartition('.')[0]}.events_pb2")
            return pool.FindMessageTypeByName(schema)
        except (ImportError, KeyError, TypeError, ValueError) as error:
            raise EventMismatch(f"No message is named {schema!r}.") from error


def to_json(value: Any, schema: Descriptor) -> dict[str, Any]:
    """Return the fields of a dataclass as proto-JSON of the message, under the names of the proto.

    As in `json_format`: None and defaults of fields without presence are left out, 64-bit integers and moments are
    text, enums are names. Raises EventMismatch for a field that the message lacks, for a value of another type, and
    for kinds of fields that no event has carried yet: floats, bytes, one-ofs, other messages of protobuf itself.
    """
    said = {}
    for name, plain, unsaid in _plan(value.__class__, schema):
        content = getattr(value, name)
        if content is None:
            continue
        try:
            told = plain(content)
        except EventMismatch as error:
            raise EventMismatch(f"{type(value).__name__} is no {schema.full_name}: {name}: {error}") from error
        if told != unsaid:
            said[name] = told
    return said


def _subject(event: Any) -> str:
    subject = event.subject
    if subject in type(event).__dataclass_fields__:
        subject = getattr(event, subject)
    return str(subject)


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise EventMismatch("A moment without a zone says nothing.")
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@cache
def _plan(of: type, schema: Descriptor) -> tuple[tuple[str, Plain, Any], ...]:
    """Return name, converter and the JSON that is left out, for each field in the order of its number."""
    if not is_dataclass(of):
        raise EventMismatch(f"{of.__name__} is no {schema.full_name}.")
    names = {field.name for field in fields(of)}
    if strangers := names - set(schema.fields_by_name):
        raise EventMismatch(f"{schema.full_name} has no field {', '.join(map(repr, sorted(strangers)))}.")
    known = sorted((field for field in schema.fields if field.name in names), key=lambda field: field.number)
    return tuple((field.name, *_converter(field)) for field in known)


def _converter(field: FieldDescriptor) -> tuple[Plain, Any]:
    of = field.message_type
    if of is not None and of.GetOptions().map_entry:
        key, value = of.fields_by_name["key"], of.fields_by_name["value"]
        if key.type == FieldDescriptor.TYPE_BOOL:
            raise EventMismatch(f"{field.full_name} has keys of a type that no event has carried yet.")
        return partial(_map, key=_single(key), plain=_single(value)), {}
    if field.is_repeated:
        return partial(_list, _single(field)), []
    if field.containing_oneof is not None and len(field.containing_oneof.fields) > 1:
        raise EventMismatch(f"{field.full_name} is one of several, which no event has said yet.")
    return _single(field), _ALWAYS_SAID if field.has_presence else _default(field)


def _default(field: FieldDescriptor) -> Any:
    if field.enum_type is not None:
        return field.enum_type.values_by_number[0].name
    return str(field.default_value) if field.type in _INT64 else field.default_value


def _single(field: FieldDescriptor) -> Plain:
    if field.message_type is not None:
        return _timestamp if field.message_type.full_name == _TIMESTAMP else partial(to_json, schema=field.message_type)
    if field.enum_type is not None:
        return _enum(field.enum_type)
    if field.type == FieldDescriptor.TYPE_STRING:
        return _text
    if field.type == FieldDescriptor.TYPE_BOOL:
        return _bool
    if field.type in _INT32:
        return partial(_integer, range(*_INT32[field.type]))
    if field.type in _INT64:
        return partial(_integer_text, range(*_INT64[field.type]))
    raise EventMismatch(f"{field.full_name} is of a type that no event has carried yet.")


def _enum(enum: EnumDescriptor) -> Plain:
    """Domain enums may say `active` where the proto says `CONTRACT_STATE_ACTIVE`: the prefix is a rule of buf."""
    prefix = enum.values[0].name.removesuffix("UNSPECIFIED")
    names: dict[Any, str] = {each.name: enum.values_by_number[each.number].name for each in enum.values}
    names |= {number: each.name for number, each in enum.values_by_number.items()}

    def name_of(value: Any) -> str:
        plain = value.value if isinstance(value, Enum) else value
        name = names.get(plain) if type(plain) in (str, int) else None
        if name is None and isinstance(plain, str):
            name = names.get(prefix + plain.upper())
        return _refuse(value, enum.name) if name is None else name

    return name_of


def _text(value: Any) -> str:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        return value if value.isascii() else _encodable(value)
    if isinstance(value, date):  # a datetime is one too
        return _moment(value) if isinstance(value, datetime) else value.isoformat()
    return _refuse(value, "text")


def _encodable(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        return _refuse(value, "text")
    return value


def _bool(value: Any) -> bool:
    return value if isinstance(value, bool) else _refuse(value, "bool")


def _integer(bounds: range, value: Any) -> int:
    plain = value.value if isinstance(value, Enum) else value
    return plain if type(plain) is int and plain in bounds else _refuse(value, f"integer of {bounds}")


def _integer_text(bounds: range, value: Any) -> str:
    return str(_integer(bounds, value))


def _timestamp(value: Any) -> str:
    return _moment(value).replace(".000Z", "Z") if isinstance(value, datetime) else _refuse(value, "moment")


def _list(plain: Plain, value: Any) -> list[Any]:
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return _refuse(value, "list")


def _map(value: Any, *, key: Plain, plain: Plain) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return {str(key(name)): plain(content) for name, content in value.items()}
    return _refuse(value, "mapping")


def _refuse(value: Any, wanted: str) -> NoReturn:
    # Not the value itself: the message ends in a log, and the value may be somebody's name.
    raise EventMismatch(f"{type(value).__name__} is no {wanted}.")
