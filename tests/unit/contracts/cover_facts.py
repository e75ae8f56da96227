"""Facts of a verdict that name only what matters to a test."""

from datetime import UTC, date, datetime
from typing import Any

from services.contracts.domain.entitlement.coverage import (
    Allowed,
    Ask,
    CounterKey,
    CoveredAsset,
    Facts,
    Promise,
    PromisedLine,
    PromisedTerms,
    PromiseMove,
    ServiceUnit,
)
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.domain.terms.terms import AllowanceUnit

ZONE = "Asia/Shanghai"
CUSTOMER, OTHER = "cus_1", "cus_2"
NOON = datetime(2026, 6, 15, 4, tzinfo=UTC)
START, END = date(2026, 1, 1), date(2026, 12, 31)
LONG_AGO = datetime(2025, 12, 1, tzinfo=UTC)


def an_ask(**fields: Any) -> Ask:
    asked: dict[str, Any] = {"customer_id": CUSTOMER, "service_type": "repair", "at": NOON}
    return Ask(**asked | fields)


def a_line(**fields: Any) -> PromisedLine:
    details: dict[str, Any] = {
        "id": "lin_1",
        "description": "Repairs",
        "asset_ids": (),
        "service_types": ("repair",),
        "allowances": (),
        "start_date": None,
        "end_date": None,
    }
    return PromisedLine(**details | fields)


def allowing(**amounts: int) -> tuple[Allowed, ...]:
    return tuple(Allowed(AllowanceUnit(unit), amount) for unit, amount in amounts.items())


def terms(*lines: PromisedLine, **fields: Any) -> PromisedTerms:
    details: dict[str, Any] = {
        "number": 1,
        "effective_date": fields.get("start_date", START),
        "recorded_time": LONG_AGO,
        "title": "Care",
        "start_date": START,
        "end_date": END,
        "lines": lines or (a_line(),),
    }
    return PromisedTerms(**details | fields)


def a_promise(
    *versions: PromisedTerms, key: str = "con_1", moves: tuple[PromiseMove, ...] | None = None, **fields: Any
) -> Promise:
    held = versions or (terms(),)
    first = held[0].start_date
    return Promise(
        id=key,
        time_zone=ZONE,
        versions=held,
        moves=(move(ContractState.ACTIVE, first),) if moves is None else moves,
        **fields,
    )


def move(state: ContractState, day: date, *, recorded: datetime = LONG_AGO) -> PromiseMove:
    return PromiseMove(state, day, recorded)


def an_asset(**fields: Any) -> CoveredAsset:
    details: dict[str, Any] = {"id": "ast_1", "customer_id": CUSTOMER}
    return CoveredAsset(**details | fields)


def facts(*promises: Promise, asset: CoveredAsset | None = None, used: dict[CounterKey, int] | None = None) -> Facts:
    return Facts(time_zone=ZONE, family=frozenset({CUSTOMER}), asset=asset, promises=promises, used=used or {})


def counter(
    unit: ServiceUnit, contract_id: str = "con_1", *, line_id: str = "lin_1", start: date = START
) -> CounterKey:
    return CounterKey(contract_id, line_id, start, unit)
