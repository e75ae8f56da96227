"""The call channel: a message becomes a task in a call list, once, however often it is handed over."""

import asyncio
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from pymongo.errors import PyMongoError

from services.care.domain.sending.message import Message
from services.care.domain.visits.call_task import CallTask
from services.care.domain.visits.kinds import VisitKind
from services.care.ports.sending import Handover
from services.care.ports.visits import CallTasks
from services.chassis import logs
from services.chassis.clock import Clock
from services.chassis.errors import DomainError

_log = logs.get("care.calls")


class CallTaskSender:
    """Asks the room of visits; a repeat finds the visit that is there."""

    def __init__(self, call_tasks: CallTasks, clock: Clock, zone: ZoneInfo) -> None:
        """Take where calls are asked for, and the zone in which the day is counted that one is due."""
        self._call_tasks, self._clock, self._zone = call_tasks, clock, zone

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        fates = [Handover.NOT_REACHED] * len(messages)
        for place, message in enumerate(messages):
            if not may_go_on():
                break
            fates[place] = await asyncio.to_thread(self._plan, message)
            if fates[place] is Handover.NOT_REACHED:
                break
        return fates

    async def close(self) -> None:
        """Nothing is open."""

    def _plan(self, message: Message) -> Handover:
        touch = message.touch
        if touch is None:
            return Handover.REFUSED
        task = CallTask(
            key=("touch", touch.id),
            kind=VisitKind.CAMPAIGN,
            due=self._clock.now().astimezone(self._zone).date(),
            member_id=touch.member_id,
            source_id=touch.id,
            campaign_id=touch.campaign_id,
        )
        try:
            self._call_tasks(task)
        except DomainError as refusal:
            _log.info("call_refused", reason=refusal.code)
            return Handover.REFUSED
        except PyMongoError as error:
            _log.warning("database_away", error=type(error).__name__)
            return Handover.NOT_REACHED
        return Handover.ACCEPTED
