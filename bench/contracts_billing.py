"""P20b: the billing run that plans contracts for the first time, beside plain pymongo writing the same documents."""

import statistics
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pymongo.database import Database

from bench.measure import Figure, alternate
from deploy.local.mongod import Mongod
from services.chassis import mongo
from services.chassis.clock import SystemClock
from services.chassis.ids import derived_id
from services.contracts import app
from services.contracts.app.billing import planner
from services.contracts.config import Settings
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState, Move
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import BillingTerms, ContractLine, Period, PeriodUnit, TermsVersion
from services.contracts.store.life_cycle.contracts import ContractCodec
from services.contracts.usecases.billing.plan_billing import PlanStale

CONTRACTS, BATCH = 2_000, 1_000
_SIGNED = datetime(2025, 12, 1, tzinfo=UTC)
_WRITTEN = ("billing_lines", "billing_schedules")
_MICROSECONDS = 1_000_000


def figures() -> list[Figure]:
    """Measure P20b."""
    with tempfile.TemporaryDirectory() as folder:
        server = Mongod(Path(folder)).start()
        try:
            settings = Settings(mongo_url=server.url, contracts_database="bench_billing")
            app.migrate(settings)
            database = mongo.handle(app.ALIAS)
            codec = ContractCodec()
            documents = [codec.to_document(_contract(number)) for number in range(CONTRACTS)]
            database["contracts"].insert_many([each | {"outbox": [], "request_ids": []} for each in documents])
            return _runs(settings, database, pids=[server.pid])
        finally:
            server.stop()


def _runs(settings: Settings, database: Database[dict[str, Any]], *, pids: Sequence[int]) -> list[Figure]:
    run = PlanStale(planner(settings, SystemClock()))

    def prepare() -> None:
        for name in _WRITTEN:
            database[name].delete_many({})

    def ours() -> int:
        assert run(lambda: True) == CONTRACTS
        return CONTRACTS

    prepare()
    ours()
    written = {name: list(database[name].find()) for name in _WRITTEN}

    def reference() -> int:
        for name, documents in written.items():
            for first in range(0, len(documents), BATCH):
                database[name].insert_many(documents[first : first + BATCH], ordered=False)
        return CONTRACTS

    ours_us, reference_us = alternate(ours, reference, pids=pids, prepare=prepare)
    rate = _MICROSECONDS / statistics.median(ours_us)
    lines = len(written["billing_lines"]) // CONTRACTS
    figure = Figure(
        "P20b",
        f"plan the billing of contracts for the first time, {lines} lines each",
        "pymongo insert_many(ordered=False), the same documents",
        "<= 2x",
        ours_us,
        reference_us,
        notes=f"{rate:,.0f} a CPU second, database included",
        at_most=2.0,
    )
    return [figure]


def _contract(number: int) -> Contract:
    start = date(2026, 1, 1) + timedelta(days=number % 28)
    terms = TermsVersion(
        number=1,
        effective_date=start,
        recorded_time=_SIGNED,
        recorded_by="bench",
        title="Care",
        start_date=start,
        end_date=start.replace(year=2027) - timedelta(days=1),
        price=Money("CNY", 120_000),
        lines=(
            ContractLine(id=derived_id("lin", "bench", str(number)), description="Care", price=Money("CNY", 10_000)),
        ),
        billing=BillingTerms(period=Period(PeriodUnit.MONTH, 1)),
    )
    return Contract(
        id=derived_id("con", "bench", str(number)),
        customer_id=derived_id("cus", "bench", str(number)),
        owner_id=derived_id("emp", "bench"),
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
