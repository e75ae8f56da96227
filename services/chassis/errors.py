"""Refusals: facts with a stable reason that tell the caller how to react."""

from enum import Enum
from typing import ClassVar


class Kind(Enum):
    """How a caller should react to a refusal."""

    INVALID = "invalid"
    """Wrong whatever the state: correct the request."""
    NOT_FOUND = "not_found"
    """The thing named does not exist."""
    ALREADY_EXISTS = "already_exists"
    """Something with this key exists."""
    PRECONDITION = "precondition"
    """Not now: something else must change first."""
    STALE = "stale"
    """Somebody was faster: read again, then retry."""
    FORBIDDEN = "forbidden"
    """The caller may not do this."""
    UNAUTHENTICATED = "unauthenticated"
    """The caller is not known."""
    UNAVAILABLE = "unavailable"
    """A part of ours is away: retry later."""


class DomainError(Exception):
    """A refusal. Whatever varies in the message is in the metadata too, so that programs need not read prose."""

    kind: ClassVar[Kind] = Kind.INVALID
    reason: ClassVar[str] = "INVALID"

    def __init__(self, message: str, *, field: str = "", **metadata: str) -> None:
        """Build the refusal; `field` names the request field at fault, if one is."""
        super().__init__(message)
        self.message = message
        self.field = field
        self.metadata = metadata

    @property
    def code(self) -> str:
        """The stable reason, as it travels on the wire."""
        return self.reason


class InvalidField(DomainError):
    """A field of the request is wrong, whatever the state."""

    kind, reason = Kind.INVALID, "INVALID_FIELD"

    def __init__(self, field: str, message: str) -> None:
        """Name the field and say what it must be."""
        super().__init__(message, field=field)


class InvalidId(DomainError):
    """Not an id, or the id of another type of thing."""

    kind, reason = Kind.INVALID, "INVALID_ID"

    def __init__(self, field: str, message: str) -> None:
        """Name the field and say what id it must hold."""
        super().__init__(message, field=field)


class NotFound(DomainError):
    """The thing named does not exist; the reason carries its noun, for example CUSTOMER_NOT_FOUND."""

    kind, reason = Kind.NOT_FOUND, "NOT_FOUND"

    def __init__(self, noun: str, key: str, *, field: str = "") -> None:
        """Name the noun and the key that was asked for, and the `field` that named it unless that is the `id`."""
        super().__init__(f"There is no {noun.replace('_', ' ')} {key}.", field=field, **{f"{noun}_id": key})
        self.noun = noun

    @classmethod
    def of(cls, noun: str, key: str) -> "NotFound":
        """Read as `NotFound.of("customer", customer_id)`."""
        return cls(noun, key)

    @property
    def code(self) -> str:
        """`<NOUN>_NOT_FOUND`."""
        return f"{self.noun.upper()}_NOT_FOUND"


class AlreadyExists(DomainError):
    """A unique key is taken. Subclasses name which."""

    kind, reason = Kind.ALREADY_EXISTS, "ALREADY_EXISTS"


class StaleVersion(DomainError):
    """The etag sent is not the version stored."""

    kind, reason = Kind.STALE, "STALE_VERSION"

    def __init__(self, noun: str, key: str) -> None:
        """Name what was changed meanwhile."""
        super().__init__(
            f"The {noun.replace('_', ' ')} {key} was changed meanwhile. Read it again, then retry.",
            field="etag",
            **{f"{noun}_id": key},
        )


class Forbidden(DomainError):
    """The caller is known, but may not do this."""

    kind, reason = Kind.FORBIDDEN, "FORBIDDEN"


class Unauthenticated(DomainError):
    """The caller is not known: no token, an expired one or a forged one."""

    kind, reason = Kind.UNAUTHENTICATED, "UNAUTHENTICATED"


class DatabaseUnavailable(DomainError):
    """The database does not answer; nothing was written by this call, or the write will be found by a repeat."""

    kind, reason = Kind.UNAVAILABLE, "DATABASE_UNAVAILABLE"
