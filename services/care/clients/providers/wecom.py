"""WeCom's broadcasts: a message becomes a task that one of our people confirms, and WeCom sends only then."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from services.care.clients.providers.http_sender import side_by_side
from services.care.clients.providers.wecom_api import WecomApi
from services.care.domain.providers.broadcasts import (
    LOOK_PAUSE,
    Broadcast,
    BroadcastEnd,
    BroadcastState,
    quota_of,
    sender_of,
)
from services.care.domain.sending.message import Message
from services.care.ports.broadcasts import Broadcasts, WecomSilent
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
_NO_SUCH_SENDER = frozenset({40003, 40031, 60111, 84061})
"""The owner is nobody in WeCom, or has not the customer for a friend: the default sender is asked in their place."""
_SENT, _NOT_A_FRIEND, _QUOTA_FULL = 1, 2, 3
_ENDS: Mapping[int, BroadcastEnd] = {
    _SENT: BroadcastEnd.DELIVERED,
    _NOT_A_FRIEND: BroadcastEnd.NOT_A_FRIEND,
    _QUOTA_FULL: BroadcastEnd.QUOTA_FULL,
}
_ROOM = "/cgi-bin/externalcontact"
_log = logs.get("care.providers")


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
    ) -> None:
        """Take settings by the names that `kinds` lists, and the zone in which days of quotas are counted."""
        self._id, self._told, self._api = provider_id, told, api
        self._broadcasts, self._clock, self._zone = broadcasts, clock, zone

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        return await side_by_side(messages, may_go_on, hand_over=self._hand_over, at_once=_AT_ONCE)

    async def close(self) -> None:
        """Nothing is open: the connections belong to the pool of the process."""

    async def _hand_over(self, message: Message) -> Handover:
        if message.touch is None:
            return Handover.REFUSED
        now = self._clock.now()
        quota = quota_of(self._told, message.to, now=now, zone=self._zone)
        wanted = Broadcast(
            id=message.message_id.strip("<>"),
            touch_id=message.touch.id,
            campaign_id=message.touch.campaign_id,
            member_id=message.touch.member_id,
            provider_id=self._id,
            corp_id=self._told["corp_id"],
            sender=sender_of(self._told, message.owner_id),
            customer=message.to,
            quota_key=quota.key,
            asked_at=now,
            look_at=now + LOOK_PAUSE,
        )
        stored = await asyncio.to_thread(self._broadcasts.begin, wanted, quota)
        if stored is None:
            return Handover.QUOTA_SPENT
        if stored is not wanted:
            return Handover.UNCERTAIN if stored.state is BroadcastState.ASKED else Handover.ACCEPTED
        return await self._ask(wanted, message.body)

    async def _ask(self, wanted: Broadcast, body: str) -> Handover:
        fate, code, task_id = await self._create(wanted, body)
        if code in _NO_SUCH_SENDER and wanted.sender != self._told["sender"]:
            wanted = replace(wanted, sender=self._told["sender"])
            fate, code, task_id = await self._create(wanted, body)
        if fate is Handover.ACCEPTED:
            look_at = self._clock.now() + LOOK_PAUSE
            await asyncio.to_thread(self._broadcasts.created, wanted, task_id, look_at=look_at)
            return fate
        _log.info("provider_refused", fate=fate.value, code=code)
        if fate is not Handover.UNCERTAIN:
            await asyncio.to_thread(self._broadcasts.drop, wanted)
        return fate

    async def _create(self, wanted: Broadcast, body: str) -> tuple[Handover, int | None, str]:
        """Return the fate, WeCom's code and the task."""
        asked = {
            "chat_type": "single",
            "external_userid": [wanted.customer],
            "sender": wanted.sender,
            "text": {"content": body},
        }
        try:
            code, told = await self._api.call(f"{_ROOM}/add_msg_template", asked)
        except NotReached:
            return Handover.NOT_REACHED, None, ""
        except Broken:
            return Handover.UNCERTAIN, None, ""
        if code is None:
            return Handover.UNCERTAIN, None, ""
        if code == _OK and wanted.customer in (told.get("fail_list") or ()):
            return Handover.REFUSED, code, ""
        task_id = str(told.get("msgid", ""))
        if code == _OK and not task_id:
            return Handover.UNCERTAIN, code, ""
        return _CODES.get(code, Handover.REFUSED), code, task_id


class WecomTasks:
    """What WeCom knows of tasks, one call each."""

    def __init__(self, api: WecomApi) -> None:
        """Take the company's access."""
        self._api = api

    async def end(self, broadcast: Broadcast) -> BroadcastEnd | None:
        asked = {"msgid": broadcast.task_id, "userid": broadcast.sender, "limit": 10, "cursor": ""}
        code, told = await self._call("get_groupmsg_send_result", asked)
        if code != _OK:
            raise WecomSilent(str(code))
        mine = [each for each in told.get("send_list") or () if each.get("external_userid") == broadcast.customer]
        return _ENDS.get(mine[0].get("status")) if mine else None

    async def remind(self, broadcast: Broadcast) -> bool:
        return (await self._call("remind_groupmsg_send", {"msgid": broadcast.task_id}))[0] == _OK

    async def cancel(self, broadcast: Broadcast) -> bool:
        return (await self._call("cancel_groupmsg_send", {"msgid": broadcast.task_id}))[0] == _OK

    async def _call(self, name: str, asked: Mapping[str, object]) -> tuple[int | None, dict[str, Any]]:
        try:
            return await self._api.call(f"{_ROOM}/{name}", asked)
        except (NotReached, Broken) as error:
            raise WecomSilent(str(error)) from error
