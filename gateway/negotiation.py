"""What a client may send and what it wants back: content types of GraphQL over HTTP, and what else it accepts."""

from collections.abc import Iterator

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
HTML = "text/html"
_OFFERED = (GRAPHQL_RESPONSE, JSON)


def media_type(header: str) -> tuple[str, dict[str, str]]:
    """Return the type and its parameters, both in lower case: `application/json; charset=UTF-8`."""
    kind, *rest = header.split(";")
    parameters = (each.partition("=") for each in rest)
    return kind.strip().lower(), {
        name.strip().lower(): value.strip().strip('"').lower() for name, _, value in parameters
    }


def is_json(content_type: str | None) -> bool:
    """Say whether a body is declared as JSON in UTF-8; forms and plain text, which a foreign page may send, are not."""
    if content_type is None:
        return False
    kind, parameters = media_type(content_type)
    return kind == JSON and parameters.get("charset", "utf-8") in {"utf-8", "utf8"}


def wanted(accept: str) -> Iterator[tuple[float, str, dict[str, str]]]:
    """Yield weight, value and parameters of what an Accept header of any kind names (RFC 9110, 12.4.2)."""
    for part in accept.split(","):
        value, parameters = media_type(part)
        try:
            quality = float(parameters.get("q", "1"))
        except ValueError:
            quality = 0.0
        if quality > 0:
            yield quality, value, parameters


def _types(accept: str) -> Iterator[tuple[float, str]]:
    for quality, kind, parameters in wanted(accept):
        if parameters.get("charset", "utf-8") in {"utf-8", "utf8", "*"}:
            yield quality, kind


def response_type(accept: str | None) -> str | None:
    """Return the type to answer in, or None if the client takes neither; no preference means `application/json`.

    Clients that know nothing of the newer type get the older one, as the specification asks.
    """
    if not accept or not accept.strip():
        return JSON
    best: tuple[float, str] | None = None
    for quality, kind in _types(accept):
        match = JSON if kind in {"*/*", "application/*"} else kind if kind in _OFFERED else None
        if match is not None and (best is None or quality > best[0]):
            best = quality, match
    return best[1] if best else None


def wants_page(accept: str | None) -> bool:
    """Say whether a browser asks: it names HTML, which no GraphQL client does."""
    return accept is not None and any(kind == HTML for _, kind in _types(accept))
