"""Register a member."""

from dataclasses import dataclass

from services.care.domain.members.details import MemberDetails
from services.care.domain.members.member import Member
from services.care.ports.members import AttributeRegistry, Members
from services.care.usecases.members.attributes import with_checked_attributes
from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import new_id


@dataclass(frozen=True, slots=True)
class RegisterMember:
    """Stores a new member."""

    members: Members
    registry: AttributeRegistry
    clock: Clock

    def __call__(self, details: MemberDetails, *, request_id: str) -> Member:
        """Return the member as stored; a repeat of the request returns the first."""
        now = self.clock.now()
        member = Member.register(new_id("mem", now), with_checked_attributes(details, self.registry), now=now)
        return self.members.add(member, request_key=request_key("create", request_id))
