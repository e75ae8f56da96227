"""Changes of the ledger that run once."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pymongo.database import Database
from pymongo.errors import OperationFailure

from services.chassis.migrations import Step

_REPLACED = ("campaign_id_1_state_1_reason_1__id_1", "campaign_id_1_date_1_state_1")


def _drop_replaced_indexes(database: Database[dict[str, Any]]) -> None:
    """Drop the two indexes of a campaign's messages in whose place one stands."""
    for name in set(_REPLACED) & database["touches"].index_information().keys():
        with suppress(OperationFailure):  # another deploy has dropped it just now
            database["touches"].drop_index(name)


STEPS: Sequence[Step] = (("one_index_of_a_campaigns_messages", _drop_replaced_indexes),)
