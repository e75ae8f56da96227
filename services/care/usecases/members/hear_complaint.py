"""A person has complained, or the complaint is closed: while it is open, nothing cheerful is sent."""

from contextlib import suppress
from dataclasses import dataclass

from services.care.ports.members import ClosedComplaints, Members
from services.care.usecases.members.personal_data import change_person
from services.chassis.clock import Clock
from services.chassis.errors import NotFound


@dataclass(frozen=True, slots=True)
class HearComplaint:
    """Hearing it twice, or the end before the beginning, leads to the same."""

    members: Members
    closed: ClosedComplaints
    clock: Clock

    def opened(self, case_id: str, member_id: str) -> None:
        """Note that it is open; the end may have been heard before, or be heard in this moment."""
        self._set(case_id, member_id, is_open=True)
        if self.closed.knows(case_id):
            self._set(case_id, member_id, is_open=False)

    def ended(self, case_id: str, member_id: str) -> None:
        """Note that it is closed: first for whoever hears of its beginning later, then at the member."""
        self.closed.note(case_id)
        self._set(case_id, member_id, is_open=False)

    def _set(self, case_id: str, member_id: str, *, is_open: bool) -> None:
        """Set it where the person is now: a doublet's complaints have moved to its survivor."""
        if not member_id:
            return
        now = self.clock.now()
        with suppress(NotFound):  # nobody of ours
            change_person(
                self.members,
                member_id,
                step=lambda stored: stored.complaining(case_id, is_open=is_open, now=now),
            )
