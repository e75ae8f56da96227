"""Ask people to confirm a consent, and take in what they answer by the link."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.confirmation import built_in_confirmation
from services.care.domain.channels import Channel
from services.care.domain.members.asking import confirmation_campaign
from services.care.domain.members.confirmations import asked_by, asking_messages, confirmed
from services.care.domain.members.consents import Consent
from services.care.domain.members.member import Member
from services.care.domain.sending.touch import Touch
from services.care.ports.campaigns import Campaigns
from services.care.ports.members import Members, MembersToAsk
from services.care.ports.planning import PlannedTouches
from services.care.usecases.members.personal_data import change_person
from services.care.usecases.members.preferences import ReadPreferences
from services.chassis.clock import Clock
from services.chassis.ids import new_id

PAGE = 500


@dataclass(frozen=True, slots=True)
class AskForConfirmations:
    """Plans the messages that ask. Repeating it, or killing it anywhere, sends nobody the same twice.

    The id of a message is that of the word it asks to confirm; a member is noted as asked last.
    """

    members: MembersToAsk
    campaigns: Campaigns
    touches: PlannedTouches
    clock: Clock

    def __call__(self, leading: Callable[[], bool]) -> int:
        """Return how many messages were planned."""
        planned, noted = 0, PAGE
        while noted and leading():
            page = self.members.unasked(most=PAGE)
            alike: dict[tuple[str, str], list[Touch]] = defaultdict(list)
            for message in (message for member in page for message in asking_messages(member)):
                alike[message.channel, message.date].append(message)
            planned += sum(self._plan(group) for group in alike.values())
            noted = sum(self.members.asked(member) for member in page)
        return planned

    def _plan(self, alike: Sequence[Touch]) -> int:
        """Plan messages by one channel that were asked for on one day, by the words of that day."""
        campaign = self._campaign(Channel(alike[0].channel)).on(date.fromisoformat(alike[0].date))
        batch_id, version = new_id("bat", self.clock.now()), campaign.plan_version
        priority = campaign.plan.priority
        return self.touches.plan(
            [replace(each, batch_id=batch_id, version=version, priority=priority) for each in alike]
        )

    def _campaign(self, channel: Channel) -> Campaign:
        known = self.campaigns.batch_get([confirmation_campaign(channel)])
        return known[0] if known else self.campaigns.add(built_in_confirmation(channel, now=self.clock.now()), "")


@dataclass(frozen=True, slots=True)
class ReadConfirmation:
    """Reads; changes nothing, for programs that look at links open them too."""

    read: ReadPreferences
    clock: Clock

    def __call__(self, token: str) -> tuple[Consent, Member]:
        """Return what the link asks for, or what was confirmed by it; refuses LINK_INVALID, CONFIRMATION_ENDED."""
        link, member = self.read(token)
        return asked_by(member.consent_facts, link, now=self.clock.now()), member


@dataclass(frozen=True, slots=True)
class ConfirmConsent:
    """Takes the person's word over, at once."""

    read: ReadPreferences
    members: Members
    clock: Clock

    def __call__(self, token: str) -> Consent:
        """Return what is granted now; a repeat changes nothing. Refuses with LINK_INVALID, CONFIRMATION_ENDED."""
        link, member = self.read(token)
        now = self.clock.now()
        after = change_person(self.members, member.id, step=lambda old: confirmed(old, link, now=now))
        return asked_by(after.consent_facts, link, now=now)
