"""Enums of the domain as numbers on the wire, and back; a value that only one side knows is found at import."""

from enum import Enum
from typing import Any, Generic, Protocol, TypeVar

from services.chassis.errors import InvalidField

Member = TypeVar("Member", bound=Enum)


class WireEnum(Protocol):
    """The generated wrapper of a proto enum."""

    def Name(self, number: Any) -> str: ...  # noqa: N802  # protobuf's own name
    def items(self) -> list[tuple[str, Any]]: ...


class EnumTable(Generic[Member]):
    """Pairs `active`, or the full name, with `CONTRACT_STATE_ACTIVE`; 0 is nobody's number and reads as None."""

    def __init__(self, domain: type[Member], wire: WireEnum) -> None:
        """Pair by name; raises ValueError unless each member has its number and each number its member."""
        prefix = wire.Name(0).removesuffix("UNSPECIFIED")
        numbers = {name: number for name, number in wire.items() if number}
        named = {member: prefix + member.value.upper().removeprefix(prefix) for member in domain}
        self._numbers = {member: numbers.pop(name, 0) for member, name in named.items()}
        strangers = [*numbers, *(member.name for member, number in self._numbers.items() if not number)]
        if strangers:
            raise ValueError(f"{domain.__name__} and {prefix}* differ: {', '.join(strangers)}")
        self._members = {number: member for member, number in self._numbers.items()}

    def number(self, member: Member) -> Any:
        """Return the number on the wire."""
        return self._numbers[member]

    def member(self, number: int, field: str) -> Member | None:
        """Return the member, None for unspecified, or refuse a number that means nothing to us."""
        if not number:
            return None
        if number not in self._members:
            raise InvalidField(field, f"{field}: {number} is not one of its values.")
        return self._members[number]
