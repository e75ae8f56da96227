"""Write, change and forget blackouts."""

from dataclasses import dataclass, replace

from services.care.domain.calendars.blackout import Blackout, BlackoutSpan
from services.care.ports.calendars import Blackouts, Occasions
from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, new_id


@dataclass(frozen=True, slots=True)
class WriteBlackout:
    """Stores a new blackout."""

    blackouts: Blackouts
    occasions: Occasions
    clock: Clock

    def __call__(self, wanted: Blackout, *, request_id: str) -> Blackout:
        """Return the blackout as stored; refused with INVALID_FIELD, INVALID_ID."""
        now = self.clock.now()
        blackout = replace(_checked(wanted, self.occasions), id=new_id("blk", now), create_time=now, update_time=now)
        return self.blackouts.add(blackout, request_key=request_key("create", request_id))


@dataclass(frozen=True, slots=True)
class ChangeBlackout:
    """Replaces what a blackout says."""

    blackouts: Blackouts
    occasions: Occasions
    clock: Clock

    def __call__(self, wanted: Blackout, *, etag: str, request_id: str) -> Blackout:
        """Return the blackout; refused with INVALID_FIELD, INVALID_ID, BLACKOUT_NOT_FOUND, STALE_VERSION."""
        key, now = check_id(wanted.id, "blk", field="blackout.id"), self.clock.now()
        told = _checked(wanted, self.occasions)
        return self.blackouts.change(
            key,
            lambda old: replace(told, version=old.version, create_time=old.create_time, update_time=now),
            etag=etag,
            request_key=request_key("update", request_id),
        )


@dataclass(frozen=True, slots=True)
class ForgetBlackout:
    """Deletes a blackout; what it held leaves by the rules of the campaign."""

    blackouts: Blackouts

    def __call__(self, blackout_id: str, *, etag: str) -> str:
        """Return the id; refused with INVALID_ID, STALE_VERSION."""
        key = check_id(blackout_id, "blk", field="blackout_id")
        self.blackouts.remove(key, etag=etag)
        return key


def _checked(wanted: Blackout, occasions: Occasions) -> Blackout:
    checked = wanted.checked()
    if checked.days.span is BlackoutSpan.OCCASION:
        occasion_id = check_id(checked.days.occasion_id, "occ", field="days.occasion_id")
        if not occasions.batch_get([occasion_id]):
            raise InvalidField("days.occasion_id", f"There is no occasion {occasion_id}.")
    return checked
