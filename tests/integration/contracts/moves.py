"""Moves that a state does not allow, asked for through the API one after the other."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.chassis.errors import Kind
from tests.integration.calling import refused

MOVES_NOTHING = ("Get", "BatchGet", "List", "BatchList", "Check", "Create", "Preview", "Explain", "Export", "Report")


def moving(access: Iterable[str]) -> set[str]:
    """Return the calls of a service that move something that exists."""
    return {name for name in access if not name.startswith(MOVES_NOTHING)}


def refusals(stub: Any, requests: Mapping[str, Any]) -> dict[str, str]:
    """Make every call, which must be refused as FAILED_PRECONDITION, and return the reason by its name."""
    found = {name: refused(getattr(stub, name), request) for name, request in requests.items()}
    others = {name: refusal for name, refusal in found.items() if refusal.kind is not Kind.PRECONDITION}
    assert not others, others
    return {name: refusal.reason for name, refusal in found.items()}
