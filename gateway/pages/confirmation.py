"""The page behind the link by which a person confirms a consent.

Opening it confirms nothing: programs that look at links open them too. What is posted holds at once, and may be posted
again.
"""

from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.graphql.context import Context
from gateway.pages.link_page import LinkGate, Opened, form_of, page, posted, status
from gateway.pages.preferences_words import WORDS, channel_name, purpose_name
from membercare.care.v1 import members_service_pb2 as pb


@dataclass(frozen=True)
class Confirmation:
    """Answers for whoever holds a link."""

    gate: LinkGate

    def routes(self) -> list[Route]:
        """Return the page."""
        return [Route("/confirm/{token}", self.gate.guarded(_read, _confirm), methods=["GET", "POST"])]


async def _read(context: Context, token: str) -> pb.GetConfirmationResponse:
    return await context.call(context.clients.care.GetConfirmation, pb.GetConfirmationRequest(token=token))


async def _confirm(request: Request, reader: Opened[pb.GetConfirmationResponse]) -> Response:
    words = WORDS[reader.language]
    about = {
        "channel": channel_name(reader.found.channel, reader.language),
        "purpose": purpose_name(reader.found.purpose, reader.language),
    }
    granted = reader.found.granted
    if request.method == "POST":
        await posted(request)  # it says nothing, and must not be endless
        await reader.context.call(
            reader.context.clients.care.ConfirmConsent, pb.ConfirmConsentRequest(token=reader.token)
        )
        granted = True
    if granted:
        choose = f'<p><a href="/preferences/{escape(reader.token)}?lang={reader.language}">{words["choose"]}</a></p>'
        body = status(words["confirmed"].format(**about)) + choose
    else:
        button = f"<button>{words['confirm']}</button>"
        body = f"<p>{words['confirm_ask'].format(**about)}</p>{form_of(request, reader.language, content=button)}"
    return page(request, reader.language, title="confirm_title", body=body)
