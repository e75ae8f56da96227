"""HTTP over kept-open connections: httpx behind our own port, so that another client can take its place."""

import httpx

from services.care.ports.http import Broken, HttpAnswer, HttpRequest, NotReached

_CONNECT_SECONDS = 3.0
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class PooledHttp:
    """One pool for all providers of a process. Redirects are not followed: a signature holds for one address."""

    def __init__(self, *, connections: int = 64, seconds: float = 10.0) -> None:
        """Take how many connections may be open, and how long an answer may take."""
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(seconds, connect=_CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            follow_redirects=False,
            trust_env=False,
        )

    async def post(self, request: HttpRequest) -> HttpAnswer:
        return await self._call("POST", request)

    async def get(self, url: str) -> HttpAnswer:
        return await self._call("GET", HttpRequest(url, b""))

    async def close(self) -> None:
        await self._client.aclose()

    async def _call(self, method: str, request: HttpRequest) -> HttpAnswer:
        # The exceptions of httpx name the address, which may hold a token: they are not passed on.
        try:
            answer = await self._client.request(
                method, request.url, content=request.body, headers=dict(request.headers)
            )
        except _NEVER_LEFT as error:
            raise NotReached(type(error).__name__) from None
        except httpx.HTTPError as error:
            raise Broken(type(error).__name__) from None
        return HttpAnswer(answer.status_code, answer.content)
