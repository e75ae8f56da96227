"""WeCom's customer broadcasts as documented (92135, 93338, 97610, 97611): tasks that somebody must confirm."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from threading import Event
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from services.chassis.clock import SystemClock
from tests.fakes.provider_server import HANG_UP, Answer, Received

_UNSENT, _SENT, _NOT_A_FRIEND, _QUOTA_FULL = 0, 1, 2, 3


@dataclass
class WecomTask:
    """One task as WeCom keeps it."""

    sender: str
    customers: list[str]
    text: str
    statuses: dict[str, int] = field(default_factory=dict)
    """What became of it by customer, once there is something."""
    cancelled: bool = False
    reminders: int = 0
    made_at: int = 0
    """Seconds since 1970."""


@dataclass
class Wecom:
    """A company with staff, their customers, and the tasks that were made."""

    staff: frozenset[str] = frozenset({"zhangsan", "lisi"})
    strangers: frozenset[str] = frozenset()
    """External user ids that are nobody's friends."""
    tokens: int = 0
    tasks: dict[str, WecomTask] = field(default_factory=dict)
    code: int = 0
    """Answered to a new task in place of success, where set."""
    breaks_after: bool = False
    """A task is made, and the connection breaks before the answer."""
    confirmed_at_cancel: bool = False
    """Somebody confirms in the moment in which a task is stopped."""
    invalid: frozenset[str] = frozenset()
    """External user ids for whose sake a whole task is refused."""
    friends: dict[str, frozenset[str]] = field(default_factory=dict)
    """Of a sender who has not all customers for friends: whom they have."""
    gates: dict[str, Event] = field(default_factory=dict)
    """By the last part of a path: what its answers wait for, after they took effect."""
    page: int = 1000
    """Customers that one answer holds at most."""
    now: Callable[[], datetime] = SystemClock().now
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def confirm(self, *, status: int = _SENT, customers: tuple[str, ...] = ()) -> None:
        """Confirm every task; `status` is what became of the message then, to these customers or to all."""
        for task in self.tasks.values():
            if not task.cancelled:
                task.statuses |= dict.fromkeys(customers or task.customers, status)

    def answer(self, request: Received) -> Answer:
        parts = urlsplit(request.path)
        told = self._told(request, parts)
        if gate := self.gates.get(parts.path.rpartition("/")[2]):
            gate.wait()
        return told

    def _told(self, request: Received, parts: SplitResult) -> Answer:
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/cgi-bin/gettoken":
            if request.method != "GET" or query != {"corpid": "ww01", "corpsecret": "hush"}:
                return _said(errcode=40001)
            self.tokens = self.tokens or 1
            return _said(errcode=0, access_token=f"token-{self.tokens}", expires_in=7200)
        if query != {"access_token": f"token-{self.tokens}"}:
            return _said(errcode=40014)
        told = json.loads(request.body)
        name = parts.path.removeprefix("/cgi-bin/externalcontact/")
        if name == "add_msg_template":
            return self._add(told)
        if name == "get_groupmsg_list_v2":
            return self._list(told)
        task = self.tasks.get(told["msgid"])
        return self._of(task, name, told=told) if task else _said(errcode=40058)

    def _of(self, task: WecomTask, name: str, *, told: dict[str, Any]) -> Answer:
        if name == "get_groupmsg_send_result":
            return self._result(task, told)
        return self._remind(task) if name == "remind_groupmsg_send" else self._cancel(task)

    def _add(self, told: dict[str, object]) -> Answer:
        if self.code:
            return _said(errcode=self.code)
        customers, text = told["external_userid"], told["text"]
        assert told["chat_type"] == "single"
        assert isinstance(customers, list)
        assert isinstance(text, dict)
        if told["sender"] not in self.staff:
            return _said(errcode=40031)
        if not set(customers) <= self.friends.get(str(told["sender"]), set(customers)):
            return _said(errcode=84061)
        if self.invalid & set(customers):
            return _said(errcode=40096)
        failed = [each for each in customers if each in self.strangers]
        key = f"msg-{next(self._numbers)}"
        if made := [each for each in customers if each not in failed]:
            made_at = int(self.now().timestamp())
            self.tasks[key] = WecomTask(str(told["sender"]), made, text["content"], made_at=made_at)
        return HANG_UP if self.breaks_after else _said(errcode=0, fail_list=failed, msgid=key)

    def _list(self, told: dict[str, Any]) -> Answer:
        """Tell of tasks that were made within the seconds asked for; who made one by the API is not told."""
        assert (told["chat_type"], told["filter_type"]) == ("single", 0)
        assert told["limit"] <= 100
        assert told["end_time"] - told["start_time"] <= 31 * 86_400
        found = [
            {"msgid": key, "create_time": str(task.made_at), "create_type": 0, "text": {"content": task.text}}
            for key, task in self.tasks.items()
            if told["start_time"] <= task.made_at <= told["end_time"]
        ]
        first = int(told["cursor"] or 0)
        last = first + told["limit"]
        cursor = str(last) if last < len(found) else ""
        return _said(errcode=0, group_msg_list=found[first:last], next_cursor=cursor)

    def _result(self, task: WecomTask, told: dict[str, Any]) -> Answer:
        if told["userid"] != task.sender:
            return _said(errcode=0, send_list=[])
        first = int(told["cursor"] or 0)
        page = task.customers[first : first + min(told["limit"], self.page)]
        last = first + len(page)
        sent = [
            {"external_userid": each, "userid": task.sender, "status": task.statuses.get(each, _UNSENT)}
            for each in page
        ]
        return _said(errcode=0, send_list=sent, next_cursor=str(last) if last < len(task.customers) else "")

    def _remind(self, task: WecomTask) -> Answer:
        task.reminders += 1
        return _said(errcode=0)

    def _cancel(self, task: WecomTask) -> Answer:
        if self.confirmed_at_cancel:
            task.statuses = dict.fromkeys(task.customers, _SENT)
        task.cancelled = len(task.statuses) < len(task.customers)
        return _said(errcode=0)


def _said(**told: object) -> Answer:
    return 200, json.dumps(told).encode()
