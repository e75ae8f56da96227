"""What was taken of allowances as known at a moment, summed from the traces that their usages keep."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo.client_session import ClientSession

from services.chassis.mongo import handle
from services.contracts.domain.entitlement.coverage import CounterKey
from services.contracts.store.database import ALIAS
from services.contracts.store.entitlement.allowance_counters import key_of

_FIELDS = {"unit": 1, "held": 1, "consumed_time": 1}


def taken(
    contract_ids: Sequence[str], known_at: datetime, *, session: ClientSession | None = None
) -> Mapping[CounterKey, Mapping[str, int]]:
    """Return how much was reserved and how much consumed of each allowance of these contracts by a moment."""
    sums: dict[CounterKey, dict[str, int]] = {}
    where = {"held.covers.contract_id": {"$in": list(contract_ids)}, "create_time": {"$lte": known_at}}
    for usage in handle(ALIAS)["allowance_usages"].find(where, _FIELDS, session=session):
        for cover in _held(usage, known_at):
            key = key_of({**cover, "unit": usage["unit"]})
            sums.setdefault(key, {"reserved": 0, "consumed": 0})[_state(usage, known_at)] += cover["quantity"]
    return sums


def _held(usage: Mapping[str, Any], known_at: datetime) -> Sequence[Mapping[str, Any]]:
    held = [each for each in usage["held"] if each["since"] <= known_at]
    # What a warranty covers counts on no contract.
    return [cover for cover in held[-1]["covers"] if cover["contract_id"]] if held else []


def _state(usage: Mapping[str, Any], known_at: datetime) -> str:
    consumed = usage.get("consumed_time")
    return "consumed" if consumed and consumed <= known_at else "reserved"
