"""What the codes of providers mean to us: tables that are read from their documentation, the longest name first."""

import json
from collections.abc import Mapping
from typing import Any

from services.care.ports.sending import Handover

FIRST_SERVER_ERROR, TOO_MANY = 500, 429


def meaning(code: str, codes: Mapping[str, Handover]) -> Handover:
    """Return what a code means by its longest known beginning; a code that nobody knows refuses the message."""
    known = [name for name in codes if code.startswith(name)]
    return codes[max(known, key=len)] if known else Handover.REFUSED


def said(body: bytes) -> dict[str, Any]:
    """Return the JSON object of an answer, or nothing where there is none."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def template_of(headers: tuple[tuple[str, str], ...], default: str) -> tuple[str, dict[str, str]]:
    """Return the provider's template that a message names, or the default one, and its parameters in their order."""
    told = dict(headers)
    template = told.pop("template_id", default)
    return template, told
