"""Merge a doublet into the member that stays."""

from dataclasses import dataclass

from services.care.domain.members.member import Member
from services.care.domain.members.merging import merge
from services.care.domain.members.privacy import Act
from services.care.ports.members import Belongings, MergedMembers
from services.care.ports.privacy import PrivacyActs
from services.care.usecases.loyalty.carry_points import CarryPoints
from services.chassis.clock import Clock
from services.chassis.ids import check_id


@dataclass(frozen=True, slots=True)
class MergeMembers:
    """Ends the use of a doublet; what it heard and said stays under its id, the rest goes along."""

    members: MergedMembers
    acts: PrivacyActs
    carry_points: CarryPoints
    belongings: Belongings
    clock: Clock

    def __call__(self, member_id: str, into_id: str, *, by: str, etag: str) -> tuple[Member, Member]:
        """Return the doublet and the survivor; asked again, they come back as they are."""
        now = self.clock.now()
        doublet, survivor = self.members.merge(
            check_id(member_id, "mem", field="member_id"),
            check_id(into_id, "mem", field="into_id"),
            step=lambda one, other: merge(one, other, now=now),
            etag=etag,
        )
        # Also when asked again: the first time may have ended before this, and nobody have finished it yet.
        self.carry(doublet.id, survivor.merged_into_id or survivor.id, by=by)
        return doublet, survivor

    def carry(self, doublet_id: str, survivor_id: str, *, by: str) -> None:
        """Note a merge that is stored, and give the survivor what does not stand in the members themselves."""
        now = self.clock.now()
        self.acts.note_once(doublet_id, Act.MERGED, by=by, reason=f"into {survivor_id}", now=now)
        self.carry_points(doublet_id, survivor_id, by=by)
        self.belongings.carry(doublet_id, survivor_id, now=now)
