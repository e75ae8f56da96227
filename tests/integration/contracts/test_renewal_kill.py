"""The renewal run is killed with -9 in the middle, again and again: no term is extended twice and none is forgotten."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient

from deploy.local.keys import Keys
from services.contracts.domain.terms.terms import Period, PeriodUnit, RenewalKind, RenewalTerms
from services.contracts.store.life_cycle.contracts import ContractCodec
from tests.integration.contracts.renewals_builders import a_contract
from tests.integration.rpc_process import RpcProcess
from tests.integration.waiting import wait_until

CONTRACTS, KILLS = 2_000, 2
PATIENCE = 100.0
"""Seconds: other tests keep the processors busy, and each kill waits for a lease to end."""
AUTO = RenewalTerms(kind=RenewalKind.AUTO)
EVERGREEN = RenewalTerms(
    kind=RenewalKind.EVERGREEN, term=Period(PeriodUnit.YEAR, 1), notice=Period(PeriodUnit.MONTH, 1)
)


@pytest.fixture
def jobs(mongo_url: str, suite_keys: Keys, tmp_path: Path) -> Iterator[RpcProcess]:
    """Starts the jobs role on a database of its own; whatever still runs is killed at the end."""
    contracts = RpcProcess(
        "contracts",
        mongo_url=mongo_url,
        keys=suite_keys,
        folder=tmp_path,
        CONTRACTS_DATABASE=f"contracts_{uuid4().hex[:12]}",
        RENEWALS_SECONDS="1",
    )
    yield contracts
    contracts.kill()


@pytest.mark.timeout(300)
def test_a_renewal_run_that_is_killed_in_the_middle_extends_no_term_twice_and_forgets_none(
    jobs: RpcProcess, mongo_client: MongoClient[dict[str, Any]]
) -> None:
    database = mongo_client[jobs.env["CONTRACTS_DATABASE"]]
    jobs.migrate()
    ends = (datetime.now(UTC) + timedelta(hours=8)).date() + timedelta(days=10)
    codec = ContractCodec()
    contracts = [a_contract(ends, renewal=AUTO if number % 3 else EVERGREEN) for number in range(CONTRACTS)]
    database.contracts.insert_many(
        [codec.to_document(each) | {"outbox": [], "request_ids": [each.id]} for each in contracts]
    )
    grown = {"term_number": 2}
    seen = 0
    for _ in range(KILLS):
        process = jobs.start("jobs")
        wait_until(lambda least=seen: database.contracts.count_documents(grown) > least, PATIENCE)  # type: ignore[misc]
        process.kill()
        process.wait()
        seen = database.contracts.count_documents(grown)
        assert 0 < seen < CONTRACTS
    jobs.start("jobs")
    offered = sum(each.renewal.kind is RenewalKind.AUTO for each in contracts)
    wait_until(lambda: database.renewals.count_documents({"stage": "won"}) == offered, PATIENCE)
    wait_until(lambda: database.contracts.count_documents(grown) == CONTRACTS, PATIENCE)

    terms = Counter((each["term_number"], len(each["versions"]), each["version"]) for each in database.contracts.find())
    assert terms == {(2, 2, 2): CONTRACTS}
    won = Counter((each["stage"], each["term_number"], each["version"]) for each in database.renewals.find())
    assert won == {("won", 1, 2): offered}
    assert database.stuck_renewals.count_documents({}) == 0
    mongo_client.drop_database(database.name)
