"""Finishes merges and erasures: a process may have died amid one, or somebody written about the person meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from services.care.domain.members.member import Member
from services.care.ports.members import EndedMembers
from services.care.usecases.members.merge_members import MergeMembers
from services.care.usecases.members.personal_data import EraseMember
from services.chassis import logs
from services.chassis.clock import Clock

LATER = timedelta(minutes=2)
"""Whatever was under way when the member ended has been written by then."""
BY_ITSELF = "scheduler"
"""Who finished it, in notes that nobody had made yet."""
_PAGE = 100
_log = logs.get("care.members")


@dataclass(frozen=True, slots=True)
class SettleEnded:
    """Does once more what follows from the end of a member; what was done already it finds and leaves alone."""

    members: EndedMembers
    merge: MergeMembers
    erase: EraseMember
    clock: Clock

    def __call__(self, leading: Callable[[], bool]) -> int:
        """Return how many members were settled; one that fails is told, and tried again the next time."""
        done, settled = 0, _PAGE
        while settled == _PAGE:
            page = self.members.unsettled(ended_before=self.clock.now() - LATER, most=_PAGE)
            settled = sum(leading() and self._settle(member) for member in page)
            done += settled
        return done

    def _settle(self, member: Member) -> bool:
        try:
            if member.erased_time is not None:
                self.erase.forget(member.id)
            else:
                self.merge.carry(member.id, member.merged_into_id, by=BY_ITSELF)
        except Exception:  # noqa: BLE001  # one bad record must not stop the others
            _log.exception("member_not_settled", member_id=member.id)
            return False
        return self.members.settled(member)
