"""Follows tasks in WeCom to their end: asks what became of them, reminds, and makes a call of what nobody confirms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from services.care.domain.campaigns.campaign import CampaignState
from services.care.domain.providers.broadcasts import LOOK_PAUSE, Broadcast, BroadcastEnd, Step, next_step
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.receipts import Receipt, ReceiptKind
from services.care.domain.visits.call_task import CallTask
from services.care.domain.visits.kinds import VisitKind
from services.care.ports.broadcasts import Broadcasts, BroadcastTasks, WecomSilent
from services.care.ports.campaigns import Campaigns
from services.care.ports.sending_settings import Settings
from services.care.ports.visits import CallTasks
from services.care.usecases.sending.record_receipts import RecordReceipts
from services.chassis import logs
from services.chassis.clock import Clock
from services.chassis.errors import DomainError

MOST_AT_ONCE = 200
"""Tasks that one round looks at; each costs WeCom at most three calls."""
_REASONS = {
    BroadcastEnd.QUOTA_FULL: Reason.QUOTA_SPENT,
    BroadcastEnd.NOT_A_FRIEND: Reason.NOT_A_FRIEND,
    BroadcastEnd.NOT_CONFIRMED: Reason.NOT_CONFIRMED,
    BroadcastEnd.WITHDRAWN: Reason.WITHDRAWN,
}
_log = logs.get("care.broadcasts")


@dataclass(frozen=True, slots=True)
class FollowBroadcasts:
    """One round of the leader. Doing it twice tells nobody twice."""

    broadcasts: Broadcasts
    campaigns: Campaigns
    rules: Settings
    record: RecordReceipts
    call_tasks: CallTasks
    clock: Clock
    zone: ZoneInfo
    """The company's, where its people work."""

    async def __call__(self, leading: Callable[[], bool], tasks_of: Callable[[str], BroadcastTasks | None]) -> int:
        """Return how many tasks came to their end; `tasks_of` a provider is None where it cannot be asked."""
        due = self.broadcasts.due(self.clock.now(), most=MOST_AT_ONCE)
        if not due:
            return 0
        stopped = self.rules.get().stop is not None
        ids = sorted({each.campaign_id for each in due})
        states = {each.id: each.state for each in self.campaigns.batch_get(ids)}
        ended = 0
        for broadcast in due:
            if not leading():
                break
            # Put off before anything else: one that cannot be followed does not stand in the way of the others.
            self.broadcasts.look_later(broadcast, self.clock.now() + LOOK_PAUSE)
            tasks = tasks_of(broadcast.provider_id)
            if tasks is None:
                continue
            try:
                state = states.get(broadcast.campaign_id)
                unwanted = stopped or broadcast.unwanted or state is CampaignState.ARCHIVED
                paused = state is CampaignState.PAUSED
                ended += await self._follow(broadcast, tasks, unwanted=unwanted, paused=paused)
            except WecomSilent as error:
                _log.info("wecom_silent", error=str(error))
        return ended

    async def _follow(self, broadcast: Broadcast, tasks: BroadcastTasks, *, unwanted: bool, paused: bool) -> bool:
        """Return whether it came to its end; of a paused campaign nobody is reminded, and nobody is called instead."""
        now = self.clock.now()
        end = await tasks.end(broadcast)
        if end:
            return self._end(broadcast, end)
        if unwanted:
            return await self._take_back(broadcast, tasks, end=BroadcastEnd.WITHDRAWN)
        if paused:
            return False
        step = next_step(broadcast, now, zone=self.zone)
        if step is Step.FALL_BACK:
            return await self._take_back(broadcast, tasks, end=BroadcastEnd.NOT_CONFIRMED)
        if step is Step.REMIND:
            # Counted first: a crash between reminds once too little, and never once too often.
            self.broadcasts.reminded(broadcast, now=now, look_at=now + LOOK_PAUSE)
            if not await tasks.remind(broadcast):
                _log.info("not_reminded", broadcast_id=broadcast.id)
        return False

    async def _take_back(self, broadcast: Broadcast, tasks: BroadcastTasks, *, end: BroadcastEnd) -> bool:
        """Stop the task, and make sure that nobody confirmed it at the last moment, before anybody else is told."""
        if broadcast.withdrawn_at is None:
            if not await tasks.cancel(broadcast):
                _log.warning("not_withdrawn", broadcast_id=broadcast.id)
                return False
            self.broadcasts.withdrawn(broadcast, now=self.clock.now())
        end = await tasks.end(broadcast) or end
        if end is BroadcastEnd.NOT_CONFIRMED:
            self._call(broadcast)
        return self._end(broadcast, end)

    def _call(self, broadcast: Broadcast) -> None:
        tomorrow = self.clock.now().astimezone(self.zone).date() + timedelta(days=1)
        try:
            self.call_tasks(
                CallTask(
                    key=("touch", broadcast.touch_id),
                    kind=VisitKind.CAMPAIGN,
                    due=tomorrow,
                    member_id=broadcast.member_id,
                    source_id=broadcast.touch_id,
                    campaign_id=broadcast.campaign_id,
                )
            )
        except DomainError as refusal:
            _log.info("call_refused", reason=refusal.code)

    def _end(self, broadcast: Broadcast, end: BroadcastEnd) -> bool:
        now = self.clock.now()
        reason = _REASONS.get(end)
        kind = ReceiptKind.FAILED if reason else ReceiptKind.DELIVERED
        word = Receipt(f"wecom/{broadcast.corp_id}", broadcast.id, broadcast.touch_id, kind, now, reason)
        self.record([word])
        self.broadcasts.ended(broadcast, end, now=now)
        return True
