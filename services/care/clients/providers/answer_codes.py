"""What the codes of providers mean to us: tables that are read from their documentation, the longest name first."""

import json
from collections.abc import Mapping
from typing import Any

from services.care.ports.sending import Handover

TOO_MANY = 429
_NO_ENTRY = frozenset({401, 403, 404, 405, 407, 421, TOO_MANY})
_BAD_REQUEST = frozenset({400, 413, 414, 422, 431})
_FIRST_REDIRECT, _FIRST_ERROR = 300, 400


def meaning(code: str, codes: Mapping[str, Handover]) -> Handover:
    """Return what a code means by its longest known beginning; a code that nobody knows refuses the message."""
    known = [name for name in codes if code.startswith(name)]
    return codes[max(known, key=len)] if known else Handover.REFUSED


def said(body: bytes) -> dict[str, Any]:
    """Return the JSON object of an answer, or nothing where there is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def part_of(told: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the object under a name, or the first one of a list; nothing where there is none."""
    found = told.get(name)
    first = found[0] if isinstance(found, list) and found else found
    return first if isinstance(first, dict) else {}


def unsaid(status: int) -> Handover:
    """Return what a status means where the provider itself says nothing: a proxy or another address answered.

    Whoever shows another way or lets nobody in has passed nothing on; of all else nobody knows.
    """
    if _FIRST_REDIRECT <= status < _FIRST_ERROR or status in _NO_ENTRY:
        return Handover.NOT_REACHED
    return Handover.REFUSED if status in _BAD_REQUEST else Handover.UNCERTAIN


def template_of(headers: tuple[tuple[str, str], ...], default: str) -> tuple[str, dict[str, str]]:
    """Return the provider's template that a message names, or the default one, and its parameters in their order."""
    told = dict(headers)
    template = told.pop("template_id", default)
    return template, told
