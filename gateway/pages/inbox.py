"""The messages of all channels that the local sink has kept, in English and Chinese; for development only."""

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape
from urllib.parse import urlencode

import httpx
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from gateway.pages.graphiql import STATIC
from gateway.pages.languages import LANGUAGES, OTHER, spoken
from services.chassis import logs

_log = logs.get("gateway.inbox")
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_SHOWN = 100
_SECONDS = 5.0

_WORDS = {
    "en": {
        "title": "Inbox",
        "lead": "Mail, SMS, WeCom, WeChat and webhook messages that the local sink has kept, newest first. Nothing "
        "left this machine.",
        "none": "No message yet.",
        "away": "The sink does not answer. Is the suite running?",
        "time": "Time",
        "channel": "Channel",
        "to": "To",
        "from": "From",
        "subject": "Subject",
        "find": "Find a recipient",
        "back": "All messages",
    },
    "zh": {
        "title": "收件箱",
        "lead": "本地接收器保存的邮件、短信、企业微信、微信和 webhook 消息，最新的在前。没有任何消息离开本机。",
        "none": "还没有消息。",
        "away": "接收器没有应答。系统在运行吗？",
        "time": "时间",
        "channel": "渠道",
        "to": "收件人",
        "from": "发件人",
        "subject": "主题",
        "find": "查找收件人",
        "back": "全部消息",
    },
}
_CHANNELS = {
    "en": {"sms": "SMS", "wecom": "WeCom", "wechat": "WeChat", "webhook": "Webhook"},
    "zh": {"sms": "短信", "wecom": "企业微信", "wechat": "微信", "webhook": "Webhook"},
}
_MAIL = {"en": "E-mail", "zh": "邮件"}


@dataclass(frozen=True)
class Inbox:
    """Asks the sink at `url` and shows what it says."""

    url: str
    transport: httpx.AsyncBaseTransport | None = None

    def routes(self) -> list[Route]:
        """Return the pages."""
        return [
            Route("/inbox", self.list_messages),
            Route("/inbox/style.css", _style),
            Route("/inbox/{number:int}", self.show_message),
        ]

    async def list_messages(self, request: Request) -> Response:
        """Show the newest messages, or those to one address."""
        language, words = _language(request)
        to = request.query_params.get("to", "")
        answer = await self._get("/messages", {"order": "newest", "limit": str(_SHOWN), **({"to": to} if to else {})})
        if answer is None:
            return _page(request, f"<p>{words['away']}</p>", status=503)
        rows = "".join(_row(each, language) for each in answer.json())
        heads = "".join(f"<th>{words[name]}</th>" for name in ("time", "channel", "to", "subject"))
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        find = (
            f'<form><input type="hidden" name="lang" value="{language}"><label>{words["find"]} '
            f'<input type="search" name="to" value="{escape(to)}"></label></form>'
        )
        shown = table if rows else f"<p>{words['none']}</p>"
        return _page(request, f"<p>{words['lead']}</p>{find}{shown}")

    async def show_message(self, request: Request) -> Response:
        """Show one message as its reader would see it."""
        language, words = _language(request)
        answer = await self._get(f"/messages/{request.path_params['number']}", {})
        if answer is None:
            return _page(request, f"<p>{words['away']}</p>", status=503)
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise HTTPException(404)
        message = email.message_from_bytes(answer.content, policy=email.policy.default)
        heads = "".join(
            f"<dt>{words[name]}</dt><dd>{escape(str(message[header] or ''))}</dd>"
            for name, header in (("from", "From"), ("to", "To"), ("subject", "Subject"), ("time", "Date"))
        )
        back = f'<p><a href="/inbox?lang={language}">{words["back"]}</a></p>'
        return _page(request, f"{back}<dl>{heads}</dl><pre>{escape(_text(message))}</pre>")

    async def _get(self, path: str, parameters: dict[str, str]) -> httpx.Response | None:
        try:
            async with httpx.AsyncClient(base_url=self.url, timeout=_SECONDS, transport=self.transport) as sink:
                return await sink.get(path, params=parameters)
        except httpx.TransportError as error:
            _log.warning("sink_away", error=type(error).__name__)
            return None


def _row(message: dict[str, object], language: str) -> str:
    link = f"/inbox/{int(str(message['id']))}?lang={language}"
    channel = _CHANNELS[language].get(str(message["from"]), _MAIL[language])
    return (
        f"<tr><td><time>{escape(str(message['time']))}</time></td><td>{channel}</td><td>{escape(str(message['to']))}</td>"
        f'<td><a href="{link}">{escape(str(message["subject"]) or "—")}</a></td></tr>'
    )


def _language(request: Request) -> tuple[str, dict[str, str]]:
    if request.url.hostname not in _HERE:  # a foreign page that points its own name at this machine reads no mail
        raise HTTPException(403)
    asked = request.query_params.get("lang", "")
    if asked not in _WORDS:
        asked = spoken(request.headers.get("accept-language", ""), "en")
    return asked, _WORDS[asked]


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    try:
        return str(body.get_content()) if body else ""
    except (LookupError, UnicodeError):
        return repr(message.get_payload())


def _page(request: Request, body: str, *, status: int = 200) -> Response:
    language, words = _language(request)
    other, name = OTHER[language]
    link = escape(f"{request.url.path}?{urlencode({**request.query_params, 'lang': other})}")
    html = (
        f'<!doctype html><html lang="{LANGUAGES[language]}"><head><meta charset="utf-8">'
        f"<title>{words['title']} · MemberCare</title>"
        f'<link rel="stylesheet" href="/inbox/style.css"></head><body><header><h1>{words["title"]}</h1>'
        f'<a href="{link}">{name}</a></header>{body}</body></html>'
    )
    headers = {"content-security-policy": _POLICY, "cache-control": "no-store", "referrer-policy": "no-referrer"}
    return HTMLResponse(html, status, headers=headers)


async def _style(_: Request) -> Response:
    return FileResponse(STATIC / "inbox.css")
