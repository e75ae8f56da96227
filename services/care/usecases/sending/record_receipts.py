"""Records what providers tell of messages that they accepted; the same word twice, or late, changes nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from services.care.domain.channels import Channel
from services.care.domain.members.member import Member
from services.care.domain.members.merging import shares_address
from services.care.domain.sending.channel_choice import stand_in
from services.care.domain.sending.events import Engagement, TouchEngaged, TouchFailed, TouchOutcome
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.receipts import (
    ENGAGED,
    SUPPRESSES,
    Receipt,
    engagement_of,
    outcome_of,
)
from services.care.domain.sending.terms import terms_of
from services.care.domain.sending.touch import Touch, TouchState
from services.care.ports.campaigns import Campaigns
from services.care.ports.members import Members
from services.care.ports.receipts import ReceiptBook
from services.care.ports.sending import Settled
from services.care.usecases.members.personal_data import person_of
from services.chassis.clock import Clock
from services.chassis.errors import NotFound

_MOST_ROUNDS = 5
"""So often the same words may be filed by another process meanwhile."""
Fallbacks = Mapping[str, Channel | None]
"""By touch: the channel that takes over, or None, where whoever tells has decided it already."""
UNDECIDED: Fallbacks = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RecordReceipts:
    """Effects first, each of which can be repeated; then the words are filed: a crash between makes nothing double."""

    book: ReceiptBook
    members: Members
    campaigns: Campaigns
    clock: Clock

    def __call__(self, receipts: Sequence[Receipt], *, fallbacks: Fallbacks = UNDECIDED) -> int:
        """Return how many words were new. One about a touch that nobody knows is filed and does nothing."""
        for _ in range(_MOST_ROUNDS):
            new = self.book.unknown_of(receipts)
            if not new:
                return 0
            if self.book.file(new, said=self._take(new, fallbacks, now=self.clock.now())):
                return len(new)
        return 0

    def _take(self, receipts: Sequence[Receipt], fallbacks: Fallbacks, *, now: datetime) -> list[object]:
        """Let the words take effect; return what is to be said of them."""
        touches = self.book.touches([receipt.touch_id for receipt in receipts])
        engagements: dict[str, list[Engagement]] = defaultdict(list)
        failures: dict[str, list[TouchOutcome]] = defaultdict(list)
        settled: dict[str, Settled] = {}
        for receipt in sorted(receipts, key=lambda each: each.at):
            touch = touches.get(receipt.touch_id)
            if touch is None:
                continue
            if receipt.kind in SUPPRESSES:
                self._suppress(touch, receipt, now=now)
            if receipt.kind in ENGAGED:
                engagements[touch.campaign_id].append(engagement_of(touch, receipt))
            end = outcome_of(touch, receipt)
            if end is not None:
                handed = replace(touch, attempts=max(touch.attempts, receipt.attempt))
                settled[touch.id] = self._settled(handed, fallbacks, end=end)
        for each in settled.values():
            if each.state is TouchState.FAILED:
                failures[each.touch.campaign_id].append(_failure(each))
        self.book.stand_in([_given_way(each.touch, each.fallback) for each in settled.values() if each.fallback])
        self.book.settle(list(settled.values()))
        return [
            *(
                TouchEngaged(campaign_id=key, engagements=tuple(each), occurred_time=now)
                for key, each in engagements.items()
            ),
            *(TouchFailed(campaign_id=key, outcomes=tuple(each), occurred_time=now) for key, each in failures.items()),
        ]

    def _suppress(self, touch: Touch, receipt: Receipt, *, now: datetime) -> None:
        """Close the address with whom it was written to, and with who took it over when that one was a doublet."""
        channel, reached = Channel(touch.channel), touch.member_id

        def step(member: Member) -> Member:
            same = member.id == touch.member_id or shares_address(told, member, by=channel)
            return member.suppress(channel, receipt.kind.value, now=now) if same else member

        with suppress(NotFound):
            told = self.members.get(reached)
            while reached:  # from the doublet on: who is merged later takes it along
                reached = self.members.change(reached, step, etag="", request_key="").merged_into_id

    def _settled(self, touch: Touch, fallbacks: Fallbacks, *, end: tuple[TouchState, Reason | None]) -> Settled:
        state, reason = end
        fallback = fallbacks.get(touch.id)
        if reason and touch.id not in fallbacks:
            with suppress(NotFound):
                campaign = self.campaigns.get(touch.campaign_id).as_planned(touch.version)
                channels = terms_of(campaign, step=touch.step).channels
                wish = person_of(self.members, touch.member_id).preferred_channel or ""
                fallback = stand_in(touch, reason, wish=wish, channels=channels)
        return Settled(touch, state, reason, fallback)


def _given_way(touch: Touch, to: Channel) -> Touch:
    return replace(touch, fallback_channel=to.value)


def _failure(settled: Settled) -> TouchOutcome:
    touch, reason = settled.touch, settled.reason or Reason.NOT_DELIVERED
    return TouchOutcome(touch_id=touch.id, member_id=touch.member_id, state=TouchState.FAILED, reason=reason.value)
