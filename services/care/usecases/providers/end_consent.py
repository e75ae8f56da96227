"""Ends consent by one channel: the person said so to the provider."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.care.domain.channels import Channel
from services.care.domain.members import consents
from services.care.domain.members.consents import ASKED_FOR, ConsentSource, ConsentWord
from services.care.domain.members.member import Member
from services.care.ports.members import Members
from services.care.usecases.members.personal_data import change_person
from services.chassis.clock import Clock
from services.chassis.errors import NotFound

PROOF = "reply to a message"
LATEST = timedelta(days=7)
"""No provider tells later; a moment before that, or to come, is a clock that is wrong."""


@dataclass(frozen=True, slots=True)
class EndConsent:
    """Told again, the same refusal changes nothing."""

    members: Members
    clock: Clock

    def __call__(self, member_id: str, channel: Channel, *, at: datetime, touch_id: str) -> None:
        """Withdraw what was allowed, of the survivor if the member is a doublet; `touch_id`: the message, if known."""
        now = self.clock.now()
        said = at if now - LATEST <= at <= now else now

        def step(member: Member) -> Member:
            if member.erased_time is not None:
                return member
            words = list(_words(member, channel, said=said, touch_id=touch_id))
            return member.take_over({}, now=now, words=words) if words else member

        with suppress(NotFound):  # a doublet that was written to is one person with who stays
            change_person(self.members, member_id, step=step)


def _words(member: Member, channel: Channel, *, said: datetime, touch_id: str) -> Iterator[ConsentWord]:
    """Yield what is not on record yet; a refusal that comes late closes what was opened meanwhile, to be safe."""
    for purpose in ASKED_FOR:
        known = consents.current(member.consent_facts, channel=channel, purpose=purpose)
        if known and not known.granted and known.source is ConsentSource.PERSON and known.time >= said:
            continue
        yield ConsentWord(
            channel=channel,
            purpose=purpose,
            granted=False,
            source=ConsentSource.PERSON,
            time=max(said, known.time) if known else said,
            proof=PROOF,
            touch_id=touch_id,
        )
