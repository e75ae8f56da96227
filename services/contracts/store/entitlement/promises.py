"""Contracts as cover sees them, read from their documents.

Written out by hand where everything else is structured by the codec: a verdict is asked for at every request for
service, and the codec took a fifth of it. A test holds both against each other.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.contracts.domain.entitlement.coverage import (
    Allowed,
    Promise,
    PromisedLine,
    PromisedTerms,
    PromiseEnd,
    PromiseMove,
)
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.domain.terms.terms import AllowanceUnit

_day = date.fromisoformat
Document = Mapping[str, Any]


def promise_of(found: Document) -> Promise:
    """Return the contract of a document."""
    end = found.get("termination")
    return Promise(
        id=found["_id"],
        time_zone=found["time_zone"],
        versions=tuple(map(_terms, found["versions"])),
        moves=tuple(map(_move, found["moves"])),
        termination=PromiseEnd(_day(end["last_date"]), end["recorded_time"]) if end else None,
    )


def _terms(found: Document) -> PromisedTerms:
    return PromisedTerms(
        number=found["number"],
        effective_date=_day(found["effective_date"]),
        recorded_time=found["recorded_time"],
        title=found["title"],
        start_date=_day(found["start_date"]),
        end_date=_day(found["end_date"]),
        lines=tuple(map(_line, found["lines"])),
    )


def _line(found: Document) -> PromisedLine:
    start, end = found["start_date"], found["end_date"]
    return PromisedLine(
        id=found["id"],
        description=found["description"],
        asset_ids=tuple(found["asset_ids"]),
        service_types=tuple(found["service_types"]),
        allowances=tuple(Allowed(AllowanceUnit(each["unit"]), each["amount"]) for each in found["allowances"]),
        start_date=_day(start) if start else None,
        end_date=_day(end) if end else None,
    )


def _move(found: Document) -> PromiseMove:
    return PromiseMove(ContractState(found["state"]), _day(found["effective_date"]), found["recorded_time"])
