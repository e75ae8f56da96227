"""What WeCom knows of tasks, a call each."""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import timedelta
from typing import Any

from services.care.clients.providers.answer_codes import part_of
from services.care.clients.providers.wecom_api import WecomApi
from services.care.domain.providers.broadcasts import Broadcast, BroadcastEnd, digest_of
from services.care.ports.broadcasts import WecomSilent
from services.care.ports.http import Broken, NotReached

_OK = 0
_PAGE = 500
"""Customers in one answer; WeCom gives 1,000 at most."""
_LIST_PAGE, _MOST_PAGES, _OF_THE_COMPANY = 100, 100, 0
_SKEW, _AT_WORK = timedelta(minutes=2), timedelta(minutes=20)
"""How much earlier by WeCom's clock, and how much later than it was noted, a task may have been made."""
_SENT, _NOT_A_FRIEND, _QUOTA_FULL = 1, 2, 3
_ENDS: Mapping[int, BroadcastEnd] = {
    _SENT: BroadcastEnd.DELIVERED,
    _NOT_A_FRIEND: BroadcastEnd.NOT_A_FRIEND,
    _QUOTA_FULL: BroadcastEnd.QUOTA_FULL,
}
_ROOM = "/cgi-bin/externalcontact"


class WecomTasks:
    """One company."""

    def __init__(self, api: WecomApi, *, page: int = _PAGE) -> None:
        """Take the company's access, and how many customers are asked for at once."""
        self._api, self._page = api, page

    async def ends(self, task: Broadcast) -> Mapping[str, BroadcastEnd]:
        statuses = await self._statuses(task.task_id, task.sender)
        return {customer: _ENDS[status] for customer, status in statuses.items() if status in _ENDS}

    async def like(self, broadcast: Broadcast) -> Mapping[str, Collection[str]]:
        asked = {
            "chat_type": "single",
            "start_time": int((broadcast.asked_at - _SKEW).timestamp()),
            "end_time": int((broadcast.asked_at + _AT_WORK).timestamp()),
            "filter_type": _OF_THE_COMPANY,
            "limit": _LIST_PAGE,
        }
        found: dict[str, Collection[str]] = {}
        async for each in self._pages("get_groupmsg_list_v2", asked, name="group_msg_list"):
            text, task_id = part_of(each, "text"), str(each.get("msgid") or "")
            if task_id and digest_of(str(text.get("content", ""))) == broadcast.digest:
                found[task_id] = (await self._statuses(task_id, broadcast.sender)).keys()
        return found

    async def _statuses(self, task_id: str, sender: str) -> dict[str, int]:
        """Return by customer what became of a task of this sender."""
        asked = {"msgid": task_id, "userid": sender, "limit": self._page}
        sent = [each async for each in self._pages("get_groupmsg_send_result", asked, name="send_list")]
        statuses = {str(each.get("external_userid")): each.get("status") for each in sent}
        return {customer: status if isinstance(status, int) else 0 for customer, status in statuses.items()}

    async def _pages(self, path: str, asked: Mapping[str, object], *, name: str) -> AsyncIterator[dict[str, Any]]:
        """Yield what stands under a name in each page."""
        cursor = ""
        for _ in range(_MOST_PAGES):
            code, told = await self._call(path, {**asked, "cursor": cursor})
            if code != _OK:
                raise WecomSilent(str(code))
            listed = told.get(name)
            for each in listed if isinstance(listed, list) else ():
                if isinstance(each, dict):
                    yield each
            cursor = str(told.get("next_cursor") or "")
            if not cursor:
                return
        raise WecomSilent("too many pages")

    async def remind(self, task: Broadcast) -> bool:
        return (await self._call("remind_groupmsg_send", {"msgid": task.task_id}))[0] == _OK

    async def cancel(self, task: Broadcast) -> bool:
        return (await self._call("cancel_groupmsg_send", {"msgid": task.task_id}))[0] == _OK

    async def _call(self, name: str, asked: Mapping[str, object]) -> tuple[int | None, dict[str, Any]]:
        try:
            return await self._api.call(f"{_ROOM}/{name}", asked)
        except (NotReached, Broken) as error:
            raise WecomSilent(str(error)) from error
