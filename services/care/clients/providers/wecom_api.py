"""Calls to WeCom with the company's token."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from services.care.clients.providers.access_token import AccessToken
from services.care.clients.providers.answer_codes import said
from services.care.ports.http import Http, HttpAnswer, HttpRequest
from services.chassis.clock import Clock

_ENDPOINT = "https://qyapi.weixin.qq.com"
_STALE_TOKEN = frozenset({40014, 42001})


class WecomApi:
    """One company."""

    def __init__(self, told: Mapping[str, str], secrets: Mapping[str, str], http: Http, clock: Clock) -> None:
        """Take settings and secrets by the names that `kinds` lists."""
        self._told, self._secrets, self._http = told, secrets, http
        self._endpoint = told.get("endpoint", _ENDPOINT).rstrip("/")
        self._token = AccessToken(self._fetch_token, clock)

    async def call(self, path: str, asked: Mapping[str, object]) -> tuple[int | None, dict[str, Any]]:
        """Return WeCom's code, None where it said none, and its answer; raises NotReached or Broken."""
        body = json.dumps(asked, ensure_ascii=False).encode()
        code: int | None = None
        told: dict[str, Any] = {}
        for _ in range(2):  # the second time with a new token
            token = await self._token.get()
            url = f"{self._endpoint}{path}?access_token={quote(token)}"
            told = said((await self._http.post(HttpRequest(url, body, {"content-type": "application/json"}))).body)
            code = told.get("errcode")
            if not isinstance(code, int):
                return None, told
            if code not in _STALE_TOKEN:
                break
            self._token.has_ended(token)
        return code, told

    async def _fetch_token(self) -> HttpAnswer:
        corp, secret = quote(self._told["corp_id"]), quote(self._secrets["corp_secret"])
        return await self._http.get(f"{self._endpoint}/cgi-bin/gettoken?corpid={corp}&corpsecret={secret}")
