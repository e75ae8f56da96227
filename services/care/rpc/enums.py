"""Enums that messages of several rooms have, and those that must be told."""

from enum import Enum
from typing import TypeVar

from membercare.care.v1 import channel_pb2, member_pb2
from services.care.domain.channels import Channel, Purpose
from services.care.domain.language import Language
from services.chassis.errors import InvalidField
from services.chassis.proto_enums import EnumTable

CHANNELS = EnumTable(Channel, channel_pb2.Channel)
PURPOSES = EnumTable(Purpose, channel_pb2.Purpose)
LANGUAGES = EnumTable(Language, member_pb2.Language)

_Member = TypeVar("_Member", bound=Enum)


def needed(table: EnumTable[_Member], number: int, *, field: str) -> _Member:
    """Return the member, or refuse a number that means nothing, and one that is missing."""
    member = table.member(number, field)
    if member is None:
        raise InvalidField(field, f"{field} is missing.")
    return member
