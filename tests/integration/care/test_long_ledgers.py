"""However much is done and told, nobody reads it all to learn of a little."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database

from services.care.store.campaigns.planned_before import MongoPlannedBefore
from services.care.store.sending.batches import DONE, FILLING, READY, new_batch
from services.chassis.ids import derived_id
from tests.integration.calling import Calling
from tests.integration.profiled import examined, of, profiled, scanned

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
CAMPAIGN, OTHER = derived_id("cmp", "one"), derived_id("cmp", "other")
Documents = Database[dict[str, Any]]


def store_batches(database: Documents, campaign_id: str, *, state: str, count: int) -> None:
    made = [
        new_batch(f"{campaign_id}/{state}/{number}", campaign_id, channel="email", due_at=NOW) | {"state": state}
        for number in range(count)
    ]
    database["batches"].insert_many(made)


@pytest.mark.parametrize(("state", "settled"), [(DONE, True), (FILLING, False), (READY, False)])
def test_whether_a_campaign_is_settled_is_asked_of_batches_that_are_still_to_do(
    calling: Calling, database: Documents, *, state: str, settled: bool
) -> None:
    store_batches(database, OTHER, state=DONE, count=200)
    store_batches(database, OTHER, state=READY, count=2)
    store_batches(database, OTHER, state=FILLING, count=2)
    store_batches(database, CAMPAIGN, state=DONE, count=200)
    store_batches(database, CAMPAIGN, state=state, count=1) if state != DONE else None
    with profiled(database) as operations:
        assert MongoPlannedBefore().is_settled(CAMPAIGN) is settled
    assert examined(of(operations, "batches")) <= 5
    assert scanned(operations) == []
