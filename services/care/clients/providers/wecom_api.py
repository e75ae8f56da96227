"""Calls to WeCom with the company's token, which is fetched when it is needed and kept until shortly before its end."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from services.care.clients.providers.answer_codes import said
from services.care.ports.http import Broken, Http, HttpRequest, NotReached
from services.chassis import logs
from services.chassis.clock import Clock

_ENDPOINT = "https://qyapi.weixin.qq.com"
_BEFORE_ITS_END = timedelta(minutes=5)
_STALE_TOKEN = frozenset({40014, 42001})
_log = logs.get("care.providers")


class WecomApi:
    """One company. WeCom gives every process the same token while it is good: none ends another's."""

    def __init__(self, told: Mapping[str, str], secrets: Mapping[str, str], http: Http, clock: Clock) -> None:
        """Take settings and secrets by the names that `kinds` lists."""
        self._told, self._secrets, self._http, self._clock = told, secrets, http, clock
        self._endpoint = told.get("endpoint", _ENDPOINT).rstrip("/")
        self._token, self._good_until = "", datetime.min.replace(tzinfo=UTC)
        self._asking = asyncio.Lock()

    async def call(self, path: str, asked: Mapping[str, object]) -> tuple[int | None, dict[str, Any]]:
        """Return WeCom's code, None where it said none, and its answer; raises NotReached or Broken."""
        body = json.dumps(asked, ensure_ascii=False).encode()
        code: int | None = None
        told: dict[str, Any] = {}
        for _ in range(2):  # the second time with a new token
            token = await self._fresh_token()
            url = f"{self._endpoint}{path}?access_token={quote(token)}"
            told = said((await self._http.post(HttpRequest(url, body, {"content-type": "application/json"}))).body)
            code = told.get("errcode")
            if code not in _STALE_TOKEN:
                break
            self._good_until = self._clock.now()
        return (code if isinstance(code, int) else None), told

    async def _fresh_token(self) -> str:
        async with self._asking:
            if self._clock.now() < self._good_until:
                return self._token
            corp, secret = quote(self._told["corp_id"]), quote(self._secrets["corp_secret"])
            try:
                answer = await self._http.get(f"{self._endpoint}/cgi-bin/gettoken?corpid={corp}&corpsecret={secret}")
            except Broken as error:
                raise NotReached(str(error)) from error  # no message was handed over yet
            told = said(answer.body)
            self._token = str(told.get("access_token", ""))
            if not self._token:
                _log.warning("no_access_token", code=told.get("errcode"))
                raise NotReached("no access token")
            life = timedelta(seconds=int(told.get("expires_in", 0)))
            self._good_until = self._clock.now() + max(life - _BEFORE_ITS_END, timedelta(seconds=1))
            return self._token
