"""Works through one leased batch: policy, words, handover, record; what a dead dispatcher left is told apart first."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.care.domain.campaigns.campaign import CampaignState
from services.care.domain.channels import Channel
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.receipts import Receipt, ReceiptKind
from services.care.domain.sending.terms import terms_of
from services.care.domain.sending.touch import Touch, TouchState
from services.care.ports.sending import Batch, DayBooks, Handover, Senders, Settled, TouchBatches
from services.care.usecases.providers.hear_receipts import HearReceipts
from services.care.usecases.sending.judge_chunk import JudgeChunk, Judged, Scene, budget_of, ended
from services.care.usecases.sending.record_receipts import Fallbacks
from services.chassis.clock import Clock

CHUNK = 200
"""Touches between two records: what a crash can leave unknown, and one write for all of them."""
CIRCULAR_CHUNK = 1_000
"""The same of WeCom, a whole batch: equal texts that leave together are one task, and somebody confirms each task."""
LEAST_CHUNK = 8
"""However slow a provider is: so many leave side by side."""
CHUNK_TIME = timedelta(seconds=5)
"""About so long a chunk takes at most, by how the last one went: then a pause, a stop and an unsubscription hold."""
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
    judge_chunk: JudgeChunk
    days: DayBooks
    hear_receipts: HearReceipts
    clock: Clock
    pauses: tuple[timedelta, ...] = PAUSES
    outage_pause: timedelta = OUTAGE_PAUSE
    chunk: int = CHUNK
    circular_chunk: int = CIRCULAR_CHUNK
    _paces: dict[str, timedelta] = field(default_factory=dict)
    """By channel: how long a message of the last chunk took."""

    async def __call__(self, batch: Batch, lease: Lease) -> int:
        """Work until the batch is done, sending is stopped or paused, the provider is away or the lease is lost.

        Returns how many touches were settled.
        """
        if batch.sending:
            await self._file(await self.batches.opted_out(batch))
            await self.batches.interrupt(batch, self.clock.now())
        touches = await self.batches.planned(batch)
        settled = 0
        while touches:
            size = self._size(batch.channel)
            chunk, touches = touches[:size], touches[size:]
            scene = await self._scene(batch, chunk)
            if scene is None:
                await self.batches.release(batch, self.clock.now())
                return settled
            done, pause = await self._work(batch, chunk, scene=scene, lease=lease)
            settled += done
            if pause is not None:
                await self.batches.release(batch, self.clock.now() + pause)
                return settled
        await self.batches.finish(batch, self.clock.now())
        return settled

    def _size(self, channel: str) -> int:
        most = self.circular_chunk if channel == Channel.WECOM else self.chunk
        pace = self._paces.get(channel)
        return min(most, max(LEAST_CHUNK, CHUNK_TIME // pace)) if pace else most

    async def _scene(self, batch: Batch, chunk: Sequence[Touch]) -> Scene | None:
        """Read what the next chunk is judged by; None: nothing may leave now.

        Read anew, so that a pause holds soon, and so does the word of whoever unsubscribes while the batch is sent.
        """
        campaign, settings, days, recipients = await asyncio.gather(
            self.batches.campaign(batch.campaign_id),
            self.batches.settings(),
            self.days.read(),
            self.batches.recipients([touch.member_id for touch in chunk]),
        )
        if campaign.state is CampaignState.PAUSED or settings.stop:
            return None
        return Scene(campaign=campaign, settings=settings, recipients=recipients, days=days, now=self.clock.now())

    async def _work(
        self, batch: Batch, chunk: Sequence[Touch], *, scene: Scene, lease: Lease
    ) -> tuple[int, timedelta | None]:
        """Return how many touches were settled, and how long what was not taken waits; None: all was taken."""
        judged = await self.judge_chunk(chunk, scene)
        if judged.settled:
            await self.batches.record(batch, judged.settled, now=scene.now)
        if judged.held:
            await self.batches.hold(batch, judged.held, now=scene.now)
        if not judged.ready:
            return len(judged.settled), None
        leaving = [touch for touch, _ in judged.ready]
        if not lease.held() or not await self.batches.begin(batch, leaving):
            raise LeaseLost
        began = self.clock.now()
        handovers = await self.senders[batch.channel].send([message for _, message in judged.ready], lease.held)
        fates = list(zip(leaving, handovers, strict=True))
        settled = self._settled(fates, scene)
        now = self.clock.now()
        self._paces[batch.channel] = (now - began) / max(1, len(handovers) - handovers.count(Handover.NOT_REACHED))
        await self.batches.record(batch, [each for each in settled if each.reason is not Reason.OPTED_OUT], now=now)
        if Handover.OPTED_OUT in handovers:
            await self._hear([each for each in settled if each.reason is Reason.OPTED_OUT], now=now)
        await self.batches.end(batch, leaving)
        await self._postpone(batch, [touch for touch, fate in fates if self._waits(touch, fate)], now=now)
        await self._give_back(judged, fates, scene=scene)
        return len(judged.settled) + len(settled), self._pause(handovers)

    def _pause(self, handovers: Sequence[Handover]) -> timedelta | None:
        """Say how long what was not taken waits: a provider that took some has no room, one that took none is away."""
        if Handover.NOT_REACHED not in handovers:
            return None
        return timedelta() if Handover.ACCEPTED in handovers else self.outage_pause

    def _waits(self, touch: Touch, fate: Handover) -> bool:
        return fate is Handover.DEFERRED and touch.attempts < len(self.pauses)

    def _settled(self, fates: Sequence[tuple[Touch, Handover]], scene: Scene) -> list[Settled]:
        return [
            _end(touch, fate, scene=scene)
            for touch, fate in fates
            if fate is not Handover.NOT_REACHED and not self._waits(touch, fate)
        ]

    async def _hear(self, refusals: Sequence[Settled], *, now: datetime) -> None:
        """Let a "no" in the answer do what it does in a callback: the same path ends consent and settles the touch.

        A process that dies before leaves the touch unknown, as any whose answer is lost; the provider says it again.
        """
        receipts = [_refusal(each.touch, attempt=each.touch.attempts + 1, at=now) for each in refusals]
        await asyncio.to_thread(self.hear_receipts, receipts, {}, fallbacks=_fallbacks(refusals))

    async def _file(self, refusals: Sequence[Settled]) -> None:
        """File what a process that died had heard and settled: no provider says that once more."""
        if refusals:
            told = [_refusal(each.touch, attempt=each.touch.attempts, at=each.touch.updated_at) for each in refusals]
            await asyncio.to_thread(self.hear_receipts.record, told, fallbacks=_fallbacks(refusals))

    async def _postpone(self, batch: Batch, deferred: Sequence[Touch], *, now: datetime) -> None:
        for attempts in {touch.attempts for touch in deferred}:
            alike = [touch for touch in deferred if touch.attempts == attempts]
            await self.batches.postpone(batch, alike, due_at=now + self.pauses[attempts])

    async def _give_back(self, judged: Judged, fates: Sequence[tuple[Touch, Handover]], *, scene: Scene) -> None:
        if judged.claimed:
            unsent = [touch for touch, fate in fates if fate not in {Handover.ACCEPTED, Handover.UNCERTAIN}]
            await self.judge_chunk.claim_places.give_back(unsent, budget=budget_of(scene.campaign))


_MEANING: Mapping[Handover, tuple[TouchState, Reason | None]] = {
    Handover.ACCEPTED: (TouchState.SENT, None),
    Handover.REFUSED: (TouchState.FAILED, Reason.PROVIDER_REFUSED),
    Handover.OPTED_OUT: (TouchState.FAILED, Reason.OPTED_OUT),
    Handover.DEFERRED: (TouchState.FAILED, Reason.PROVIDER_REFUSED_TOO_OFTEN),
    Handover.QUOTA_SPENT: (TouchState.SKIPPED, Reason.QUOTA_SPENT),
    Handover.UNCERTAIN: (TouchState.UNKNOWN, Reason.INTERRUPTED),
}


def _end(touch: Touch, fate: Handover, *, scene: Scene) -> Settled:
    state, reason = _MEANING[fate]
    if reason is None:
        return Settled(touch, state)
    terms = terms_of(scene.campaign.as_planned(touch.version), step=touch.step)
    return ended(touch, state, reason=reason, recipient=scene.recipients.get(touch.member_id), terms=terms)


def _fallbacks(settled: Sequence[Settled]) -> Fallbacks:
    return {each.touch.id: each.fallback for each in settled}


def _refusal(touch: Touch, *, attempt: int, at: datetime) -> Receipt:
    return Receipt(
        provider=touch.channel,
        event_id=f"answer/{touch.id}/{attempt}",
        touch_id=touch.id,
        kind=ReceiptKind.FAILED,
        at=at,
        reason=Reason.OPTED_OUT,
        attempt=attempt,
    )
