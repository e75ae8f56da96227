"""Customers with contracts, assets, counters and a price list, as the product stores them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pymongo.database import Database

from services.chassis.ids import derived_id
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState, Move
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import Allowance, AllowanceUnit, ContractLine, TermsVersion
from services.contracts.store.life_cycle.contracts import ContractCodec

NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.date()
_BATCH = 5_000
_CODEC = ContractCodec()


def customer(number: int) -> str:
    """Return the id of a customer."""
    return derived_id("cus", "bench", str(number))


def asset(number: int) -> str:
    """Return the id of the customer's asset."""
    return derived_id("ast", "bench", str(number))


def fill(database: Database[dict[str, Any]], customers: int) -> None:
    """Insert customers, each with an asset out of warranty, a contract in force, one that ended, and a counter."""
    for first in range(0, customers, _BATCH):
        numbers = range(first, min(first + _BATCH, customers))
        database["customers"].insert_many([_customer(number) for number in numbers], ordered=False)
        database["assets"].insert_many([_asset(number) for number in numbers], ordered=False)
        contracts = [each for number in numbers for each in _contracts(number)]
        database["contracts"].insert_many(contracts, ordered=False)
        database["allowance_counters"].insert_many([_counter(each) for each in contracts[::2]], ordered=False)
    _price_list(database)


def _customer(number: int) -> dict[str, Any]:
    common = {"version": 1, "outbox": [], "request_ids": [], "create_time": NOW, "update_time": NOW}
    name = f"Customer {number}"
    return {"_id": customer(number), "name": name, "name_key": name.lower(), "kind": "organisation", **common}


def _asset(number: int) -> dict[str, Any]:
    return {
        "_id": asset(number),
        "version": 1,
        "product_id": derived_id("prd", "bench", "machine"),
        "serial": f"SN-{number}",
        "serial_key": f"sn-{number}",
        "customer_id": customer(number),
        "delivery_date": (TODAY - timedelta(days=900)).isoformat(),
        "free_maintenance_months": 12,
        "holds": [],
        "warranty_end": (TODAY - timedelta(days=535)).isoformat(),
        "create_time": NOW,
        "update_time": NOW,
        "outbox": [],
        "request_ids": [],
    }


def _contracts(number: int) -> Iterator[dict[str, Any]]:
    begin = TODAY - timedelta(days=100)
    yield _document(_contract(number, "active", start=begin, states=[ContractState.ACTIVE]))
    before = begin - timedelta(days=366)
    ended = [ContractState.ACTIVE, ContractState.EXPIRED]
    yield _document(_contract(number, "ended", start=before, states=ended))


def _document(contract: Contract) -> dict[str, Any]:
    return {**_CODEC.to_document(contract), "outbox": [], "request_ids": []}


def _contract(number: int, key: str, *, start: date, states: list[ContractState]) -> Contract:
    contract_id, end = derived_id("con", "bench", key, str(number)), start + timedelta(days=364)
    price = Money("CNY", 120_000)
    lines = tuple(
        ContractLine(
            id=derived_id("lin", contract_id, name),
            description=name,
            asset_ids=assets,
            service_types=(name,),
            price=price,
            allowances=(Allowance(unit=AllowanceUnit.HOURS, amount=40),),
        )
        for name, assets in (("repair", (asset(number),)), ("annual_check", ()), ("training", ()))
    )
    terms = TermsVersion(
        number=1,
        effective_date=start,
        recorded_time=NOW - timedelta(days=500),
        recorded_by="bench",
        title="Care",
        start_date=start,
        end_date=end,
        price=price,
        lines=lines,
    )
    return Contract(
        id=contract_id,
        customer_id=customer(number),
        owner_id="",
        author="bench",
        state=states[-1],
        time_zone="Asia/Shanghai",
        versions=(terms,),
        moves=tuple(_moves(states, [start, end + timedelta(days=1)])),
        create_time=NOW,
        update_time=NOW,
    )


def _moves(states: list[ContractState], days: list[date]) -> Iterator[Move]:
    for state, day in zip(states, days, strict=False):
        yield Move(state=state, effective_date=day, recorded_time=NOW - timedelta(days=499), by="bench")


def _counter(contract: dict[str, Any]) -> dict[str, Any]:
    line, start = contract["versions"][0]["lines"][0]["id"], contract["start_date"]
    return {
        "_id": f"cnt_{contract['_id']}|{line}|{start}|minutes",
        "customer_id": contract["customer_id"],
        "contract_id": contract["_id"],
        "line_id": line,
        "term_start": start,
        "unit": "minutes",
        "reserved": 60,
        "consumed": 120,
        "taken": 180,
    }


def _price_list(database: Database[dict[str, Any]]) -> None:
    start = (TODAY - timedelta(days=400)).isoformat()
    units = {"hour": 30_000, "visit": 12_000, "case": 5_000, "year": 480_000}
    products = {f"{kind}-{unit}": (kind, unit) for kind in ("repair", "annual_check", "training") for unit in units}
    database["products"].insert_many(
        {
            "_id": derived_id("prd", "bench", code),
            "version": 1,
            "code": code,
            "name_en": code,
            "name_zh": code,
            "unit": unit,
            "service_types": [kind],
            "active": True,
            "outbox": [],
            "request_ids": [],
        }
        for code, (kind, unit) in products.items()
    )
    database["price_entries"].insert_many(
        {
            "_id": f"bench/{derived_id('prd', 'bench', code)}",
            "product_id": derived_id("prd", "bench", code),
            "minor_units": units[unit],
        }
        for code, (_, unit) in products.items()
    )
    version = {"number": 1, "key": "bench", "start_date": start, "end_date": None}
    database["price_lists"].insert_one(
        {
            "_id": derived_id("prl", "bench"),
            "version": 1,
            "code": "standard",
            "name": "Standard",
            "currency_code": "CNY",
            "versions": [version],
            "outbox": [],
            "request_ids": [],
        }
    )
