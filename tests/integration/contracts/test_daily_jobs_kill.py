"""Jobs of the day are killed with -9 in the middle: suspensions that end, signing offers and the week's snapshot.

The next leader goes on where the last one was: nothing is left out, and nothing happens twice.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.keys import Keys
from services.chassis.clock import SystemClock
from services.chassis.codec import Codec
from services.chassis.ids import derived_id
from services.contracts.app.renewals import build_jobs
from services.contracts.config import Settings
from services.contracts.domain.catalog.asset import Asset, AssetDetails
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_force import suspend
from services.contracts.domain.renewals.renewal_opening import renewal_id
from services.contracts.store.life_cycle.contracts import ContractCodec
from tests.integration.contracts.renewals_builders import TODAY, a_contract, in_days, stored
from tests.integration.rpc_process import RpcProcess
from tests.integration.waiting import wait_until

KILLS = 2
PATIENCE = 100.0
"""Seconds: other tests keep the processors busy, and each kill waits for a lease to end."""
SUSPENDED, GROUPS, EACH, RENEWALS = 200, 300, 20, 8_000
PRODUCT = "prd_01JTDB8D40CQS3K9Q8YV1H2T3E"
ASSETS = Codec(Asset)
Documents = Database[dict[str, Any]]


@dataclass(frozen=True)
class Killed:
    """The jobs role on a database of its own."""

    process: RpcProcess
    database: Documents

    def again_and_again(
        self, done: Callable[[], int], *, whole: int, ended: Callable[[], object] = lambda: True
    ) -> None:
        """Kill the leader while it is at it, twice, then let one come to the end and say what it did."""
        seen = 0
        for _ in range(KILLS):
            self._led_until(lambda least=seen: done() > least)  # type: ignore[misc]
            seen = done()
            assert 0 < seen < whole
        self._led_until(lambda: done() == whole and ended() and not self._unsaid())

    def said(self, event: str) -> list[str]:
        """Return of whom an event was said, in order."""
        found = self.database["unrouted"].find({"envelope.type": event})
        return sorted(each["envelope"]["subject"] for each in found)

    def _led_until(self, met: Callable[[], object]) -> None:
        leader = self.process.start("jobs")
        try:
            wait_until(met, PATIENCE)
        finally:
            leader.kill()
            leader.wait()

    def _unsaid(self) -> int:
        waiting = {"outbox.0": {"$exists": True}}
        return sum(self.database[name].count_documents(waiting) for name in ("contracts", "warranty_expiries"))


@pytest.fixture
def killed(
    mongo_url: str, suite_keys: Keys, tmp_path: Path, mongo_client: MongoClient[dict[str, Any]], nobody_listens: None
) -> Iterator[Killed]:
    name = f"contracts_{uuid4().hex[:12]}"
    process = RpcProcess("contracts", mongo_url=mongo_url, keys=suite_keys, folder=tmp_path, CONTRACTS_DATABASE=name)
    process.migrate()
    yield Killed(process, mongo_client[name])
    mongo_client.drop_database(name)


def halted(number: int) -> Contract:
    """Return a contract whose suspension was planned to end the day before yesterday."""
    last_week = datetime.now(UTC) - timedelta(days=7)
    running = a_contract(in_days(300), id=derived_id("con", str(number)), suspension_extends=True)
    first, last = TODAY - timedelta(days=7), TODAY - timedelta(days=2)
    suspended = suspend(running, by="li.wen", start_date=first, planned_end_date=last, reason="rebuilt", now=last_week)
    return replace(suspended, events=())


@pytest.mark.timeout(300)
def test_suspensions_end_once_each_however_often_the_job_is_killed(killed: Killed) -> None:
    codec, contracts = ContractCodec(), killed.database["contracts"]
    halves = [halted(number) for number in range(SUSPENDED)]
    contracts.insert_many([codec.to_document(each) | {"outbox": [], "request_ids": []} for each in halves])

    killed.again_and_again(lambda: contracts.count_documents({"state": "active"}), whole=SUSPENDED)

    longer = {(len(each["versions"]), len(each["moves"]), each["end_date"]) for each in contracts.find()}
    assert longer == {(2, 4, in_days(306).isoformat())}
    assert killed.said("contract_resumed") == sorted(each.id for each in halves)


def an_asset(number: int) -> dict[str, Any]:
    """Return the document of an asset, twenty of which make a group, whose year of warranty ends in twenty days."""
    details = AssetDetails(
        product_id=PRODUCT,
        serial=f"S-{number}",
        customer_id=derived_id("cus", str(number // EACH)),
        delivery_date=in_days(20 - 365).isoformat(),
        free_maintenance_months=12,
    )
    made = Asset.register(derived_id("ast", str(number)), details, now=datetime.now(UTC))
    return ASSETS.to_document(made) | {"outbox": [], "request_ids": []}


@pytest.mark.timeout(300)
def test_each_group_of_ending_warranties_gets_one_offer_however_often_the_job_is_killed(killed: Killed) -> None:
    found = killed.database
    found["assets"].insert_many([an_asset(number) for number in range(EACH * GROUPS)])

    killed.again_and_again(found["opportunities"].estimated_document_count, whole=GROUPS)

    assert Counter(len(each["asset_ids"]) for each in found["opportunities"].find()) == {EACH: GROUPS}
    opened = {each["opportunity_id"]: each["asset_ids"] for each in found["warranty_expiries"].find()}
    assert opened == {each["_id"]: each["asset_ids"] for each in found["opportunities"].find()}
    assert killed.said("warranty_expiring") == sorted(each["customer_id"] for each in found["opportunities"].find())


def open_renewals(settings: Settings, database: Documents) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return documents of contracts and of their renewals, made after one that the job itself has opened."""
    (first,) = stored(a_contract(in_days(60)))
    assert build_jobs(settings, SystemClock()).run(holds=lambda: True) == 1
    (contract,), (renewal,) = database["contracts"].find(), database["renewals"].find()
    ids = [derived_id("con", str(number)) for number in range(RENEWALS)]
    contracts = [contract | {"_id": each, "request_ids": [], "outbox": []} for each in ids]
    renewals = [
        renewal | {"_id": renewal_id(each, first.term_number), "contract_id": each, "request_ids": [], "outbox": []}
        for each in ids
    ]
    return contracts, renewals


@pytest.mark.timeout(300)
def test_a_week_is_kept_whole_and_once_however_often_the_job_is_killed(
    killed: Killed, contracts_settings: Settings, contracts_server: object, database: Documents
) -> None:
    contracts, renewals = open_renewals(contracts_settings, database)
    found = killed.database
    found["contracts"].insert_many(contracts)
    found["renewals"].insert_many(renewals)

    snapshots = found["renewal_snapshots"]
    weeks = found["renewal_snapshot_weeks"]
    killed.again_and_again(snapshots.estimated_document_count, whole=RENEWALS, ended=weeks.estimated_document_count)

    assert sorted(each["renewal_id"] for each in snapshots.find()) == sorted(each["_id"] for each in renewals)
    (week,) = snapshots.distinct("week")
    (kept,) = weeks.find()
    assert (kept["_id"], kept["renewals"]) == (week, RENEWALS)
