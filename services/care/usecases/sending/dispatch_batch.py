"""Works through one leased batch: policy, words, handover, record; what a dead dispatcher left is told apart first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.campaigns.words import WordsFailed
from services.care.domain.channels import Channel
from services.care.domain.sending.message import Message
from services.care.domain.sending.policy import reason_to_skip
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.touch import Touch, TouchState, message_id
from services.care.ports.sending import Batch, Handover, Senders, Settled, TouchBatches, Words
from services.chassis.clock import Clock

CHUNK = 100
"""Touches between two records: what a crash can leave unknown, and one write for all of them."""
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (60, 300, 1800, 7200))
"""Growing pauses after a temporary refusal; after the last one the touch has failed."""
OUTAGE_PAUSE = timedelta(seconds=5)
"""How long a batch waits when the provider is away; nothing was handed over, so no attempt is counted."""


class LeaseLost(Exception):
    """Another dispatcher holds the batch now; whatever was being sent is settled by it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Keeps a batch while it is worked on; `held` is judged by this process's own clock."""

    held: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class DispatchBatch:
    """Sends one batch. Killing it anywhere leaves at most one chunk unknown, and nothing lost or doubled."""

    batches: TouchBatches
    senders: Senders
    words: Words
    clock: Clock
    message_domain: str
    pauses: tuple[timedelta, ...] = PAUSES
    outage_pause: timedelta = OUTAGE_PAUSE

    async def __call__(self, batch: Batch, lease: Lease) -> int:
        """Work until the batch is done, its campaign is paused, the provider is away or the lease is lost.

        Returns how many touches were settled.
        """
        if batch.sending:
            await self.batches.interrupt(batch, self.clock.now())
        touches = await self.batches.planned(batch)
        recipients = await self.batches.recipients([touch.member_id for touch in touches])
        settled = 0
        for first in range(0, len(touches), CHUNK):
            campaign = await self.batches.campaign(batch.campaign_id)
            if campaign.state is CampaignState.PAUSED:
                await self.batches.release(batch, self.clock.now())
                return settled
            chunk = touches[first : first + CHUNK]
            done, away = await self._work(batch, chunk, campaign=campaign, recipients=recipients, lease=lease)
            settled += done
            if away:
                await self.batches.release(batch, self.clock.now() + self.outage_pause)
                return settled
        await self.batches.finish(batch, self.clock.now())
        return settled

    async def _work(
        self,
        batch: Batch,
        chunk: Sequence[Touch],
        *,
        campaign: Campaign,
        recipients: dict[str, Recipient],
        lease: Lease,
    ) -> tuple[int, bool]:
        """Return how many touches were settled, and whether the provider is away."""
        unsent, messages = self._decide(chunk, campaign, recipients=recipients)
        if unsent:
            await self.batches.record(batch, unsent, now=self.clock.now())
        if not messages:
            return len(unsent), False
        if not lease.held() or not await self.batches.begin(batch, [touch for touch, _ in messages]):
            raise LeaseLost
        handovers = await self.senders[batch.channel].send([message for _, message in messages], lease.held)
        settled: list[Settled] = []
        deferred: list[Touch] = []
        for (touch, _), handover in zip(messages, handovers, strict=True):
            if handover is Handover.DEFERRED and touch.attempts < len(self.pauses):
                deferred.append(touch)
            elif handover is not Handover.NOT_REACHED:
                settled.append(_settled(touch, handover))
        now = self.clock.now()
        await self.batches.record(batch, settled, now=now)
        await self._postpone(batch, deferred, now=now)
        return len(unsent) + len(settled), Handover.NOT_REACHED in handovers

    async def _postpone(self, batch: Batch, deferred: Sequence[Touch], *, now: datetime) -> None:
        for attempts in {touch.attempts for touch in deferred}:
            alike = [touch for touch in deferred if touch.attempts == attempts]
            await self.batches.postpone(batch, alike, due_at=now + self.pauses[attempts])

    def _decide(
        self, chunk: Sequence[Touch], campaign: Campaign, *, recipients: dict[str, Recipient]
    ) -> tuple[list[Settled], list[tuple[Touch, Message]]]:
        now = self.clock.now()
        settled: list[Settled] = []
        messages: list[tuple[Touch, Message]] = []
        for touch in chunk:
            recipient, planned = recipients.get(touch.member_id), campaign.as_planned(touch.version)
            if touch.channel not in self.senders:
                settled.append(Settled(touch, TouchState.SKIPPED, Reason.CHANNEL_NOT_SET_UP))
                continue
            reason = reason_to_skip(touch, planned, recipient=recipient, now=now)
            if reason is not None or recipient is None:
                settled.append(Settled(touch, TouchState.SKIPPED, reason))
                continue
            try:
                words = self.words.render(planned, recipient, touch=touch)
            except WordsFailed:
                settled.append(Settled(touch, TouchState.FAILED, Reason.TEMPLATE_FAILED))
                continue
            name = message_id(touch.id, touch.attempts + 1, domain=self.message_domain)
            to = recipient.address(Channel(touch.channel))
            messages.append((touch, Message(name, to, words.subject, words.body, words.headers, touch)))
        return settled, messages


_MEANING = {
    Handover.ACCEPTED: (TouchState.SENT, None),
    Handover.REFUSED: (TouchState.FAILED, Reason.PROVIDER_REFUSED),
    Handover.DEFERRED: (TouchState.FAILED, Reason.PROVIDER_REFUSED_TOO_OFTEN),
    Handover.QUOTA_SPENT: (TouchState.SKIPPED, Reason.QUOTA_SPENT),
    Handover.UNCERTAIN: (TouchState.UNKNOWN, Reason.INTERRUPTED),
}


def _settled(touch: Touch, handover: Handover) -> Settled:
    state, reason = _MEANING[handover]
    return Settled(touch, state, reason)
