"""WeCom's broadcasts: equal texts become one task that one of our people confirms, and WeCom sends only then."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from zoneinfo import ZoneInfo

from services.care.clients.providers.http_sender import side_by_side
from services.care.clients.providers.wecom_api import WecomApi
from services.care.domain.providers.broadcasts import (
    LOOK_PAUSE,
    MOST_CUSTOMERS,
    Broadcast,
    BroadcastState,
    Circular,
    circulars,
    digest_of,
    quota_of,
    sender_of,
)
from services.care.domain.sending.message import Message
from services.care.domain.sending.touch import Touch
from services.care.ports.broadcasts import Broadcasts
from services.care.ports.http import Broken, NotReached
from services.care.ports.sending import Handover
from services.chassis import logs
from services.chassis.clock import Clock

_AT_ONCE = 8
_OK, _BUSY = 0, -1
_CODES: Mapping[int, Handover] = {
    _OK: Handover.ACCEPTED,
    _BUSY: Handover.DEFERRED,
    40001: Handover.NOT_REACHED,
    40013: Handover.NOT_REACHED,
    40014: Handover.NOT_REACHED,
    41001: Handover.NOT_REACHED,
    42001: Handover.NOT_REACHED,
    45009: Handover.NOT_REACHED,
    45033: Handover.NOT_REACHED,
    48002: Handover.NOT_REACHED,
    48004: Handover.NOT_REACHED,
    60011: Handover.NOT_REACHED,
    60020: Handover.NOT_REACHED,
}
"""developer.work.weixin.qq.com 90313. What is wrong with the account, its secret, its addresses or its rates is no
fault of the message; a code that is not here refuses it."""
_NO_SUCH_SENDER = frozenset({40003, 40031, 60111})
"""The owner is nobody in WeCom: the default sender is asked in their place."""
_NO_FRIEND = 84061
"""Somebody among the customers is no friend of the sender; to whom that is not, the default sender is asked."""
_ADD = "/cgi-bin/externalcontact/add_msg_template"
_log = logs.get("care.providers")


@dataclass(frozen=True, slots=True)
class _Round:
    """What becomes of one call of `send`."""

    may_go_on: Callable[[], bool]
    fates: dict[str, Handover] = field(default_factory=dict)
    """By the id of the broadcast; what is missing was not tried."""
    orphans: list[tuple[Broadcast, str]] = field(default_factory=list)
    """With their text: whom the owner cannot write to, and the default sender shall."""

    def give(self, broadcasts: Sequence[Broadcast], fate: Handover) -> None:
        """Note the same fate of each."""
        self.fates.update((each.id, fate) for each in broadcasts)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What WeCom said to one task."""

    fate: Handover
    code: int | None = None
    task_id: str = ""
    failed: Collection[str] = ()
    """Customers who are not in the task."""


