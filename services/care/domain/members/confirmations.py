"""A consent that counts once the person has confirmed it by a link: who can be asked, and what a link answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.care.domain.channels import Channel, Purpose
from services.care.domain.members.asking import CONFIRMED_BY, OPEN_FOR, confirmation_campaign, confirmation_occurrence
from services.care.domain.members.consents import Consent, ConsentSource, ConsentWord
from services.care.domain.members.links import Link
from services.care.domain.members.member import Member
from services.care.domain.sending.touch import Touch
from services.chassis.errors import DomainError, Kind

PROOF = "confirmed by the link in a message"


class LinksNotSetUp(DomainError):
    kind, reason = Kind.PRECONDITION, "LINKS_NOT_SET_UP"

    def __init__(self) -> None:
        super().__init__("Messages carry no links here, so nobody can confirm: set PUBLIC_URL and LINK_KEY_FILE.")


class MemberNotReachable(DomainError):
    """Nobody can be asked who gets no message by this channel."""

    kind, reason = Kind.PRECONDITION, "MEMBER_NOT_REACHABLE"


class ConfirmationEnded(DomainError):
    """The link asks for nothing any more: its time is over, something newer was said, or another message was sent."""

    kind, reason = Kind.PRECONDITION, "CONFIRMATION_ENDED"

    def __init__(self) -> None:
        super().__init__("This link is not open any more. Use the newest message, or ask for another one.")


@dataclass(frozen=True, slots=True)
class ConfirmationRule:
    """Which grants count only once the person has confirmed them."""

    can_ask: bool
    """Whether messages carry links here."""
    marketing: bool = False
    """Every grant for marketing by a channel that can ask, whoever records it."""

    def applied(self, word: ConsentWord, *, granted: bool, confirm: bool) -> ConsentWord:
        """Return the word as it is to be recorded; `granted`: as things stand, `confirm`: as the caller wishes.

        A wish to confirm what is no grant changes nothing. Refuses with LINKS_NOT_SET_UP.
        """
        due = self.marketing and word.purpose is Purpose.MARKETING and word.channel in CONFIRMED_BY and not granted
        if not word.granted or not (confirm or due):
            return word
        self.require_links()
        return word.awaiting()

    def require_links(self) -> None:
        """Refuse with LINKS_NOT_SET_UP where nobody can confirm."""
        if not self.can_ask:
            raise LinksNotSetUp


def require_reachable(member: Member, channel: Channel) -> None:
    """Refuse with MEMBER_NOT_REACHABLE whoever gets no message by this channel."""
    address = member.email if channel is Channel.EMAIL else member.phone
    why = "DO_NOT_CONTACT" if member.do_not_contact else "ADDRESS_SUPPRESSED" if channel in member.suppressed else ""
    if why or not address:
        told = {"member_id": member.id, "channel": channel.value, "why": why or "NO_ADDRESS"}
        raise MemberNotReachable("The member cannot be asked: no message would reach them by this channel.", **told)


def asking_messages(member: Member) -> list[Touch]:
    """Return the messages that ask a member for what is awaited, before they have a batch; due when it was asked."""
    return [
        Touch(
            id=fact.asked_touch_id,
            campaign_id=confirmation_campaign(fact.channel),
            member_id=member.id,
            occurrence=confirmation_occurrence(fact.purpose, fact.recorded_time),
            channel=fact.channel.value,
            date=fact.recorded_time.date().isoformat(),
            due_at=fact.recorded_time,
            batch_id="",
            updated_at=fact.recorded_time,
            purpose=Purpose.SERVICE,
        )
        for fact in member.consent_facts
        if fact.pending
    ]


def asked_by(facts: Sequence[Consent], link: Link, *, now: datetime) -> Consent:
    """Return what a link asks for, or what was confirmed by it; refuses with CONFIRMATION_ENDED."""
    for fact in facts:
        open_ = fact.pending and fact.asked_touch_id == link.touch_id and now < fact.recorded_time + OPEN_FOR
        if open_ or is_confirmed_by(fact, link):
            return fact
    raise ConfirmationEnded


def is_confirmed_by(fact: Consent, link: Link) -> bool:
    """Say whether this grant was given by the link."""
    return fact.granted and fact.touch_id == link.touch_id


def confirmed(member: Member, link: Link, *, now: datetime) -> Member:
    """Return the member who has confirmed what the link asks for, or who had; refuses with CONFIRMATION_ENDED."""
    fact = asked_by(member.consent_facts, link, now=now)
    if fact.granted:
        return member
    word = ConsentWord(
        channel=fact.channel,
        purpose=fact.purpose,
        granted=True,
        source=ConsentSource.PERSON,
        time=now,
        proof=PROOF,
        touch_id=link.touch_id,
    )
    return member.take_over({}, now=now, words=[word])
