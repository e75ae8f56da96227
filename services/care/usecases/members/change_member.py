"""Change what we know of a member."""

from collections.abc import Collection
from dataclasses import dataclass

from services.care.domain.members.details import MemberDetails, mask_fields
from services.care.domain.members.member import Member
from services.care.ports.members import AttributeRegistry, Members
from services.care.usecases.members.attributes import with_checked_attributes
from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id


@dataclass(frozen=True, slots=True)
class ChangeMember:
    """Takes over the fields that a mask names."""

    members: Members
    registry: AttributeRegistry
    clock: Clock

    def __call__(
        self, member_id: str, details: MemberDetails, *, mask: Collection[str], etag: str, request_id: str
    ) -> Member:
        """Return the member after the change; refuses what is wrong, unknown or stale, and then changes nothing."""
        fields = mask_fields(mask)
        told = with_checked_attributes(details, self.registry)
        return self.members.change(
            check_id(member_id, "mem", field="member.id"),
            lambda member: member.change(told, fields, now=self.clock.now()),
            etag=etag,
            request_key=request_key("update", request_id),
        )
