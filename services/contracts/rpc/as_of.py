"""Which day a request asks about, and by whose knowledge."""

from typing import Literal, Protocol

from google.protobuf.timestamp_pb2 import Timestamp

from services.chassis.checks import civil_date
from services.chassis.errors import InvalidField
from services.chassis.timestamps import to_datetime
from services.contracts.domain.life_cycle.contract_as_of import AsOf

_FIRST, _LAST = -62_135_596_800, 253_402_300_799
"""Seconds of the years 1 and 9999: what a calendar has days for."""


class _Asked(Protocol):
    @property
    def as_of(self) -> str: ...
    @property
    def known_at(self) -> Timestamp: ...
    def HasField(self, name: Literal["known_at"], /) -> bool: ...  # as protobuf calls it


def to_as_of(request: _Asked) -> AsOf:
    """Return what a read of contracts is asked as of, or refuse with INVALID_FIELD what no calendar has."""
    day = civil_date(request.as_of, "as_of") if request.as_of else None
    if not request.HasField("known_at"):
        return AsOf(day)
    if not _FIRST <= request.known_at.seconds <= _LAST:
        raise InvalidField("known_at", "known_at is outside the calendar.")
    return AsOf(day, to_datetime(request.known_at))
