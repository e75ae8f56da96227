"""Record what a member allows."""

from dataclasses import dataclass, replace

from services.care.domain.members.consents import MOST_PROOF, ConsentSource, ConsentWord
from services.care.domain.members.member import Member
from services.care.ports.members import Members
from services.chassis.checks import request_key, text
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """Takes over one word for one channel and purpose."""

    members: Members
    clock: Clock

    def __call__(self, member_id: str, word: ConsentWord, *, etag: str, request_id: str) -> Member:
        """Return the member after the change; a word that must not replace what is on record changes nothing."""
        now = self.clock.now()
        told = replace(word.checked(now), proof=text(word.proof, "proof", most=MOST_PROOF))
        if told.granted and told.source is ConsentSource.PERSON and not told.proof:
            raise InvalidField("proof", "proof is missing: say what shows that the person agreed.")
        return self.members.change(
            check_id(member_id, "mem", field="member_id"),
            lambda member: member.take_over({}, now=now, words=[told]),
            etag=etag,
            request_key=request_key("consent", request_id),
        )
