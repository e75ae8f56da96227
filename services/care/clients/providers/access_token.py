"""The access token of a company at WeChat or WeCom: fetched when it is needed, kept until shortly before its end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from services.care.clients.providers.answer_codes import said
from services.care.ports.http import Broken, HttpAnswer, NotReached
from services.chassis import logs
from services.chassis.clock import Clock

_BEFORE_ITS_END = timedelta(minutes=5)
_LONGEST_LIFE = 86_400
"""Seconds; both give two hours."""
_log = logs.get("care.providers")


class AccessToken:
    """One for all calls of a process. Both give every process the same token while it is good: none ends another's."""

    def __init__(self, fetch: Callable[[], Awaitable[HttpAnswer]], clock: Clock) -> None:
        """Take the call that answers with `access_token` and `expires_in`, in seconds."""
        self._fetch, self._clock = fetch, clock
        self._token, self._good_until = "", datetime.min.replace(tzinfo=UTC)
        self._asking = asyncio.Lock()

    async def get(self) -> str:
        """Return the token; raises NotReached where there is none: no message was handed over yet."""
        async with self._asking:
            if self._clock.now() < self._good_until:
                return self._token
            try:
                told = said((await self._fetch()).body)
            except Broken as error:
                raise NotReached(str(error)) from error
            token, seconds = told.get("access_token"), told.get("expires_in")
            if not token or not isinstance(token, str):
                _log.warning("no_access_token", code=told.get("errcode"))
                raise NotReached("no access token")
            self._token = token
            life = timedelta(seconds=min(seconds, _LONGEST_LIFE) if isinstance(seconds, int) else 0)
            self._good_until = self._clock.now() + max(life - _BEFORE_ITS_END, timedelta(seconds=1))
            return self._token

    def has_ended(self, token: str) -> None:
        """Note that the provider knows this token no more; the next call fetches another, unless somebody has."""
        if token == self._token:
            self._good_until = self._clock.now()
