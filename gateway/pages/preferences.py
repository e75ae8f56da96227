"""Pages behind the links in messages: unsubscribe, also by one click (RFC 8058), and say what may be sent.

Opening a page changes nothing: programs that look at links open them too. What is posted holds at once, and may be
posted again. The token in the address is all that the pages know of the reader, and they show nothing that tells who
it is.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from html import escape
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from gateway.bodies import BodyTooLarge, body_within
from gateway.graphql.context import Context
from gateway.graphql.errors import Coded, Refused
from gateway.pages.graphiql import STATIC
from gateway.pages.languages import LANGUAGES, OTHER, spoken
from gateway.pages.preferences_words import WORDS, channel_name, purpose_name
from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.member_pb2 import LANGUAGE_ZH_HANS
from services.chassis import deadlines, logs
from services.chassis.errors import Kind
from services.chassis.identity import Caller

_log = logs.get("gateway.preferences")
_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_MOST_BYTES = 16 * 1024
_HOLDER = Caller("holder-of-a-link", frozenset({"respondent"}))
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Preferences:
    """Answers for whoever holds a link."""

    context: Callable[[Caller | None], Context]
    request_seconds: float

    def routes(self) -> list[Route]:
        """Return the pages."""
        return [
            Route("/preferences/style.css", _style),
            Route("/unsubscribe/{token}", self._guarded(self._unsubscribe), methods=["GET", "POST"]),
            Route("/preferences/{token}", self._guarded(self._preferences), methods=["GET", "POST"]),
        ]

    def _guarded(
        self, page: "Callable[[Request, _Reader], Awaitable[Response]]"
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            deadlines.begin(self.request_seconds)
            reader = _Reader(self.context(_HOLDER), request.path_params["token"])
            asked = request.query_params.get("lang", "")
            accepted = request.headers.get("accept-language", "")
            language = asked if asked in LANGUAGES else spoken(accepted, "en")
            try:
                found = await reader.read()
                if asked not in LANGUAGES:
                    language = spoken(accepted, "zh" if found.language == LANGUAGE_ZH_HANS else "en")
                response = await page(request, _Reader(reader.context, reader.token, language, found))
            except Refused as refused:
                gone = refused.refusal.kind is Kind.NOT_FOUND
                response = _told(request, language, words="invalid" if gone else "wrong", status=404 if gone else 400)
            except BodyTooLarge:
                response = _told(request, language, words="wrong", status=413)
            except Coded:
                response = _told(request, language, words="away", status=503)
                response.headers["retry-after"] = "60"
            _log.info("page", status=response.status_code, method=request.method)
            return response

        return answer

    async def _unsubscribe(self, request: Request, reader: "_Reader") -> Response:
        words = WORDS[reader.language]
        about = {
            "channel": channel_name(reader.found.channel, reader.language),
            "purpose": purpose_name(reader.found.purpose, reader.language),
        }
        choose = f'<p><a href="/preferences/{escape(reader.token)}?lang={reader.language}">{words["choose"]}</a></p>'
        if request.method == "POST":
            everything = (await _form(request)).get("scope") == ["all"]
            await reader.unsubscribe(everything=everything)
            done = words["done_all"] if everything else words["done"].format(**about)
            return _page(request, reader.language, title="unsubscribe_title", body=_status(done) + choose)
        buttons = "".join(f'<button name="scope" value="{scope}">{words[scope]}</button> ' for scope in ("this", "all"))
        body = f"<p>{words['ask'].format(**about)}</p>{_form_of(request, reader.language, content=buttons)}{choose}"
        return _page(request, reader.language, title="unsubscribe_title", body=body)

    async def _preferences(self, request: Request, reader: "_Reader") -> Response:
        words, status = WORDS[reader.language], ""
        if request.method == "POST":
            ticked = set((await _form(request)).get("allow", []))
            reader = await reader.save(ticked)
            status = _status(words["saved"])
        grid = _grid(reader.found.preferences, reader.language)
        buttons = f"<button>{words['save']}</button>"
        body = f"{status}<p>{words['lead']}</p>{_form_of(request, reader.language, content=grid + buttons)}"
        return _page(request, reader.language, title="preferences_title", body=body)


@dataclass(frozen=True)
class _Reader:
    """Whoever holds the token, and what stands behind it."""

    context: Context
    token: str
    language: str = "en"
    found: pb.GetPreferencesResponse = field(default_factory=pb.GetPreferencesResponse)

    async def read(self) -> pb.GetPreferencesResponse:
        request = pb.GetPreferencesRequest(token=self.token)
        return await self.context.call(self.context.clients.care.GetPreferences, request)

    async def unsubscribe(self, *, everything: bool) -> None:
        request = pb.ChangePreferencesRequest(token=self.token, unsubscribe_from_all=everything)
        if not everything:
            request.preferences.add(channel=self.found.channel, purpose=self.found.purpose, granted=False)
        await self.context.call(self.context.clients.care.ChangePreferences, request)

    async def save(self, ticked: set[str]) -> "_Reader":
        """Say what differs from what is on record: a box left empty that was empty is no word."""
        changed = [
            pb.Preference(channel=each.channel, purpose=each.purpose, granted=not each.granted)
            for each in self.found.preferences
            if (_name(each) in ticked) != each.granted
        ]
        if not changed:
            return self
        request = pb.ChangePreferencesRequest(token=self.token, preferences=changed)
        reply = await self.context.call(self.context.clients.care.ChangePreferences, request)
        return _Reader(
            self.context, self.token, self.language, pb.GetPreferencesResponse(preferences=reply.preferences)
        )


async def _form(request: Request) -> dict[str, list[str]]:
    """Return the fields of a form; a one-click request may come as multipart, and says nothing that matters."""
    body = await body_within(request, _MOST_BYTES)
    if not request.headers.get("content-type", "").lower().startswith(_FORM):
        return {}
    return parse_qs(body.decode("utf-8", "replace"))


def _name(preference: pb.Preference) -> str:
    return f"{preference.channel}-{preference.purpose}"


def _grid(preferences: Iterable[pb.Preference], language: str) -> str:
    """Return the boxes as a table whose cells a screen reader tells by channel and purpose."""
    granted = {(each.channel, each.purpose): each for each in preferences}
    purposes = sorted({purpose for _, purpose in granted})
    heads = "".join(f'<th scope="col">{purpose_name(purpose, language)}</th>' for purpose in purposes)
    rows = ""
    for channel in sorted({channel for channel, _ in granted}):
        name = channel_name(channel, language)
        cells = "".join(
            f'<td><input type="checkbox" name="allow" value="{channel}-{purpose}" '
            f'aria-label="{name}: {purpose_name(purpose, language)}"'
            f"{' checked' if granted[channel, purpose].granted else ''}></td>"
            for purpose in purposes
        )
        rows += f'<tr><th scope="row">{name}</th>{cells}</tr>'
    corner = f'<th scope="col">{WORDS[language]["channel"]}</th>'
    return f"<table><thead><tr>{corner}{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _form_of(request: Request, language: str, *, content: str) -> str:
    return f'<form method="post" action="{escape(request.url.path)}?lang={language}">{content}</form>'


def _status(words: str) -> str:
    return f'<p role="status">{words}</p>'


def _told(request: Request, language: str, *, words: str, status: int) -> Response:
    body = f"<p>{WORDS[language][words]}</p>"
    return _page(request, language, title=f"{words}_title", body=body, status=status)


def _page(request: Request, language: str, *, title: str, body: str, status: int = 200) -> Response:
    other, name = OTHER[language]
    link = f"{escape(request.url.path)}?lang={other}"
    heading = WORDS[language][title]
    html = (
        f'<!doctype html><html lang="{LANGUAGES[language]}"><head><meta charset="utf-8"><title>{heading}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        '<link rel="stylesheet" href="/preferences/style.css"></head><body><header>'
        f'<a href="{link}" lang="{LANGUAGES[other]}" hreflang="{LANGUAGES[other]}">{name}</a></header>'
        f"<main><h1>{heading}</h1>{body}</main></body></html>"
    )
    headers = {
        "content-security-policy": _POLICY,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "vary": "accept-language",
    }
    return HTMLResponse(html, status, headers=headers)


async def _style(_: Request) -> Response:
    return FileResponse(STATIC / "preferences.css")
