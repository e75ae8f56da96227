"""What WeCom knows of tasks, a call each."""

from collections.abc import Mapping
from typing import Any

from services.care.clients.providers.wecom_api import WecomApi
from services.care.domain.providers.broadcasts import MOST_CUSTOMERS, Broadcast, BroadcastEnd
from services.care.ports.broadcasts import WecomSilent
from services.care.ports.http import Broken, NotReached

_OK = 0
_PAGE = 500
"""Customers in one answer; WeCom gives 1,000 at most."""
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
        found: dict[str, BroadcastEnd] = {}
        cursor = ""
        for _ in range(-(-MOST_CUSTOMERS // self._page)):
            asked = {"msgid": task.task_id, "userid": task.sender, "limit": self._page, "cursor": cursor}
            code, told = await self._call("get_groupmsg_send_result", asked)
            if code != _OK:
                raise WecomSilent(str(code))
            for each in told.get("send_list") or ():
                if end := _ENDS.get(each.get("status")):
                    found[str(each.get("external_userid"))] = end
            cursor = str(told.get("next_cursor") or "")
            if not cursor:
                break
        return found

    async def remind(self, task: Broadcast) -> bool:
        return (await self._call("remind_groupmsg_send", {"msgid": task.task_id}))[0] == _OK

    async def cancel(self, task: Broadcast) -> bool:
        return (await self._call("cancel_groupmsg_send", {"msgid": task.task_id}))[0] == _OK

    async def _call(self, name: str, asked: Mapping[str, object]) -> tuple[int | None, dict[str, Any]]:
        try:
            return await self._api.call(f"{_ROOM}/{name}", asked)
        except (NotReached, Broken) as error:
            raise WecomSilent(str(error)) from error
