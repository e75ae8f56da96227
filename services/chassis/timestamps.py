"""Moments as protobuf timestamps, and back."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_SECONDS = 86_400


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
