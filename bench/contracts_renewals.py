"""P20: the nightly renewal run, contracts per CPU second, beside plain pymongo writing the same documents."""

import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database

from bench.measure import Figure, alternate
from deploy.local.mongod import Mongod
from services.chassis import mongo
from services.chassis.ids import derived_id
from services.contracts import app
from services.contracts.app.renewals import build_jobs
from services.contracts.config import Settings
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState, Move
from services.contracts.domain.renewals.renewal_signals import Signal, SignalKind
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import ContractLine, RenewalKind, RenewalTerms, TermsVersion
from services.contracts.store.life_cycle.contracts import ContractCodec
from services.contracts.store.renewals.signals import MongoSignals

CONTRACTS, BATCH, LEAST_A_SECOND = 1_000, 500, 500
_SIGNED = datetime(2025, 12, 1, tzinfo=UTC)
_OPENED, _NOW = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 12, 15, tzinfo=UTC)
_WRITTEN = ("contracts", "renewals")
_MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Still:
    """A clock that stands still: every round runs on the same day."""

    at: datetime = _NOW

    def now(self) -> datetime:
        return self.at


def figures() -> list[Figure]:
    """Measure P20."""
    with tempfile.TemporaryDirectory() as folder:
        server = Mongod(Path(folder)).start()
        try:
            settings = Settings(mongo_url=server.url, contracts_database="bench_renewals")
            app.migrate(settings)
            return [_run(settings, mongo.handle(app.ALIAS), pids=[server.pid])]
        finally:
            server.stop()


def _run(settings: Settings, database: Database[dict[str, Any]], *, pids: Sequence[int]) -> Figure:
    jobs, opening = build_jobs(settings, Still()), build_jobs(settings, Still(_OPENED))
    codec = ContractCodec()
    contracts = [_contract(number) for number in range(CONTRACTS)]
    documents = [codec.to_document(each) | {"outbox": [], "request_ids": [f"create:{each.id}"]} for each in contracts]
    for contract in contracts:
        _heard(contract.customer_id)

    opened: list[dict[str, Any]] = []

    def prepare() -> None:
        for name in _WRITTEN:
            database[name].delete_many({})
        database["contracts"].insert_many(documents)
        if not opened:
            assert opening.run(holds=lambda: True) == CONTRACTS
            opened.extend(database["renewals"].find())
        else:
            database["renewals"].insert_many(opened)

    def ours() -> int:
        """Let every contract go on for a term and win its renewal, which was opened months before."""
        assert jobs.run(holds=lambda: True) == CONTRACTS
        return CONTRACTS

    prepare()
    ours()
    after = {name: list(database[name].find()) for name in _WRITTEN}

    def reference() -> int:
        """Read and write the same documents without a domain."""
        for first in range(0, CONTRACTS, BATCH):
            _plainly(database, {name: after[name][first : first + BATCH] for name in _WRITTEN})
        return CONTRACTS

    ours_us, reference_us = alternate(ours, reference, pids=pids, prepare=prepare)
    return _figure(ours_us, reference_us)


def _figure(ours_us: list[float], reference_us: list[float]) -> Figure:
    rate = _MICROSECONDS / statistics.median(ours_us)
    return Figure(
        "P20",
        "renew contracts that go on by themselves: a term more, the renewal won",
        "pymongo reads and writes the same documents in bulk",
        f">= {LEAST_A_SECOND} contracts per CPU second",
        ours_us,
        reference_us,
        notes=f"{rate:,.0f} a CPU second, database included",
        holds=rate >= LEAST_A_SECOND,
    )


def _plainly(database: Database[dict[str, Any]], batch: dict[str, list[dict[str, Any]]]) -> None:
    for name, documents in batch.items():
        list(database[name].find({"_id": {"$in": [each["_id"] for each in documents]}}))
        updates = [UpdateOne({"_id": each["_id"]}, {"$set": _state(each)}) for each in documents]
        database[name].bulk_write(updates, ordered=False)


def _state(document: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in document.items() if field != "_id"}


def _contract(number: int) -> Contract:
    key = str(number)
    start, end = date(2026, 1, 1), date(2026, 12, 31)
    line = ContractLine(
        id=derived_id("lin", key),
        description="Care",
        asset_ids=tuple(derived_id("ast", key, str(place)) for place in range(3)),
        service_types=("repair", "inspection"),
        price=Money("CNY", 40_000),
    )
    terms = TermsVersion(
        number=1,
        effective_date=start,
        recorded_time=_SIGNED,
        recorded_by="bench",
        title="Care",
        start_date=start,
        end_date=end,
        price=Money("CNY", 120_000),
        lines=tuple(replace(line, id=derived_id("lin", key, str(place))) for place in range(3)),
        renewal=RenewalTerms(kind=RenewalKind.AUTO),
    )
    return Contract(
        id=derived_id("con", key),
        customer_id=derived_id("cus", key),
        owner_id=derived_id("emp", "1"),
        author="bench",
        state=ContractState.ACTIVE,
        time_zone="Asia/Shanghai",
        versions=(terms,),
        moves=(Move(state=ContractState.ACTIVE, effective_date=start, recorded_time=_SIGNED, by="bench"),),
        signed_time=_SIGNED,
        activated_time=_SIGNED,
        create_time=_SIGNED,
        update_time=_SIGNED,
    )


def _heard(customer_id: str) -> None:
    signals = MongoSignals()
    for number, kind in enumerate((SignalKind.VISIT_COMPLETED, SignalKind.CASE_OPENED, SignalKind.CASE_CLOSED)):
        signals.add(
            Signal.heard(
                f"{customer_id}:{number}",
                customer_id=customer_id,
                kind=kind,
                subject_id="bench",
                value=4 if kind is SignalKind.VISIT_COMPLETED else 0,
                occurred_time=_NOW - timedelta(days=30 + number),
            )
        )