class WecomSender:
    """Notes each message before WeCom is asked: one whose answer never came is not asked for again."""

    def __init__(
        self,
        provider_id: str,
        told: Mapping[str, str],
        api: WecomApi,
        *,
        broadcasts: Broadcasts,
        clock: Clock,
        zone: ZoneInfo,
        most_customers: int = MOST_CUSTOMERS,
    ) -> None:
        """Take settings by the names that `kinds` lists, and the zone in which days of quotas are counted."""
        self._id, self._told, self._api = provider_id, told, api
        self._broadcasts, self._clock, self._zone = broadcasts, clock, zone
        self._most = most_customers

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        run = _Round(may_go_on)
        await self._tasks_of([(self._wanted(each, each.touch), each.body) for each in messages if each.touch], run)
        orphans, run.orphans[:] = tuple(run.orphans), []
        await self._tasks_of(orphans, run)
        return [
            run.fates.get(_key(each), Handover.NOT_REACHED) if each.touch else Handover.REFUSED for each in messages
        ]

    async def close(self) -> None:
        """Nothing is open: the connections belong to the pool of the process."""

    def _wanted(self, message: Message, touch: Touch) -> Broadcast:
        now = self._clock.now()
        return Broadcast(
            id=_key(message),
            touch_id=touch.id,
            campaign_id=touch.campaign_id,
            member_id=touch.member_id,
            provider_id=self._id,
            corp_id=self._told["corp_id"],
            sender=sender_of(self._told, message.owner_id),
            customer=message.to,
            quota_key=quota_of(self._told, message.to, now=now, zone=self._zone).key,
            asked_at=now,
            look_at=now + LOOK_PAUSE,
            digest=digest_of(message.body),
        )

    async def _tasks_of(self, wanted: Sequence[tuple[Broadcast, str]], run: _Round) -> None:
        hand_over = partial(self._hand_over, run=run)
        parcels = circulars(wanted, most=self._most)
        await side_by_side(parcels, run.may_go_on, hand_over=hand_over, at_once=_AT_ONCE)

    async def _hand_over(self, circular: Circular, *, run: _Round) -> Handover:
        noted = await asyncio.to_thread(self._begin, circular, run)
        return await self._ask(noted, run) if noted.broadcasts else Handover.ACCEPTED

    def _begin(self, circular: Circular, run: _Round) -> Circular:
        """Note whom WeCom is about to be asked for, and return the text to those alone."""
        fresh = []
        for wanted in circular.broadcasts:
            quota = quota_of(self._told, wanted.customer, now=wanted.asked_at, zone=self._zone)
            stored = self._broadcasts.begin(wanted, quota)
            if stored is wanted:
                fresh.append(wanted)
            elif stored is None:
                run.give([wanted], Handover.QUOTA_SPENT)
            else:
                asked = stored.state is BroadcastState.ASKED
                run.give([wanted], Handover.UNCERTAIN if asked else Handover.ACCEPTED)
        return circular.of(fresh)

    async def _ask(self, circular: Circular, run: _Round) -> Handover:
        """Return NOT_REACHED if WeCom was not, so that no other task is tried; fates are noted in the round."""
        answer = await self._create(circular)
        if answer.fate is Handover.ACCEPTED:
            await asyncio.to_thread(self._note, circular, run, answer=answer)
            return answer.fate
        _log.info("provider_refused", fate=answer.fate.value, code=answer.code, customers=len(circular.broadcasts))
        if answer.fate is Handover.REFUSED and len(circular.broadcasts) > 1 and answer.code not in _NO_SUCH_SENDER:
            return await self._halve(circular, run)
        if answer.fate is Handover.UNCERTAIN:
            run.give(circular.broadcasts, answer.fate)
            return answer.fate
        await asyncio.to_thread(self._drop, circular.broadcasts)
        if answer.code in {*_NO_SUCH_SENDER, _NO_FRIEND} and circular.sender != self._told["sender"]:
            orphans = (replace(each, sender=self._told["sender"]) for each in circular.broadcasts)
            run.orphans.extend((each, circular.text) for each in orphans)
        else:
            run.give(circular.broadcasts, answer.fate)
        return answer.fate

    async def _halve(self, circular: Circular, run: _Round) -> Handover:
        """Find whom WeCom does not take: it refused all of a task, and that may be for one of them."""
        fate = Handover.ACCEPTED
        for half in circular.halves():
            if fate is Handover.NOT_REACHED or not run.may_go_on():
                await asyncio.to_thread(self._drop, half.broadcasts)
            else:
                fate = await self._ask(half, run)
        return fate

    def _note(self, circular: Circular, run: _Round, *, answer: _Answer) -> None:
        failed = [each for each in circular.broadcasts if each.customer in answer.failed]
        made = [each for each in circular.broadcasts if each.customer not in answer.failed]
        self._drop(failed)
        run.give(failed, Handover.REFUSED)
        if made and answer.task_id:
            self._broadcasts.created(circular.of(made), answer.task_id, look_at=self._clock.now() + LOOK_PAUSE)
        run.give(made, Handover.ACCEPTED if answer.task_id else Handover.UNCERTAIN)

    def _drop(self, broadcasts: Sequence[Broadcast]) -> None:
        for each in broadcasts:
            self._broadcasts.drop(each)

    async def _create(self, circular: Circular) -> _Answer:
        asked = {
            "chat_type": "single",
            "external_userid": [each.customer for each in circular.broadcasts],
            "sender": circular.sender,
            "text": {"content": circular.text},
        }
        try:
            code, told = await self._api.call(_ADD, asked)
        except NotReached:
            return _Answer(Handover.NOT_REACHED)
        except Broken:
            return _Answer(Handover.UNCERTAIN)
        if code is None:
            return _Answer(Handover.UNCERTAIN)
        failed = told.get("fail_list")
        left_out = frozenset(map(str, failed)) if isinstance(failed, list) else frozenset()
        return _Answer(_CODES.get(code, Handover.REFUSED), code, str(told.get("msgid") or ""), left_out)


def _key(message: Message) -> str:
    return message.message_id.strip("<>")
