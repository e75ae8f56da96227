"""What a dispatcher works with: batches under a lease, the channels, the words, the provider."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from services.care.domain.calendars.day_book import DayBook
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.findings import WordsMistake
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.channels import Channel
from services.care.domain.sending.message import Message, Rendered
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.settings import SendingSettings
from services.care.domain.sending.touch import Touch, TouchState


@dataclass(frozen=True, slots=True)
class Batch:
    """Up to 1,000 touches of one channel that are due together, leased by one dispatcher."""

    id: str
    campaign_id: str
    channel: str
    token: int
    """Fencing token of the lease."""
    sending: tuple[str, str] | None
    """First and last id of the touches that were being sent when an earlier lease ended; None: none."""


class TouchBatches(Protocol):
    """The ledger as a dispatcher works through it. Every write is fenced by the batch's token."""

    async def lease(self, now: datetime, *, busy: Collection[str] = ()) -> Batch | None:
        """Take the next due batch that no living dispatcher holds, of no busy channel, or None."""

    async def campaign(self, campaign_id: str) -> Campaign:
        """Return the campaign as it stands now."""

    async def settings(self) -> SendingSettings:
        """Return the company's rules as they stand now."""

    async def renew(self, batch: Batch) -> bool:
        """Prolong the lease; False if it is lost."""

    async def planned(self, batch: Batch) -> list[Touch]:
        """Return the touches still to do, in the order of their ids."""

    async def recipients(self, member_ids: Sequence[str]) -> dict[str, Recipient]:
        """Return the members that exist, by id."""

    async def begin(self, batch: Batch, chunk: Sequence[Touch]) -> bool:
        """Note that these touches are about to be handed over; False: do not send.

        The lease is lost, or the database has forgotten, in a crash, what became of those that were noted before.
        """

    async def record(self, batch: Batch, outcomes: Sequence["Settled"], *, now: datetime) -> None:
        """Store what became of them; a touch that somebody else has settled meanwhile stays as it is."""

    async def end(self, batch: Batch, chunk: Sequence[Touch]) -> None:
        """Note that what became of this chunk is recorded; nothing happens where another one is noted."""

    async def postpone(self, batch: Batch, touches: Sequence[Touch], *, due_at: datetime) -> None:
        """Put them into a new batch that is due later, one attempt the richer."""

    async def hold(self, batch: Batch, held: Sequence["Held"], *, now: datetime) -> None:
        """Put them into new batches that are due when they may leave; no attempt is counted."""

    async def stand_in(self, batch: Batch, now: datetime) -> None:
        """Plan the touches that take over from those of this batch whose channel could not be used."""

    async def interrupt(self, batch: Batch, now: datetime) -> int:
        """Mark what an earlier lease was sending as unknown; return how many."""

    async def opted_out(self, batch: Batch) -> list["Settled"]:
        """Return, of what an earlier lease was sending, what failed because the person wants nothing more."""

    async def finish(self, batch: Batch, now: datetime) -> None:
        """Plan what takes over, close the batch and say what became of it; as `begin`, only who holds it may."""

    async def release(self, batch: Batch, due_at: datetime) -> None:
        """Give the batch back; it is due again at the moment given."""


class UnknownTouches(Protocol):
    """Touches whose fate the provider may know."""

    async def unknown(
        self, before: datetime, *, channels: Collection[str], after: Touch | None, most: int
    ) -> list[Touch]:
        """Return so many at most of these channels that have been unknown since before the moment given.

        They come in a fixed order, beginning after the touch given.
        """

    async def settle(self, touches: Sequence[Touch], *, was_sent: bool, now: datetime) -> None:
        """Record as sent, or plan again; what is of one campaign and channel leaves together."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one touch."""

    touch: Touch
    state: TouchState
    reason: Reason | None = None
    fallback: Channel | None = None
    """The channel that takes over."""


@dataclass(frozen=True, slots=True)
class Held:
    """A touch that must wait."""

    touch: Touch
    until: datetime
    reason: Reason


class Handover(Enum):
    """What a channel says of one message."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """For good: this address, or these words."""
    OPTED_OUT = "opted out"
    """For good: the person has told the provider to get nothing more by this channel."""
    DEFERRED = "deferred"
    """Not now: try later."""
    NOT_REACHED = "not reached"
    """The provider is away and never saw the message."""
    UNCERTAIN = "uncertain"
    """The connection broke after the message was handed over and before the answer."""
    QUOTA_SPENT = "quota spent"
    """The channel allows no further message to this member at present; it never saw this one."""


class ChannelSender(Protocol):
    """One channel, whatever number of providers stands behind it."""

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        """Hand over messages side by side, each at most once; tell the fate of each, in their order.

        Once `may_go_on` says no, the rest is NOT_REACHED. Raises nothing that a provider can cause.
        """

    async def close(self) -> None:
        """Say goodbye to the provider."""


Senders = Mapping[str, ChannelSender]
"""By channel. A channel that is not in it is not set up: its touches fall back to the next one of their plan."""


class ProviderSilent(Exception):
    """The provider does not answer now."""


class ProviderLookup(Protocol):
    """Asks the provider about one message."""

    async def has(self, message_id: str) -> bool | None:
        """Say whether it was accepted; None: nobody can tell of this one. Raises ProviderSilent."""


class DayBooks(Protocol):
    """What is known of days, for many batches at once."""

    async def read(self) -> DayBook:
        """Return what was known some seconds ago at most."""


class Words(Protocol):
    """Renders the words of a campaign."""

    def render(self, campaign: Campaign, recipient: Recipient, *, touch: Touch) -> Rendered:
        """Return the words for the touch's channel in the recipient's language, or raise `WordsFailed`."""

    def check(self, campaign: Campaign) -> None:
        """Refuse with TEMPLATE_INVALID the first of the mistakes."""

    def mistakes(self, plan: CampaignPlan) -> Iterator[WordsMistake]:
        """Yield what keeps words of the plan from being sent, with the paths of the fields."""
