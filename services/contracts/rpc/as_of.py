"""Which day a request asks about, and by whose knowledge."""

from typing import Literal, Protocol

from google.protobuf.timestamp_pb2 import Timestamp

from services.chassis.checks import civil_date
from services.chassis.timestamps import moment
from services.contracts.domain.life_cycle.contract_as_of import AsOf


class _Asked(Protocol):
    @property
    def as_of(self) -> str: ...
    @property
    def known_at(self) -> Timestamp: ...
    def HasField(self, name: Literal["known_at"], /) -> bool: ...  # as protobuf calls it


def to_as_of(request: _Asked) -> AsOf:
    """Return what a read of contracts is asked as of, or refuse with INVALID_FIELD what no calendar has."""
    day = civil_date(request.as_of, "as_of") if request.as_of else None
    return AsOf(day, moment(request.known_at, "known_at") if request.HasField("known_at") else None)
