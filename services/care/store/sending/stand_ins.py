"""How touches come into the ledger that take over from others whose channel could not be used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from pymongo import UpdateOne

from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.touch import Touch, TouchState, stand_in_for
from services.care.store.sending.batches import new_batch
from services.care.store.sending.touches import CODEC
from services.chassis.ids import new_id

_STEPPED_BACK = {"state": TouchState.SKIPPED.value, "reason": Reason.OTHER_CHANNEL_PREFERRED.value}
_PLANNED_ANEW = ("state", "reason", "batch_id", "due_at", "updated_at", "fallback_of", "fallback_channel")


@dataclass(frozen=True, slots=True)
class TakeOver:
    """A batch of touches of one campaign and channel, and how they come into it; to be written in this order."""

    batch: dict[str, Any]
    new: Sequence[UpdateOne]
    """One that stands there already stays as it is,"""
    revived: Sequence[UpdateOne]
    """unless it has stepped back for the member's own wish, which could not be met."""


def take_overs(given_way: Sequence[Touch], *, now: datetime) -> Iterator[TakeOver]:
    """Yield what plans a touch by the next channel for each of these."""
    for (campaign_id, channel), alike in groupby(sorted(given_way, key=_leaves_with), key=_leaves_with):
        batch_id = new_id("bat", now)
        touches = [CODEC.to_document(stand_in_for(each, batch_id=batch_id, now=now)) for each in alike]
        yield TakeOver(
            new_batch(batch_id, campaign_id, channel=channel, due_at=now),
            [_new(dict(each)) for each in touches],
            [_revived(each) for each in touches],
        )


def _leaves_with(touch: Touch) -> tuple[str, str]:
    return touch.campaign_id, touch.fallback_channel


def _new(touch: dict[str, Any]) -> UpdateOne:
    return UpdateOne({"_id": touch.pop("_id")}, {"$setOnInsert": touch}, upsert=True)


def _revived(touch: dict[str, Any]) -> UpdateOne:
    return UpdateOne({"_id": touch["_id"], **_STEPPED_BACK}, {"$set": {field: touch[field] for field in _PLANNED_ANEW}})
