"""GraphiQL, from files beside this module; its policy lets the page ask nobody but the gateway."""

from pathlib import Path

from starlette.responses import FileResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The editor sets the positions of its lines as inline styles; scripts may come from files only."""


class Page:
    """The page, as an ASGI application."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the page."""
        headers = {
            "content-security-policy": POLICY,
            "cache-control": "no-cache",
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
        }
        await FileResponse(STATIC / "graphiql" / "index.html", headers=headers)(scope, receive, send)


def files() -> Mount:
    """Return the route of the page's files."""
    return Mount("/graphiql", StaticFiles(directory=STATIC / "graphiql"))
