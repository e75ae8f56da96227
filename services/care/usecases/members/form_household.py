"""Put members into one household."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.care.domain.members.member import Member
from services.care.ports.members import Members
from services.chassis.checks import batch
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField, NotFound
from services.chassis.ids import derived_id

MOST_MEMBERS = 50


@dataclass(frozen=True, slots=True)
class FormHousehold:
    """Gives members the same household."""

    members: Members
    clock: Clock

    def __call__(self, member_ids: Sequence[str]) -> tuple[str, list[Member]]:
        """Return the household and its members; all are checked before the first is moved."""
        keys = batch(member_ids, "member_ids", prefix="mem", most=MOST_MEMBERS)
        if len(keys) == 1:
            raise InvalidField("member_ids", "A household needs two members.")
        found = {member.id: member for member in self.members.batch_get(keys)}
        for key in keys:
            if key not in found:
                raise NotFound("member", key)
            found[key].refuse_ended()
        known = next((found[key].household_id for key in keys if found[key].household_id), "")
        household_id = known or derived_id("hsh", min(keys))
        now = self.clock.now()
        moved = [
            self.members.change(
                key,
                lambda member: member.take_over({"household_id": household_id}, now=now),
                etag="",
                request_key="",
            )
            for key in keys
        ]
        return household_id, moved
