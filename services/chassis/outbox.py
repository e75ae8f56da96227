"""What an aggregate said, made ready to be stored beside its state in the same write."""

import importlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, ClassVar, Protocol

from google.protobuf import descriptor_pool, json_format, message, message_factory

from services.chassis.envelope import Envelope
from services.chassis.ids import new_id

FIELD = "outbox"
"""The field of a document that holds what it said and nobody has carried away yet: a list of envelopes."""

"""Where bulk writers put an event that belongs to no one aggregate; the relay removes the whole document."""


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
        data=_data(event),
    ).to_dict()


@cache
def message_class(schema: str) -> type[message.Message]:
    """Find a message by its full name; our own packages keep their events in `events_pb2`."""
    pool = descriptor_pool.Default()
    try:
        found = pool.FindMessageTypeByName(schema)
    except KeyError:
        try:
            importlib.import_module(f"{schema.rpartition('.')[0]}.events_pb2")
            found = pool.FindMessageTypeByName(schema)
        except (ImportError, KeyError, TypeError, ValueError) as error:
            raise EventMismatch(f"No message is named {schema!r}.") from error
    return message_factory.GetMessageClass(found)


def _data(event: Any) -> dict[str, Any]:
    made = message_class(event.schema)()
    try:
        json_format.ParseDict(_plain_fields(event, made.DESCRIPTOR), made)
    except json_format.ParseError as error:
        raise EventMismatch(f"{type(event).__name__} is no {event.schema}: {error}") from error
    return json_format.MessageToDict(made, preserving_proto_field_name=True)


def _subject(event: Any) -> str:
    subject = event.subject
    if subject in {field.name for field in fields(event)}:
        subject = getattr(event, subject)
    return str(subject)


def _plain_fields(value: Any, schema: Any) -> dict[str, Any]:
    plain = {}
    for field in fields(value):
        known = schema.fields_by_name.get(field.name)
        if known is None:
            raise EventMismatch(f"{schema.full_name} has no field {field.name!r}.")
        content = getattr(value, field.name)
        if content is not None:
            plain[field.name] = _plain(content, known)
    return plain


def _plain(value: Any, field: Any) -> Any:
    if isinstance(value, Mapping):
        of_values = field.message_type.fields_by_name["value"]
        return {str(key): _plain(item, of_values) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item, field) for item in value]
    if is_dataclass(value):
        return _plain_fields(value, field.message_type)
    if isinstance(value, date):  # a datetime is one too
        return _moment(value) if isinstance(value, datetime) else value.isoformat()
    return _plain_word(value, field.enum_type)


def _plain_word(value: Any, enum: Any) -> Any:
    """Domain enums may say `active` where the proto says `CONTRACT_STATE_ACTIVE`: the prefix is a rule of buf."""
    plain = value.value if isinstance(value, Enum) else value
    if enum is None or not isinstance(plain, str) or plain in enum.values_by_name:
        return plain
    return enum.values[0].name.removesuffix("UNSPECIFIED") + plain.upper()


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise EventMismatch("A moment without a zone says nothing.")
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
