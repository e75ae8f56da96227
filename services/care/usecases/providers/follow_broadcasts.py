"""Follows tasks in WeCom to their end: asks what became of them, reminds, and makes a call of what nobody confirms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
"""Tasks that one round looks at; each costs WeCom about three calls, however many customers it has."""
_REASONS = {
    BroadcastEnd.QUOTA_FULL: Reason.QUOTA_SPENT,
    BroadcastEnd.NOT_A_FRIEND: Reason.NOT_A_FRIEND,
    BroadcastEnd.NOT_CONFIRMED: Reason.NOT_CONFIRMED,
    BroadcastEnd.WITHDRAWN: Reason.WITHDRAWN,
}
_log = logs.get("care.broadcasts")
Task = Sequence[Broadcast]
"""What is open of one task, which has something."""


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
        """Return how many messages came to their end; `tasks_of` a provider is None where it cannot be asked."""
        due = self.broadcasts.due(self.clock.now(), most=MOST_AT_ONCE)
        if not due:
            return 0
        stopped = self.rules.get().stop is not None
        ids = sorted({task[0].campaign_id for task in due})
        states = {each.id: each.state for each in self.campaigns.batch_get(ids)}
        ended = 0
        for task in due:
            if not leading():
                break
            # Put off before anything else: one that cannot be followed does not stand in the way of the others.
            self.broadcasts.look_later(task, self.clock.now() + LOOK_PAUSE)
            tasks = tasks_of(task[0].provider_id)
            if tasks is None:
                continue
            try:
                state = states.get(task[0].campaign_id)
                unwanted, paused = stopped or state is CampaignState.ARCHIVED, state is CampaignState.PAUSED
                ended += await self._follow(task, tasks, unwanted=unwanted, paused=paused)
            except WecomSilent as error:
                _log.info("wecom_silent", error=error)
        return ended

    async def _follow(self, task: Task, tasks: BroadcastTasks, *, unwanted: bool, paused: bool) -> int:
        """Return how many came to their end; of a paused campaign nobody is reminded, and nobody is called instead."""
        now = self.clock.now()
        ends = await tasks.ends(task[0])
        ended, left = self._end(task, ends), [each for each in task if each.customer not in ends]
        if not left:
            return ended
        if unwanted or any(each.unwanted or each.withdrawn_at for each in left):
            return ended + await self._take_back(left, tasks, unwanted=unwanted)
        if paused:
            return ended
        step = next_step(left[0], now, zone=self.zone)
        if step is Step.FALL_BACK:
            return ended + await self._take_back(left, tasks, unwanted=False)
        if step is Step.REMIND:
            # Counted first: a crash between reminds once too little, and never once too often.
            self.broadcasts.reminded(left, now=now, look_at=now + LOOK_PAUSE)
            if not await tasks.remind(left[0]):
                _log.info("not_reminded", task_id=left[0].task_id)
        return ended

    async def _take_back(self, left: Task, tasks: BroadcastTasks, *, unwanted: bool) -> int:
        """Stop the task, and make sure that nobody confirmed it at the last moment, before anybody else is told.

        WeCom stops a task as a whole: where one of its customers was erased, the others fall back as if unconfirmed.
        """
        if not any(each.withdrawn_at for each in left):
            if not await tasks.cancel(left[0]):
                _log.warning("not_withdrawn", task_id=left[0].task_id)
                return 0
            self.broadcasts.withdrawn(left, now=self.clock.now())
        ends = dict(await tasks.ends(left[0]))
        for each in left:
            if each.customer in ends:
                continue
            alone = unwanted or each.unwanted
            ends[each.customer] = BroadcastEnd.WITHDRAWN if alone else BroadcastEnd.NOT_CONFIRMED
            if not alone:
                self._call(each)
        return self._end(left, ends)

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

    def _end(self, task: Task, ends: Mapping[str, BroadcastEnd]) -> int:
        """Settle each of them whose end is known; return how many."""
        now = self.clock.now()
        by_end: dict[BroadcastEnd, list[Broadcast]] = {}
        for each in task:
            if each.customer in ends:
                by_end.setdefault(ends[each.customer], []).append(each)
        words = [_word(each, end, now=now) for end, broadcasts in by_end.items() for each in broadcasts]
        if words:
            self.record(words)
        for end, broadcasts in by_end.items():
            self.broadcasts.ended(broadcasts, end, now=now)
        return len(words)


def _word(broadcast: Broadcast, end: BroadcastEnd, *, now: datetime) -> Receipt:
    reason = _REASONS.get(end)
    kind = ReceiptKind.FAILED if reason else ReceiptKind.DELIVERED
    return Receipt(f"wecom/{broadcast.corp_id}", broadcast.id, broadcast.touch_id, kind, now, reason)
