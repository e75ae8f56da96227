"""What the holder of a link in a message reads and says."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.care.domain.channels import Channel, Purpose
from services.care.domain.members.consents import ASKED_FOR, ConsentSource, ConsentWord, current
from services.care.domain.members.links import Link, LinkInvalid
from services.care.domain.members.member import Member
from services.care.ports.links import ReadableLinks
from services.care.ports.members import Members
from services.care.usecases.members.personal_data import change_person, person_of
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField, NotFound

Choice = tuple[Channel, Purpose, bool]
OFFERED = tuple((channel, purpose) for channel in Channel if channel is not Channel.WEBHOOK for purpose in ASKED_FOR)
"""What a person is asked about: a webhook reaches no person."""
PROOF = "link in a message"


def choices(member: Member) -> list[Choice]:
    """Return what the member allows, over all that is offered; somebody who was erased allows nothing."""
    return [(channel, purpose, member.allows(channel, purpose)) for channel, purpose in OFFERED]


@dataclass(frozen=True, slots=True)
class ReadPreferences:
    """Reads; changes nothing."""

    members: Members
    links: ReadableLinks

    def __call__(self, token: str) -> tuple[Link, Member]:
        """Return the link and the member it leads to, a doublet's survivor; refuses with LINK_INVALID."""
        link = self.links.read(token)
        try:
            return link, person_of(self.members, link.member_id)
        except NotFound:
            raise LinkInvalid from None


@dataclass(frozen=True, slots=True)
class ChangePreferences:
    """Takes over what the person says, at once."""

    read: ReadPreferences
    members: Members
    clock: Clock

    def __call__(self, token: str, asked: Sequence[Choice], *, everything: bool) -> Member:
        """Return the member after the change; what is so already is not said again."""
        if everything == bool(asked):
            raise InvalidField("preferences", "Name preferences, or unsubscribe from all: one of the two.")
        link, member = self.read(token)
        wanted = [(channel, purpose, False) for channel, purpose in OFFERED] if everything else list(asked)
        strange = [(channel, purpose) for channel, purpose, _ in wanted if (channel, purpose) not in OFFERED]
        if strange:
            raise InvalidField("preferences", f"{strange[0][0].value} for {strange[0][1].value} is not offered.")
        return change_person(self.members, member.id, step=lambda old: self._said(old, wanted, link=link))

    def _said(self, member: Member, wanted: Sequence[Choice], *, link: Link) -> Member:
        if member.erased_time is not None:
            return member
        now = self.clock.now()
        words = [
            ConsentWord(
                channel=channel,
                purpose=purpose,
                granted=granted,
                source=ConsentSource.PERSON,
                time=now,
                proof=PROOF,
                touch_id=link.touch_id,
            )
            for channel, purpose, granted in wanted
            if not _said_before(member, channel, purpose=purpose, granted=granted)
        ]
        return member.take_over({}, now=now, words=words)


def _said_before(member: Member, channel: Channel, *, purpose: Purpose, granted: bool) -> bool:
    known = current(member.consent_facts, channel=channel, purpose=purpose)
    if known is None or known.pending:
        return False
    return known.granted == granted and (granted or known.source is ConsentSource.PERSON)
