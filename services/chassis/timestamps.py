"""Moments as protobuf timestamps, and back."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from services.chassis.errors import InvalidField

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_SECONDS = 86_400
_FIRST, _LAST = -62_135_596_800, 253_402_300_799  # the years 1 and 9999: what a moment of ours can be
_NANOS = 1_000_000_000


def to_timestamp(moment: datetime | None) -> Timestamp | None:
    """Return the timestamp, or None (a field left unset) for no moment."""
    if moment is None:
        return None
    since = moment - _EPOCH  # in whole numbers: exact, and a list turns thousands of these
    return Timestamp(seconds=since.days * _DAY_SECONDS + since.seconds, nanos=since.microseconds // 1000 * 1_000_000)


def to_datetime(stamp: Timestamp) -> datetime:
    """Return the moment in UTC, cut to the millisecond."""
    milliseconds = stamp.seconds * 1000 + stamp.nanos // 1_000_000
    return datetime.fromtimestamp(milliseconds // 1000, UTC).replace(microsecond=milliseconds % 1000 * 1000)


def moment(stamp: Timestamp, field: str) -> datetime:
    """Return the moment that a request tells, as `to_datetime` does, or refuse one outside the calendar."""
    if not (_FIRST <= stamp.seconds <= _LAST and 0 <= stamp.nanos < _NANOS):
        raise InvalidField(field, f"{field} is outside the calendar.")
    return to_datetime(stamp)
