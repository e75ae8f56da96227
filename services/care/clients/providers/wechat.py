"""WeChat's subscription messages: one authorisation of the member is one message."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from services.care.clients.providers.access_token import AccessToken
from services.care.clients.providers.answer_codes import said, template_of, unsaid
from services.care.clients.providers.http_sender import Accepted, side_by_side
from services.care.domain.sending.message import Message
from services.care.ports.credits import Credits
from services.care.ports.http import Broken, Http, HttpAnswer, HttpRequest, NotReached
from services.care.ports.sending import Handover
from services.chassis import logs
from services.chassis.clock import Clock

_ENDPOINT, _AT_ONCE = "https://api.weixin.qq.com", 16
_SPENT_OR_REFUSED = 43101
_STALE_TOKEN = frozenset({40001, 40014, 42001})
_CODES: Mapping[int, Handover] = {
    0: Handover.ACCEPTED,
    _SPENT_OR_REFUSED: Handover.QUOTA_SPENT,
    -1: Handover.DEFERRED,
    43108: Handover.DEFERRED,
    40003: Handover.REFUSED,
    40037: Handover.REFUSED,
    41030: Handover.REFUSED,
    45168: Handover.REFUSED,
    47003: Handover.REFUSED,
}
"""developers.weixin.qq.com, subscribeMessage.send; tencentcloud.com 1219/67648. 43108 is two messages to one person at
once, 45168 words that are not allowed. Any other code is about the account: no fault of the message."""
_log = logs.get("care.providers")


class WechatSender:
    """Spends a credit before each message, and gives it back if WeChat never took the message."""

    def __init__(
        self,
        told: Mapping[str, str],
        secrets: Mapping[str, str],
        *,
        http: Http,
        ledger: Credits,
        clock: Clock,
        accepted: Accepted,
    ) -> None:
        """Take settings and secrets by the names that `kinds` lists, and who hears what WeChat took."""
        self._accepted = accepted
        self._told, self._secrets = told, secrets
        self._http, self._credits = http, ledger
        self._endpoint = told.get("endpoint", _ENDPOINT).rstrip("/")
        self._token = AccessToken(self._fetch_token, clock)

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        return await side_by_side(messages, may_go_on, hand_over=self._hand_over, at_once=_AT_ONCE)

    async def close(self) -> None:
        """Nothing is open: the connections belong to the pool of the process."""

    async def _hand_over(self, message: Message) -> Handover:
        template, _ = template_of(message.headers, self._told["template_id"])
        member = message.touch.member_id if message.touch else ""
        key = message.message_id
        if not await asyncio.to_thread(self._credits.spend, member, template, key=key):
            return Handover.QUOTA_SPENT
        fate, code = await self._tell(message)
        if code == _SPENT_OR_REFUSED:
            await asyncio.to_thread(self._credits.forfeit, member, template, key=f"spent:{key}")
        elif fate not in {Handover.ACCEPTED, Handover.UNCERTAIN}:
            await asyncio.to_thread(self._credits.give_back, member, template, key=key)
        if fate is not Handover.ACCEPTED:
            _log.info("provider_refused", fate=fate.value, code=code)
        return fate

    async def _tell(self, message: Message) -> tuple[Handover, int | None]:
        for _ in range(2):  # the second time with a new token
            try:
                token = await self._token.get()
                answer = await self._http.post(self._request(message, token))
            except NotReached:
                return Handover.NOT_REACHED, None
            except Broken:
                return Handover.UNCERTAIN, None
            code = said(answer.body).get("errcode")
            if not isinstance(code, int):
                return unsaid(answer.status), None
            if code == 0:
                await self._accepted(message, answer)
            if code not in _STALE_TOKEN:
                return _CODES.get(code, Handover.NOT_REACHED), code
            self._token.has_ended(token)
        return Handover.NOT_REACHED, None

    def _request(self, message: Message, token: str) -> HttpRequest:
        template, parameters = template_of(message.headers, self._told["template_id"])
        told = parameters or {self._told.get("parameter", "thing1"): message.body}
        body = {
            "touser": message.to,
            "template_id": template,
            "data": {name: {"value": value} for name, value in told.items()},
            **({"page": self._told["page"]} if "page" in self._told else {}),
        }
        url = f"{self._endpoint}/cgi-bin/message/subscribe/send?access_token={quote(token)}"
        return HttpRequest(url, json.dumps(body, ensure_ascii=False).encode(), {"content-type": "application/json"})

    @staticmethod
    def reference(answer: HttpAnswer) -> str:
        """Return WeChat's number of an accepted message, by which it tells what became of it; else nothing."""
        return str(said(answer.body).get("msgid") or "")

    async def _fetch_token(self) -> HttpAnswer:
        """Ask for the stable token: the older call would end that of every other process."""
        asked = {
            "grant_type": "client_credential",
            "appid": self._told["app_id"],
            "secret": self._secrets["app_secret"],
        }
        url = f"{self._endpoint}/cgi-bin/stable_token"
        return await self._http.post(HttpRequest(url, json.dumps(asked).encode(), {"content-type": "application/json"}))
