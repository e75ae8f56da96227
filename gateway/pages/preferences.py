"""Pages behind the links in messages: unsubscribe, also by one click (RFC 8058), and say what may be sent.

Opening a page changes nothing: programs that look at links open them too. What is posted holds at once, and may be
posted again. The token in the address is all that the pages know of the reader, and they show nothing that tells who
it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.graphql.context import Context
from gateway.pages.link_page import LinkGate, Opened, form_of, page, posted, status
from gateway.pages.preferences_words import WORDS, channel_name, purpose_name
from membercare.care.v1 import members_service_pb2 as pb

_Reader = Opened[pb.GetPreferencesResponse]


@dataclass(frozen=True)
class Preferences:
    """Answers for whoever holds a link."""

    gate: LinkGate

    def routes(self) -> list[Route]:
        """Return the pages."""
        return [
            Route("/unsubscribe/{token}", self.gate.guarded(_read, self._unsubscribe), methods=["GET", "POST"]),
            Route("/preferences/{token}", self.gate.guarded(_read, self._preferences), methods=["GET", "POST"]),
        ]

    async def _unsubscribe(self, request: Request, reader: _Reader) -> Response:
        words = WORDS[reader.language]
        about = {
            "channel": channel_name(reader.found.channel, reader.language),
            "purpose": purpose_name(reader.found.purpose, reader.language),
        }
        choose = f'<p><a href="/preferences/{escape(reader.token)}?lang={reader.language}">{words["choose"]}</a></p>'
        if request.method == "POST":
            everything = (await posted(request)).get("scope") == ["all"]
            await _end(reader, everything=everything)
            done = words["done_all"] if everything else words["done"].format(**about)
            return page(request, reader.language, title="unsubscribe_title", body=status(done) + choose)
        buttons = "".join(f'<button name="scope" value="{scope}">{words[scope]}</button> ' for scope in ("this", "all"))
        body = f"<p>{words['ask'].format(**about)}</p>{form_of(request, reader.language, content=buttons)}{choose}"
        return page(request, reader.language, title="unsubscribe_title", body=body)

    async def _preferences(self, request: Request, reader: _Reader) -> Response:
        words, said = WORDS[reader.language], ""
        preferences: Sequence[pb.Preference] = reader.found.preferences
        if request.method == "POST":
            preferences = await _saved(reader, set((await posted(request)).get("allow", [])))
            said = status(words["saved"])
        grid = _grid(preferences, reader.language)
        buttons = f"<button>{words['save']}</button>"
        body = f"{said}<p>{words['lead']}</p>{form_of(request, reader.language, content=grid + buttons)}"
        return page(request, reader.language, title="preferences_title", body=body)


async def _read(context: Context, token: str) -> pb.GetPreferencesResponse:
    return await context.call(context.clients.care.GetPreferences, pb.GetPreferencesRequest(token=token))


async def _end(reader: _Reader, *, everything: bool) -> None:
    request = pb.ChangePreferencesRequest(token=reader.token, unsubscribe_from_all=everything)
    if not everything:
        request.preferences.add(channel=reader.found.channel, purpose=reader.found.purpose, granted=False)
    await reader.context.call(reader.context.clients.care.ChangePreferences, request)


async def _saved(reader: _Reader, ticked: set[str]) -> Sequence[pb.Preference]:
    """Say what differs from what is on record: a box left empty that was empty is no word."""
    changed = [
        pb.Preference(channel=each.channel, purpose=each.purpose, granted=not each.granted)
        for each in reader.found.preferences
        if (_name(each) in ticked) != each.granted
    ]
    if not changed:
        return reader.found.preferences
    request = pb.ChangePreferencesRequest(token=reader.token, preferences=changed)
    reply = await reader.context.call(reader.context.clients.care.ChangePreferences, request)
    return reply.preferences


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
