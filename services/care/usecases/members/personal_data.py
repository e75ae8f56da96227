"""What is held of a person: shown as a whole, or forgotten."""

from collections.abc import Callable
from dataclasses import dataclass

from services.care.domain.members.erasure import erase
from services.care.domain.members.member import Member
from services.care.domain.members.privacy import Act
from services.care.ports.members import Members
from services.care.ports.privacy import PersonalData, PrivacyActs
from services.care.usecases.visits.visits import WithdrawVisits
from services.chassis.checks import line
from services.chassis.clock import Clock
from services.chassis.ids import check_id

MOST_REASON = 200


@dataclass(frozen=True, slots=True)
class ExportMember:
    """Shows everything; who asked is noted first."""

    members: Members
    data: PersonalData
    acts: PrivacyActs
    clock: Clock

    def __call__(self, member_id: str, *, by: str) -> str:
        """Return one JSON document, or refuse with INVALID_ID or MEMBER_NOT_FOUND."""
        person = person_of(self.members, check_id(member_id, "mem", field="member_id"))
        self.acts.note(person.id, Act.EXPORTED, by=by, reason="", now=self.clock.now())
        return self.data.export((person.id, *person.merged_ids))


@dataclass(frozen=True, slots=True)
class EraseMember:
    """Forgets a person with all doublets. What a process that ends in between leaves, `SettleEnded` finishes."""

    members: Members
    data: PersonalData
    acts: PrivacyActs
    withdraw_visits: WithdrawVisits
    clock: Clock

    def __call__(self, member_id: str, *, by: str, reason: str) -> Member:
        """Return what is left of the person."""
        key = check_id(member_id, "mem", field="member_id")
        why = line(reason, "reason", most=MOST_REASON, least=1)
        self.acts.note_once(person_of(self.members, key).id, Act.ERASED, by=by, reason=why, now=self.clock.now())
        self.forget(key)
        return self.members.get(key)

    def forget(self, member_id: str) -> None:
        """Forget everybody that the person is, also whom somebody merges with them until they are erased."""
        now, done = self.clock.now(), tuple[str, ...]()
        while (family := self._family(member_id)) != done:
            for each in reversed(family):  # the survivor last: it leads a repeat to the others
                self.members.change(each, lambda member: erase(member, now=now), etag="", request_key="")
            self.withdraw_visits(family)
            self.data.forget(family, now=now)
            done = family

    def _family(self, member_id: str) -> tuple[str, ...]:
        person = person_of(self.members, member_id)
        return (person.id, *person.merged_ids)


def person_of(members: Members, member_id: str) -> Member:
    """Return the member, or the survivor of a doublet."""
    member = members.get(member_id)
    while member.merged_into_id:
        member = members.get(member.merged_into_id)
    return member


def change_person(members: Members, member_id: str, *, step: Callable[[Member], Member]) -> Member:
    """Apply a step to whom the member is now, and return the outcome: merged meanwhile, the survivor is changed."""
    while True:
        person = person_of(members, member_id)
        after = members.change(
            person.id, lambda stored: stored if stored.merged_into_id else step(stored), etag="", request_key=""
        )
        if not after.merged_into_id:
            return after
