"""What the pages behind the links in messages have in common: who may open them, how they look, what can go wrong."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import escape
from typing import Generic, Protocol, TypeVar
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from gateway.bodies import BodyTooLarge, body_within
from gateway.graphql.context import Context
from gateway.graphql.errors import Coded, Refused
from gateway.pages.graphiql import STATIC
from gateway.pages.languages import LANGUAGES, OTHER, spoken
from gateway.pages.preferences_words import WORDS
from membercare.care.v1.member_pb2 import LANGUAGE_ZH_HANS
from services.chassis import deadlines, logs
from services.chassis.errors import Kind
from services.chassis.identity import Caller

_log = logs.get("gateway.links")
_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_MOST_BYTES = 16 * 1024
_HOLDER = Caller("holder-of-a-link", frozenset({"respondent"}))
_FORM = "application/x-www-form-urlencoded"
_REFUSALS = {Kind.NOT_FOUND: ("invalid", 404), Kind.PRECONDITION: ("ended", 410)}
"""Which words a refusal is told in, and with which status; any other one is a form that cannot be read."""


class InLanguage(Protocol):
    """What stands behind a link tells the language that we write to its holder in."""

    @property
    def language(self) -> int:
        """The number of the language."""


Found = TypeVar("Found", bound=InLanguage)


@dataclass(frozen=True)
class Opened(Generic[Found]):
    """Whoever holds the token, and what stands behind it."""

    context: Context
    token: str
    language: str
    found: Found


@dataclass(frozen=True)
class LinkGate:
    """Lets the holders of links in, and nobody tell a page's secrets by its failures."""

    context: Callable[[Caller | None], Context]
    request_seconds: float

    def routes(self) -> list[Route]:
        """Return what all pages need."""
        return [Route("/preferences/style.css", _style)]

    def guarded(
        self,
        read: Callable[[Context, str], Awaitable[Found]],
        show: Callable[[Request, Opened[Found]], Awaitable[Response]],
    ) -> Callable[[Request], Awaitable[Response]]:
        """Return the page that shows what is read by the token in the address, in a language of its reader."""

        async def answer(request: Request) -> Response:
            deadlines.begin(self.request_seconds)
            context, token = self.context(_HOLDER), request.path_params["token"]
            asked = request.query_params.get("lang", "")
            accepted = request.headers.get("accept-language", "")
            language = asked if asked in LANGUAGES else spoken(accepted, "en")
            try:
                found = await read(context, token)
                if asked not in LANGUAGES:
                    language = spoken(accepted, "zh" if found.language == LANGUAGE_ZH_HANS else "en")
                response = await show(request, Opened(context, token, language, found))
            except Refused as refused:
                words, code = _REFUSALS.get(refused.refusal.kind, ("wrong", 400))
                response = _told(request, language, words=words, code=code)
            except BodyTooLarge:
                response = _told(request, language, words="wrong", code=413)
            except Coded:
                response = _told(request, language, words="away", code=503)
                response.headers["retry-after"] = "60"
            _log.info("page", status=response.status_code, method=request.method)
            return response

        return answer


async def posted(request: Request) -> dict[str, list[str]]:
    """Return the fields of a form; a one-click request may come as multipart, and says nothing that matters."""
    body = await body_within(request, _MOST_BYTES)
    if not request.headers.get("content-type", "").lower().startswith(_FORM):
        return {}
    return parse_qs(body.decode("utf-8", "replace"))


def form_of(request: Request, language: str, *, content: str) -> str:
    """Return a form that is posted to the page itself."""
    return f'<form method="post" action="{escape(request.url.path)}?lang={language}">{content}</form>'


def status(words: str) -> str:
    """Return words that a screen reader tells at once."""
    return f'<p role="status">{words}</p>'


def page(request: Request, language: str, *, title: str, body: str, code: int = 200) -> Response:
    """Return a page with the title of this name, and a link to the same in the other language."""
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
    return HTMLResponse(html, code, headers=headers)


def _told(request: Request, language: str, *, words: str, code: int) -> Response:
    body = f"<p>{WORDS[language][words]}</p>"
    return page(request, language, title=f"{words}_title", body=body, code=code)


async def _style(_: Request) -> Response:
    return FileResponse(STATIC / "preferences.css")
