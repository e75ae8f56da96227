"""Ends consent by one channel: the person said so to the provider."""

from contextlib import suppress
from dataclasses import dataclass

from services.care.domain.channels import Channel
from services.care.domain.members.consents import ASKED_FOR, ConsentSource, ConsentWord
from services.care.domain.members.member import Member
from services.care.ports.members import Members
from services.care.usecases.members.personal_data import person_of
from services.chassis.clock import Clock
from services.chassis.errors import NotFound

PROOF = "reply to a message"


@dataclass(frozen=True, slots=True)
class EndConsent:
    """Done again, nothing more is allowed than before."""

    members: Members
    clock: Clock

    def __call__(self, member_id: str, channel: Channel, *, touch_id: str) -> None:
        """Withdraw what was allowed, of the survivor if the member is a doublet; `touch_id`: the message, if known."""
        now = self.clock.now()

        def step(member: Member) -> Member:
            if member.erased_time is not None:
                return member
            words = [
                ConsentWord(
                    channel=channel,
                    purpose=purpose,
                    granted=False,
                    source=ConsentSource.PERSON,
                    time=now,
                    proof=PROOF,
                    touch_id=touch_id,
                )
                for purpose in ASKED_FOR
            ]
            return member.take_over({}, now=now, words=words)

        with suppress(NotFound):  # a doublet that was written to is one person with who stays
            self.members.change(person_of(self.members, member_id).id, step, etag="", request_key="")
