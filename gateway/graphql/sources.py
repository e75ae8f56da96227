"""Messages as sources: what a type reads from its protobuf message, worked out once from the message's descriptor."""

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from strawberry import UNSET

Declared = TypeVar("Declared")
Packed = TypeVar("Packed", bound=Message)
Resolver = Callable[..., Any]

READ = "read"
"""Key of a field's metadata under which the function stands that computes it."""

_TYPE_OF: dict[type, str] = {}
_MESSAGE_OF: dict[str, type[Message]] = {}


def message(*sources: type[Message], description: str) -> Callable[[type[Declared]], type[Declared]]:
    """Declare a type of the schema whose source is a protobuf message of the same fields; several may be alike.

    A field that may be null reads null where the message holds nothing: an unset message or `optional` field, an empty
    string, or the number 0 of an enum. That is what `unset` means in our protos.
    """

    def declare(cls: type[Declared]) -> type[Declared]:
        declared = strawberry.type(cls, description=description)
        _MESSAGE_OF[cls.__name__] = sources[0]
        _TYPE_OF.update(dict.fromkeys(sources, cls.__name__))
        return declared

    return declare


def computed(read: Callable[[Any], Any], *, description: str) -> Any:
    """Declare a field that is computed from its source instead of read."""
    return strawberry.field(description=description, metadata={READ: read})


def type_name(source: Any) -> str:
    """Return the type of the schema that a source belongs to, or the empty string."""
    return _TYPE_OF.get(type(source), "")


def message_of(name: str) -> type[Message] | None:
    """Return the message that is the source of a type of the schema."""
    return _MESSAGE_OF.get(name)


def reader(source: type[Message], name: str, *, nullable: bool) -> Resolver:
    """Return the resolver of a plain field; a field that the message does not have is a mistake found at import."""
    field = source.DESCRIPTOR.fields_by_name[name]
    if not nullable or field.is_repeated:
        return lambda source, _: getattr(source, name)
    if field.has_presence:
        return lambda source, _: getattr(source, name) if source.HasField(name) else None
    return lambda source, _: getattr(source, name) or None


def packed(value: Any, kind: type[Packed], **more: Any) -> Packed:
    """Return an input object as the message of the same fields; what the caller left out stays unset."""
    fields = {name: each for name, each in vars(value).items() if each is not None and each is not UNSET}
    return kind(**{name: _pack(each, kind.DESCRIPTOR.fields_by_name[name]) for name, each in fields.items()}, **more)


def _pack(value: Any, field: Any) -> Any:
    if field.message_type is None or isinstance(value, Message):
        return value
    kind = GetMessageClass(field.message_type)
    return [packed(each, kind) for each in value] if isinstance(value, list) else packed(value, kind)
